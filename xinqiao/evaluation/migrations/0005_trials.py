"""Versions run over the city without giving grades: trials, shadows, and how a version in force has been doing."""

import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers

PERSON = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": "parties.person"}
MODEL = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": "evaluation.adoptedmodel"}


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0004_lives"), ("parties", "0012_applications")]

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.TextField()),
                ("model", models.TextField()),
                ("version", models.TextField()),
                ("kind", models.TextField()),
                ("document", models.TextField()),
                ("document_sha256", models.TextField()),
                ("begun_at", models.DateTimeField()),
                ("position", models.BigIntegerField(null=True)),
                ("on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.TextField(default="")),
                ("against", models.ForeignKey(null=True, **MODEL)),
                ("begun_by", models.ForeignKey(null=True, **PERSON)),
            ],
            options={
                "db_table": "evaluation_trial",
                "indexes": [
                    models.Index(fields=["document_sha256", "purpose", "-id"], name="evaluation_trial_of"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "trial",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="evaluation.trial",
                    ),
                ),
                ("done", models.IntegerField(default=0)),
                ("whole", models.IntegerField(default=0)),
            ],
            options={"db_table": "evaluation_progress"},
        ),
        migrations.CreateModel(
            name="Shadow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("begun_by", models.ForeignKey(**PERSON)),
                ("ended_by", models.ForeignKey(null=True, **PERSON)),
                ("model", models.ForeignKey(**MODEL)),
            ],
            options={
                "db_table": "evaluation_shadow",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("model",),
                        name="evaluation_shadow_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("evaluation_trial"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("evaluation_shadow"), migrations.RunSQL.noop),
    ]
