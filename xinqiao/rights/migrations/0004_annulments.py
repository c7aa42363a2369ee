import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_token_details"),
        ("rights", "0003_repairs"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Annulment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.BigIntegerField()),
                ("item", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=200)),
                ("document", models.CharField(max_length=200)),
                ("annulled_on", models.DateField()),
                ("text", models.TextField()),
                ("reported_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("because", models.TextField(default="")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "reported_by",
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
                "indexes": [models.Index(fields=["source", "-id"], name="rights_annulment_source")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "reported")), fields=("fact",), name="rights_annulment_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("rights_annulment"), migrations.RunSQL.noop),
    ]
