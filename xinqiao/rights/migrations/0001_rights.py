import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0001_parties"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.BigIntegerField()),
                ("stands_on", models.BigIntegerField(db_index=True)),
                ("item", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=60)),
                ("delivery", models.BigIntegerField()),
                ("line", models.BigIntegerField()),
                ("reason", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(default="", max_length=20)),
                ("answer_text", models.TextField(default="")),
                ("answer_delivery", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("because", models.TextField(default="")),
                ("ended_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subjects.subject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(max_length=20)),
                ("note", models.TextField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rights.objection"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(fields=["source", "-id"], name="rights_objection_source"),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(
                condition=models.Q(("state__in", ["answered", "asked", "opened"])),
                fields=["-id"],
                name="rights_objection_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["answered", "asked", "opened"])),
                fields=("stands_on",),
                name="rights_objection_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("objection",), name="rights_stop_one_at_a_time"
            ),
        ),
        migrations.RunSQL(triggers.refuse_truncate("rights_objection"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("rights_stop"), migrations.RunSQL.noop),
    ]
