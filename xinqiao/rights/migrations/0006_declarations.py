import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_token_details"),
        ("rights", "0005_commitments"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=200)),
                ("values", models.JSONField()),
                ("declared_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("ended_at", models.DateTimeField(null=True)),
                ("written_on", models.DateField(null=True)),
                ("unwritten", models.BooleanField(default=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rights.commitment"
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subjects.subject"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["written_on"], name="rights_declaration_written"),
                    models.Index(
                        condition=models.Q(("unwritten", True)), fields=["id"], name="rights_declaration_unwritten"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "standing")),
                        fields=("subject", "item", "key"),
                        name="rights_declaration_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("rights_declaration"), migrations.RunSQL.noop),
    ]
