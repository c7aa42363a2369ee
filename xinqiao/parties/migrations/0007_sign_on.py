import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


def _person() -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_log"), ("parties", "0006_tokens_by_certificate")]

    operations = [
        migrations.CreateModel(
            name="SignOn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(max_length=20)),
                ("account", models.BinaryField()),
                ("number", models.BinaryField(null=True)),
                ("added_at", models.DateTimeField()),
                ("person", _person()),
            ],
            options={
                "indexes": [models.Index(fields=["number"], name="parties_signon_number")],
                "constraints": [models.UniqueConstraint(fields=("way", "account"), name="parties_signon_account")],
            },
        ),
        migrations.CreateModel(
            name="LicenceShown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(max_length=20)),
                ("uscc", models.CharField(max_length=18)),
                ("capacity", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("person", _person()),
            ],
            options={"indexes": [models.Index(fields=["person", "-id"], name="parties_licenceshown_of")]},
        ),
        migrations.CreateModel(
            name="SpentSignOn",
            fields=[
                ("mark", models.BinaryField(primary_key=True, serialize=False)),
                ("good_until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL(triggers.refuse_truncate("parties_signon"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("parties_licenceshown"), migrations.RunSQL.noop),
    ]
