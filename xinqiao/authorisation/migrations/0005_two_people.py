import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import restating, triggers


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("parties", "0003_token_details"),
        ("subjects", "0001_subjects"),
        ("authorisation", "0004_opened"),
    ]

    operations = [
        migrations.AddField(model_name="grant", name="prepared_by", field=_person()),
        migrations.AddField(model_name="grant", name="prepared_at", field=models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="TwoPeople",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(max_length=10)),
                ("size", models.CharField(default="", max_length=10)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
                ("ended_by", _person()),
                ("ending_by", _person()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subjects.subject"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("subject", "ground"),
                        name="authorisation_two_people_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(triggers.refuse_truncate("authorisation_twopeople"), migrations.RunSQL.noop),
        restating.restated("authorisation", "grant"),
    ]
