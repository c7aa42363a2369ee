import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0004_comparisons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("form", models.CharField(max_length=20)),
                ("officer", models.CharField(default="", max_length=100)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("size", models.BigIntegerField()),
                ("body", models.TextField()),
                ("signature", models.BinaryField()),
                ("event", models.BigIntegerField()),
                ("issued_at", models.DateTimeField()),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.receipt"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(triggers.append_only("disclosure_document"), migrations.RunSQL.noop),
    ]
