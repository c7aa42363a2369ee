import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60)),
                ("item", models.CharField(max_length=60)),
                ("period", models.CharField(max_length=10)),
                ("mode", models.CharField(max_length=10)),
                ("filename", models.CharField(max_length=255)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
                ("received_on", models.DateField()),
                ("received_by", models.BigIntegerField(null=True)),
                ("state", models.CharField(default="received", max_length=10)),
                ("judged_at", models.DateTimeField(null=True)),
                ("taken_up_event", models.BigIntegerField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.BigIntegerField(null=True)),
                ("because", models.TextField(blank=True)),
                ("catalogue", models.CharField(blank=True, max_length=64)),
                ("encoding", models.CharField(blank=True, max_length=20)),
                ("header", models.JSONField(default=list)),
                ("delivered", models.BigIntegerField(default=0)),
                ("accepted", models.BigIntegerField(default=0)),
                ("rejected", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("unplaced", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("findings", models.BigIntegerField(default=0)),
                ("reasons", models.JSONField(default=list)),
                ("told", models.TextField(blank=True)),
                ("told_kept", models.TextField(blank=True)),
                ("outputs", models.JSONField(default=dict)),
                ("raw_erased_at", models.DateTimeField(null=True)),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.delivery"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlacingDue",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="intake.delivery",
                    ),
                ),
                ("done", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event", "ordinal", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line", models.BigIntegerField(null=True)),
                ("field", models.TextField()),
                ("rule", models.TextField()),
                ("value", models.BinaryField(null=True)),
                ("saying", models.TextField()),
                ("kept", models.TextField(blank=True)),
                ("rejects", models.BooleanField()),
                ("event", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.delivery"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.BigIntegerField(unique=True)),
                ("body", models.TextField()),
                ("signature", models.BinaryField()),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.delivery"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeySet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60)),
                ("item", models.CharField(max_length=60)),
                ("scope", models.CharField(blank=True, max_length=200)),
                ("count", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.delivery"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event", "ordinal", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line", models.BigIntegerField()),
                ("subject_id", models.BigIntegerField()),
                ("event", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.delivery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Unplaced",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event", "ordinal", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line", models.BigIntegerField()),
                ("uscc", models.CharField(db_index=True, max_length=18)),
                ("event", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.delivery",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["source", "item", "period"], name="intake_delivery_key"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "delivered",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("accepted"), "+", models.F("rejected")
                                ),
                                "+",
                                models.F("held"),
                            ),
                            "+",
                            models.F("unplaced"),
                        ),
                    )
                ),
                name="intake_delivery_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted__gte", 0),
                    ("held__gte", 0),
                    ("refused__gte", 0),
                    ("rejected__gte", 0),
                    ("unplaced__gte", 0),
                ),
                name="intake_delivery_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "replaced"), _negated=True),
                fields=("source", "item", "period", "digest"),
                name="intake_delivery_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyset",
            constraint=models.UniqueConstraint(fields=("source", "item", "scope"), name="intake_keyset_current"),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(fields=("delivery", "line"), name="intake_placement_once"),
        ),
        migrations.AddConstraint(
            model_name="unplaced",
            constraint=models.UniqueConstraint(fields=("delivery", "line"), name="intake_unplaced_once"),
        ),
        # Findings and waiting rows leave when their term ends; placements and receipts never do.
        migrations.RunSQL(triggers.append_only("intake_acceptance"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("intake_delivery"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("intake_keyset"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("intake_finding"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("intake_unplaced"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.append_only("intake_placement"), migrations.RunSQL.noop),
    ]
