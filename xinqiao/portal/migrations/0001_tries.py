from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField(db_index=True)),
                ("counted", models.IntegerField()),
            ],
        ),
    ]
