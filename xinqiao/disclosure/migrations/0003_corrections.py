import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0002_repeats_for_a_week"),
        ("parties", "0001_parties"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="disclosure.receipt",
                    ),
                ),
                ("facts", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("told", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("text", models.TextField()),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.institution"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["facts"], name="disclosure_correction_facts")
                ],
            },
        ),
        migrations.RunSQL(triggers.append_only("disclosure_correction"), migrations.RunSQL.noop),
    ]
