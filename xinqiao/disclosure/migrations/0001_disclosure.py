import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0001_parties"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("officer", models.CharField(default="", max_length=100)),
                ("client", models.CharField(default="", max_length=60)),
                ("purpose", models.CharField(max_length=60)),
                ("grants", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("facts", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("body", models.TextField()),
                ("signature", models.BinaryField()),
                ("report_digest", models.CharField(max_length=64)),
                ("event", models.BigIntegerField()),
                ("told_at", models.DateTimeField()),
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
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.person",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subjects.subject",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "-number"], name="disclosure_receipt_subject"),
                    django.contrib.postgres.indexes.GinIndex(fields=["facts"], name="disclosure_receipt_facts"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Repeat",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("question", models.BinaryField()),
                ("position", models.BigIntegerField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure.receipt",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(triggers.append_only("disclosure_receipt"), migrations.RunSQL.noop),
    ]
