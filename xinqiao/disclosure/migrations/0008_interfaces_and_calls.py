import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0007_watches"),
        ("parties", "0003_token_details"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceInterface",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60)),
                ("address", models.CharField(max_length=300)),
                ("key", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("source",),
                        name="disclosure_interface_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("ask", models.TextField()),
                ("signature", models.BinaryField()),
                ("event", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=10)),
                ("refused", models.CharField(default="", max_length=40)),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("rejected", models.IntegerField(default=0)),
                ("answer", models.BinaryField(null=True)),
                ("answer_digest", models.CharField(default="", max_length=64)),
                ("receipt", models.BigIntegerField(null=True)),
                ("kept_until", models.DateTimeField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.institution",
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
                (
                    "interface",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure.sourceinterface",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["source", "-id"], name="disclosure_call_newest"),
                    models.Index(fields=["receipt"], name="disclosure_call_told"),
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("disclosure_sourceinterface"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("disclosure_call"), migrations.RunSQL.noop),
    ]
