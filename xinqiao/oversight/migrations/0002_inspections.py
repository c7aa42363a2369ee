import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


def key(to, **also):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **also)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("oversight", "0001_infringements"),
        ("parties", "0005_suspensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("institution", key("parties.institution", null=True)),
                ("scope", models.TextField()),
                ("opened_by", key("parties.person")),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("findings", models.TextField(default="")),
                ("mend", models.TextField(default="")),
                ("due", models.DateField(null=True)),
                ("found_at", models.DateTimeField(null=True)),
                ("report", models.TextField(default="")),
                ("reported_by", key("parties.person", null=True)),
                ("reported_at", models.DateTimeField(null=True)),
                ("sent_back", models.TextField(default="")),
                ("closed_by", key("parties.person", null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunSQL(triggers.refuse_truncate("oversight_inspection"), migrations.RunSQL.noop),
    ]
