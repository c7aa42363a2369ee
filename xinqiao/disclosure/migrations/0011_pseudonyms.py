import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0010_deferrals"),
        ("ledger", "0001_log"),
        ("parties", "0001_parties"),
    ]

    operations = [
        migrations.CreateModel(
            name="PseudonymRenewal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("generation", models.IntegerField()),
                ("earlier", models.IntegerField()),
                ("earlier_until", models.DateTimeField()),
                ("renewed_at", models.DateTimeField()),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.institution"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "generation"), name="disclosure_pseudonym_once")
                ],
            },
        ),
        migrations.RunSQL(triggers.append_only("disclosure_pseudonymrenewal"), migrations.RunSQL.noop),
    ]
