"""The life of each version of a model. What has given grades until now stays in force, and the log says so."""

import json
from datetime import datetime
from typing import Any

import django.db.models.deletion
from django.db import connection, migrations, models

from xinqiao.ledger import log, triggers
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of

PERSON = {
    "null": True,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "parties.person",
}


def take_over(apps: Any, _schema: object) -> None:
    """Versions that have given a grade were frozen by it; nobody had been asked. Rules of signals give none."""
    lives, grades = apps.get_model("evaluation", "ModelLife"), apps.get_model("evaluation", "Grade").objects
    models_ = apps.get_model("evaluation", "AdoptedModel").objects.order_by("pk")
    for row in [row for row in models_ if grades.filter(model=row.pk).exists()]:
        effective = json.loads(row.document)["model"]["effective"]
        life = lives.objects.create(
            model=row,
            since=effective["since"],
            until=effective.get("until"),
            carried=True,
            because="两人批准的规定施行以前已经在用",
            decided_at=row.adopted_at,
            approved=True,
        )
        kept = lives.objects.get(pk=life.pk)
        log.append(Kind.MODEL_TAKEN_OVER, now=_now(), about={"model": row.pk}, rows=[state_of(kept)])


def _now() -> datetime:
    """A migration is handed no time; the database it runs in has one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_signals"), ("ledger", "0001_log"), ("parties", "0012_applications")]

    operations = [
        migrations.CreateModel(
            name="ModelLife",
            fields=[
                (
                    "model",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="evaluation.adoptedmodel",
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("carried", models.BooleanField(default=False)),
                ("because", models.TextField(default="")),
                ("proposed_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("approved", models.BooleanField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("retired_because", models.TextField(default="")),
                ("decided_by", models.ForeignKey(**PERSON)),
                ("proposed_by", models.ForeignKey(**PERSON)),
                ("retired_by", models.ForeignKey(**PERSON)),
            ],
            options={
                "db_table": "evaluation_model_life",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved", True), _negated=True),
                            ("carried", True),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("proposed_by__isnull", False),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="evaluation_model_life_two_people",
                    )
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("evaluation_model_life"), migrations.RunSQL.noop),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
