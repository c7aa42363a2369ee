from django.db import migrations, models

from xinqiao.ledger import restating


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("authorisation", "0003_persons"),
    ]

    operations = [
        migrations.AddField(model_name="use", name="opened", field=models.IntegerField(null=True)),
        restating.restated("authorisation", "use"),
    ]
