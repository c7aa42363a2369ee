import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


def key(to, **also):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **also)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("oversight", "0003_complaints"),
        ("parties", "0005_suspensions"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.TextField()),
                ("reported_by", key("parties.person")),
                ("reported_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("must_tell", models.BooleanField(null=True)),
                ("kinds", models.TextField(default="")),
                ("measures", models.TextField(default="")),
                ("contact", models.CharField(max_length=200, default="")),
                ("because", models.TextField(default="")),
                ("assessed_by", key("parties.person", null=True)),
                ("assessed_at", models.DateTimeField(null=True)),
                ("turned_back", models.TextField(default="")),
                ("approved_by", key("parties.person", null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("authority", models.CharField(max_length=100, default="")),
                ("reference", models.CharField(max_length=100, default="")),
                ("notified_by", key("parties.person", null=True)),
                ("notified_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Affected",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("incident", key("oversight.incident")),
                ("subject", key("subjects.subject")),
                ("named", models.BooleanField()),
                ("told_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="affected",
            constraint=models.UniqueConstraint(fields=("incident", "subject"), name="oversight_affected_once"),
        ),
        migrations.RunSQL(triggers.refuse_truncate("oversight_incident"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("oversight_affected"), migrations.RunSQL.noop),
    ]
