from django.db import migrations, models

from xinqiao.ledger import restating


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0012_applications"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="feedback",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="draft",
            name="feedback",
            field=models.BooleanField(default=False),
        ),
        restating.restated("parties", "agreement"),
        restating.restated("parties", "draft"),
    ]
