from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0001_parties"),
    ]

    operations = [
        # Tokens without a key live ten minutes at most; they go, and their programs ask for new ones.
        migrations.RunSQL("DELETE FROM parties_token", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="token",
            name="key",
            field=models.CharField(max_length=43),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="SpentProof",
            fields=[
                ("mark", models.BinaryField(primary_key=True, serialize=False)),
                ("good_until", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
