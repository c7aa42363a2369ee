from django.db import migrations, models

from xinqiao.ledger import restating


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("authorisation", "0009_asked_by_programs"),
    ]

    operations = [
        migrations.AddField("paper", "window", models.BooleanField(default=False)),
        restating.restated("authorisation", "paper"),
    ]
