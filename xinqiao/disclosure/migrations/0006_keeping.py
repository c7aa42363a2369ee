import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers

RECEIPT = models.OneToOneField(
    on_delete=django.db.models.deletion.PROTECT,
    primary_key=True,
    related_name="+",
    serialize=False,
    to="disclosure.receipt",
)
PARTY = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0005_documents"),
        ("parties", "0001_parties"),
    ]

    operations = [
        migrations.CreateModel(
            name="Disposal",
            fields=[
                ("receipt", RECEIPT),
                ("how", models.CharField(max_length=20)),
                ("law", models.CharField(default="", max_length=200)),
                ("officer", models.CharField(default="", max_length=100)),
                ("client", models.CharField(default="", max_length=60)),
                ("signed", models.TextField(default="")),
                ("event", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("institution", models.ForeignKey(to="parties.institution", **PARTY)),
                ("person", models.ForeignKey(null=True, to="parties.person", db_index=False, **PARTY)),
            ],
        ),
        migrations.CreateModel(
            name="Overdue",
            fields=[
                ("receipt", RECEIPT),
                ("until", models.DateField()),
                ("event", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(triggers.append_only("disclosure_disposal"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.append_only("disclosure_overdue"), migrations.RunSQL.noop),
    ]
