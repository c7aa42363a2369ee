import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import restating, triggers

# What mandates of these capacities have let their holders do so far.
_MAY = """
UPDATE authorisation_mandate SET may = CASE capacity
    WHEN 'legal_representative' THEN '{delegate,grant,read,speak}'::varchar[] ELSE '{grant,read,speak}'::varchar[] END
"""


def _to(model: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model)


def _may(**options: object) -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, **options)


def _id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0005_suspensions"),
        ("subjects", "0001_subjects"),
        ("authorisation", "0006_papers"),
    ]

    operations = [
        migrations.AddField("mandate", "may", _may(default=list), preserve_default=False),
        migrations.AddField("mandate", "ends_at", models.DateTimeField(null=True)),
        migrations.AddField("mandate", "under", _to("authorisation.mandate", null=True)),
        migrations.AddField("mandate", "because", models.CharField(default="", max_length=20)),
        migrations.RunSQL(_MAY, migrations.RunSQL.noop),
        # Deferred keys of what was added are checked before the rows are read for the log.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=100)),
                ("capacity", models.CharField(max_length=30)),
                ("may", _may()),
                ("until", models.DateField()),
                ("invited_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("subject", _to("subjects.subject")),
                ("under", _to("authorisation.mandate")),
                (
                    "mandate",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="authorisation.mandate",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                ("id", _id()),
                ("why", models.CharField(max_length=20)),
                ("fact", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("represents", models.BooleanField(null=True)),
                ("because", models.CharField(default="", max_length=200)),
                ("person", _to("parties.person")),
                ("subject", _to("subjects.subject")),
                ("mandate", _to("authorisation.mandate", null=True)),
                ("decided_by", _to("parties.person", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("person", "subject"),
                        name="authorisation_doubt_once",
                    )
                ]
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("authorisation_invitation"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("authorisation_doubt"), migrations.RunSQL.noop),
        restating.restated("authorisation", "mandate"),
    ]
