import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import restating, triggers


def _to(model: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0003_token_details"),
        ("subjects", "0001_subjects"),
        ("authorisation", "0005_two_people"),
    ]

    operations = [
        migrations.AddField(model_name="grant", name="signed_by", field=models.CharField(default="", max_length=100)),
        migrations.AddField(model_name="grant", name="scan", field=models.CharField(default="", max_length=64)),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("purpose", models.CharField(max_length=60)),
                ("fetch", models.CharField(max_length=20)),
                ("until", models.DateField()),
                ("signed_by", models.CharField(max_length=100)),
                ("signed_on", models.DateField()),
                ("scan", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=10)),
                ("size", models.BigIntegerField()),
                ("handed_in_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("because", models.CharField(default="", max_length=500)),
                ("to_call", models.BooleanField(default=False)),
                ("called_at", models.DateTimeField(null=True)),
                ("call", models.CharField(default="", max_length=20)),
                ("call_note", models.CharField(default="", max_length=500)),
                ("erased_at", models.DateTimeField(null=True)),
                ("institution", _to("parties.institution")),
                ("subject", _to("subjects.subject")),
                ("handed_in_by", _to("parties.person")),
                ("checked_by", _to("parties.person", null=True)),
                ("called_by", _to("parties.person", null=True)),
                (
                    "grant",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="authorisation.grant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["institution", "-id"], name="authorisation_paper_of")],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("authorisation_paper"), migrations.RunSQL.noop),
        restating.restated("authorisation", "grant"),
    ]
