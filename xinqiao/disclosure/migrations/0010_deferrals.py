import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0009_pushes"),
        ("ledger", "0001_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deferral",
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
                ("law", models.CharField(max_length=200)),
                ("until", models.DateField()),
                ("nth", models.BigIntegerField(unique=True)),
                ("deferred_at", models.DateTimeField()),
                ("shown_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunSQL(triggers.refuse_truncate("disclosure_deferral"), migrations.RunSQL.noop),
    ]
