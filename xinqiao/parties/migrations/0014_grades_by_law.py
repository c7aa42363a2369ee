from django.db import migrations, models

from xinqiao.ledger import restating


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0013_feedback"),
    ]

    operations = [
        migrations.AddField(
            model_name="sharingbasis",
            name="grade",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="assessment",
            name="grade",
            field=models.BooleanField(default=False),
        ),
        restating.restated("parties", "sharingbasis"),
        restating.restated("parties", "assessment"),
    ]
