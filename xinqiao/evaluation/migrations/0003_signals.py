"""Risk signals as raised: they only grow."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_snapshots"), ("ledger", "0001_log")]

    operations = [
        migrations.CreateModel(
            name="RaisedSignal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.BigIntegerField()),
                ("signal", models.TextField()),
                ("level", models.TextField()),
                ("on", models.DateField()),
                ("position", models.BigIntegerField()),
                ("counted", models.TextField()),
                ("facts", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("grade_event", models.BigIntegerField(null=True)),
                ("raised_at", models.DateTimeField()),
                (
                    "rules",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.adoptedmodel",
                    ),
                ),
            ],
            options={
                "db_table": "evaluation_signal",
                "indexes": [models.Index(fields=["subject_id", "signal"], name="evaluation_signal_of")],
            },
        ),
        migrations.RunSQL(triggers.append_only("evaluation_signal"), migrations.RunSQL.noop),
    ]
