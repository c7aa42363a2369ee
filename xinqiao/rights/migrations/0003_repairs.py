import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_token_details"),
        ("rights", "0002_proofs"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="RepairResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said_by", models.BigIntegerField(unique=True)),
                ("target", models.CharField(max_length=20)),
                ("document", models.CharField(max_length=200)),
                ("granted", models.BooleanField()),
                ("effective_on", models.DateField(null=True)),
                ("received_at", models.DateTimeField()),
                ("facts", models.JSONField(default=list)),
                ("carried_at", models.DateTimeField(null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subjects.subject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.BigIntegerField(db_index=True)),
                ("item", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=60)),
                ("target", models.CharField(max_length=20)),
                ("document", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("tracking", models.CharField(default="", max_length=60)),
                ("ended_at", models.DateTimeField(null=True)),
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
                (
                    "result",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rights.repairresult",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="repairresult",
            index=models.Index(fields=["subject", "document"], name="rights_result_document"),
        ),
        migrations.AddIndex(
            model_name="repair",
            index=models.Index(fields=["subject", "document"], name="rights_repair_document"),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["handed_over", "preparing", "submitted"])),
                fields=("fact",),
                name="rights_repair_once",
            ),
        ),
        migrations.RunSQL(triggers.refuse_truncate("rights_repairresult"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("rights_repair"), migrations.RunSQL.noop),
    ]
