import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0008_government_sharing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                (
                    "purposes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("lawful", models.TextField()),
                ("impact", models.TextField()),
                ("measures", models.TextField()),
                ("again", models.DateField()),
                ("catalogue", models.CharField(max_length=64)),
                ("assessed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("approved", models.BooleanField(null=True)),
                (
                    "assessed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.institution"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved", True), _negated=True),
                            models.Q(("decided_by", models.F("assessed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="parties_assessment_two_people",
                    )
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("parties_assessment"), migrations.RunSQL.noop),
    ]
