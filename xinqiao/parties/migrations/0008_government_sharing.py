import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0007_sign_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="SharingBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("law", models.CharField(max_length=200)),
                ("duty", models.CharField(max_length=60)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("persons", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "clients",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("deferral_law", models.CharField(default="", max_length=200)),
                ("deferral_days", models.IntegerField(null=True)),
                ("declared_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("approved", models.BooleanField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.CharField(default="", max_length=200)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.institution"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))), name="parties_sharing_term"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved", True), _negated=True),
                            models.Q(("decided_by", models.F("declared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="parties_sharing_two_people",
                    ),
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("parties_sharingbasis"), migrations.RunSQL.noop),
    ]
