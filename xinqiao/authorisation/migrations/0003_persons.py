import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import restating, triggers


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("authorisation", "0002_clocks"),
        ("parties", "0003_token_details"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="written",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="written_text",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorisation.showntext"
            ),
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("capacity", models.CharField(max_length=30)),
                ("mark", models.BinaryField()),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("asked_by", models.CharField(max_length=100)),
                ("asked_at", models.DateTimeField()),
                ("data_since", models.DateField(null=True)),
                ("keep_days", models.IntegerField(null=True)),
                ("frequency_most", models.IntegerField(null=True)),
                ("frequency_days", models.IntegerField(null=True)),
                ("most_uses", models.IntegerField(null=True)),
                ("given_at", models.DateTimeField(null=True)),
                ("declined_at", models.DateTimeField(null=True)),
                ("starts_at", models.DateTimeField()),
                ("until", models.DateField()),
                ("ends_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorisation.grant"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="authorisation.showntext",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConsentUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("receipt", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "consent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="authorisation.consent",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["consent", "at"], name="authorisation_consent_use_of")],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("authorisation_consent"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.append_only("authorisation_consentuse"), migrations.RunSQL.noop),
        restating.restated("authorisation", "grant"),
    ]
