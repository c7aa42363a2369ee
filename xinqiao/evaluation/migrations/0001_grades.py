"""Models as adopted and grades as given: both only grow. Who waits for a regrade is a note of work, no more."""

import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_log")]

    operations = [
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("subject_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("since", models.BigIntegerField()),
            ],
            options={
                "db_table": "evaluation_waiting",
            },
        ),
        migrations.CreateModel(
            name="AdoptedModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.TextField()),
                ("version", models.TextField()),
                ("kind", models.TextField()),
                ("document", models.TextField()),
                ("document_sha256", models.TextField()),
                ("sql", models.TextField()),
                ("sql_sha256", models.TextField()),
                ("tables", models.TextField()),
                ("adopted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "evaluation_model",
                "constraints": [models.UniqueConstraint(fields=("model", "version"), name="evaluation_model_version")],
            },
        ),
        migrations.CreateModel(
            name="Grade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.BigIntegerField()),
                ("event", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
                ("on", models.DateField()),
                ("position", models.BigIntegerField()),
                ("state", models.SmallIntegerField()),
                ("rank", models.SmallIntegerField()),
                ("grade", models.TextField()),
                ("score", models.IntegerField(null=True)),
                ("capped", models.IntegerField()),
                ("points", models.IntegerField()),
                ("without_grade", models.TextField(null=True)),
                ("without_title", models.TextField(null=True)),
                ("without_score", models.IntegerField(null=True)),
                ("outcome", models.TextField()),
                ("given_at", models.DateTimeField()),
                (
                    "model",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.adoptedmodel",
                    ),
                ),
            ],
            options={
                "db_table": "evaluation_grade",
                "indexes": [models.Index(fields=["subject_id", "-position", "-id"], name="evaluation_grade_latest")],
                "constraints": [models.UniqueConstraint(fields=("event", "ordinal"), name="evaluation_grade_leaf")],
            },
        ),
        migrations.RunSQL(triggers.append_only("evaluation_model"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.append_only("evaluation_grade"), migrations.RunSQL.noop),
    ]
