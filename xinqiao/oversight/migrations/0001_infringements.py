import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


def key(to, **also):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **also)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0005_suspensions"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Infringement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("institution", key("parties.institution")),
                ("origin", models.CharField(max_length=20)),
                ("facts", models.TextField()),
                ("opened_by", key("parties.person")),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("suspension", key("parties.suspension", null=True)),
                ("answer", models.TextField(default="")),
                ("answered_by", key("parties.person", null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("finding", models.CharField(max_length=20, default="")),
                ("because", models.TextField(default="")),
                ("proposed_by", key("parties.person", null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("turned_back", models.TextField(default="")),
                ("decided_by", key("parties.person", null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("regulator", models.CharField(max_length=100, default="")),
                ("reference", models.CharField(max_length=100, default="")),
                ("outcome", models.TextField(default="")),
                ("ended_by", key("parties.person", null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Concerned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("infringement", key("oversight.infringement")),
                ("subject", key("subjects.subject")),
                ("receipt", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunSQL(triggers.refuse_truncate("oversight_infringement"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("oversight_concerned"), migrations.RunSQL.noop),
    ]
