import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0008_interfaces_and_calls"),
        ("parties", "0003_token_details"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=60)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                (
                    "divisions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), size=None),
                ),
                (
                    "industries",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), size=None),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                (
                    "sizes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None),
                ),
                ("by", models.CharField(max_length=100)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.institution"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Push",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("jsonl", models.CharField(max_length=64)),
                ("csv", models.CharField(max_length=64)),
                ("put", models.IntegerField()),
                ("removed", models.IntegerField()),
                ("body", models.TextField()),
                ("signature", models.BinaryField()),
                ("event", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "since",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.push"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.subscription"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PushOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("full", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
                ("done", models.IntegerField(default=0)),
                ("of", models.IntegerField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("because", models.CharField(default="", max_length=40)),
                ("cleared", models.BooleanField(default=False)),
                (
                    "push",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.push"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.subscription"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("subscription",),
                        name="disclosure_pushorder_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pushed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.BigIntegerField()),
                ("item", models.CharField(max_length=60)),
                ("standing", models.CharField(max_length=20)),
                (
                    "push",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure.push",
                    ),
                ),
                (
                    "removed",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure.push",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subjects.subject"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure.subscription",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["fact"], name="disclosure_pushed_fact")],
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "fact"), name="disclosure_pushed_once")
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("disclosure_subscription"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("disclosure_push"), migrations.RunSQL.noop),
    ]
