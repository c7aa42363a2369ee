from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="LogCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.BigIntegerField()),
                ("done_at", models.DateTimeField(null=True)),
                ("report", models.JSONField(null=True)),
                ("seal", models.BinaryField(null=True)),
            ],
        ),
    ]
