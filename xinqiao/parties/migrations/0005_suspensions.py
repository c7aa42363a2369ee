import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


def key(to, **also):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **also)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0004_second_factors"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("institution", key("parties.institution")),
                ("ground", models.CharField(max_length=500)),
                ("until", models.DateField(null=True)),
                ("suspended_by", key("parties.person")),
                ("suspended_at", models.DateTimeField()),
                ("ended_by", key("parties.person", null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.CharField(default="", max_length=500)),
            ],
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("institution",),
                name="parties_suspension_one",
            ),
        ),
        migrations.RunSQL(triggers.refuse_truncate("parties_suspension"), migrations.RunSQL.noop),
    ]
