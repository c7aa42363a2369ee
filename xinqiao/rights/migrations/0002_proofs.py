import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_token_details"),
        ("rights", "0001_rights"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=20)),
                ("number", models.BigIntegerField()),
                ("paper", models.CharField(default="", max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("added_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "added_by",
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
            options={
                "indexes": [models.Index(fields=["about", "number"], name="rights_proof_case")],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("rights_proof"), migrations.RunSQL.noop),
    ]
