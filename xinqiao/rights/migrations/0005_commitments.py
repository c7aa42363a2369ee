import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_token_details"),
        ("rights", "0004_annulments"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("promise", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("made_to", models.CharField(default="", max_length=60)),
                ("published", models.BooleanField()),
                ("signed_at", models.DateTimeField()),
                ("due_on", models.DateField(null=True)),
                ("until", models.DateField()),
                ("state", models.CharField(max_length=20)),
                ("ended_at", models.DateTimeField(null=True)),
                ("written_on", models.DateField(null=True)),
                ("unwritten", models.BooleanField(default=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "signed_by",
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
            name="Breach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=20)),
                ("facts", models.TextField()),
                ("evidence", models.CharField(max_length=200)),
                ("proposed_for", models.CharField(default="", max_length=60)),
                ("proposed_at", models.DateTimeField()),
                ("answer", models.TextField(default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("because", models.TextField(default="")),
                ("decided_for", models.CharField(default="", max_length=60)),
                ("decided_at", models.DateTimeField(null=True)),
                ("mend_text", models.TextField(default="")),
                ("mend_asked_at", models.DateTimeField(null=True)),
                ("mend_because", models.TextField(default="")),
                ("mended_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "mend_agreed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "mend_asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "mended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rights.commitment"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["made_to", "-id"], name="rights_commitment_made_to"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["written_on"], name="rights_commitment_written"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                condition=models.Q(("unwritten", True)), fields=["id"], name="rights_commitment_unwritten"
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")), fields=("subject", "promise"), name="rights_commitment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "dismissed"), _negated=True),
                fields=("commitment",),
                name="rights_breach_once",
            ),
        ),
        migrations.RunSQL(triggers.refuse_truncate("rights_commitment"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("rights_breach"), migrations.RunSQL.noop),
    ]
