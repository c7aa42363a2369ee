import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


def key(to, **also):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **also)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("oversight", "0002_inspections"),
        ("parties", "0005_suspensions"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", key("subjects.subject", null=True)),
                ("made_by", key("parties.person", null=True)),
                ("mark", models.BinaryField(null=True)),
                ("contact", models.CharField(max_length=200, default="")),
                ("about", models.CharField(max_length=20)),
                ("institution", key("parties.institution", null=True)),
                ("source", models.CharField(max_length=60, default="")),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("answer", models.TextField(default="")),
                ("answered_by", key("parties.person", null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("infringement", key("oversight.infringement", null=True)),
                ("more", models.TextField(default="")),
                ("escalated_at", models.DateTimeField(null=True)),
                ("above", models.TextField(default="")),
                ("regulator", models.CharField(max_length=100, default="")),
                ("reference", models.CharField(max_length=100, default="")),
                ("ended_by", key("parties.person", null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["subject", "-id"], name="oversight_complaint_subject"),
        ),
        migrations.RunSQL(triggers.refuse_truncate("oversight_complaint"), migrations.RunSQL.noop),
    ]
