from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0001_disclosure"),
    ]

    operations = [
        migrations.AddField(model_name="repeat", name="grade", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="repeat", name="sources", field=models.TextField(default="null")),
    ]
