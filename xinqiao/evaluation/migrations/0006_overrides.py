"""Overrides of one subject's grade, by two people and for a time."""

import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers

PERSON = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": "parties.person"}


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0005_trials"), ("parties", "0012_applications")]

    operations = [
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.BigIntegerField(db_index=True)),
                ("grade", models.TextField()),
                ("title", models.TextField()),
                ("reason", models.TextField()),
                ("until", models.DateField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("approved", models.BooleanField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.TextField(default="")),
                ("decided_by", models.ForeignKey(null=True, **PERSON)),
                ("proposed_by", models.ForeignKey(**PERSON)),
                ("withdrawn_by", models.ForeignKey(null=True, **PERSON)),
            ],
            options={
                "db_table": "evaluation_override",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved", True), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="evaluation_override_two_people",
                    )
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("evaluation_override"), migrations.RunSQL.noop),
    ]
