import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0011_signed_on_line"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.BinaryField()),
                ("name", models.CharField(max_length=200)),
                ("uscc", models.CharField(max_length=18)),
                ("kind", models.CharField(max_length=20)),
                ("licence", models.CharField(default="", max_length=60)),
                ("contact", models.CharField(max_length=200)),
                ("county", models.CharField(max_length=6)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                (
                    "purposes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("why", models.TextField()),
                ("administrator", models.CharField(max_length=60)),
                ("state", models.CharField(max_length=20)),
                ("applied_at", models.DateTimeField()),
                ("asked", models.CharField(default="", max_length=500)),
                ("added", models.CharField(default="", max_length=2000)),
                ("id_proposed", models.CharField(default="", max_length=60)),
                ("decided_at", models.DateTimeField(null=True)),
                ("ground", models.CharField(default="", max_length=500)),
                (
                    "appointment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.appointment",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.institution",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "admitted"), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="parties_application_two_people",
                    )
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("parties_application"), migrations.RunSQL.noop),
    ]
