from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0005_suspensions")]

    operations = [
        migrations.AlterField(model_name="token", name="key", field=models.CharField(max_length=52)),
    ]
