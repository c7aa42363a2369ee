import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0003_corrections"),
        ("parties", "0001_parties"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claim", models.CharField(max_length=60)),
                ("value", models.BinaryField()),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.institution",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subjects.subject",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["institution", "claim", "value"], name="disclosure_comparison_value")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "claim", "subject", "value"), name="disclosure_comparison_once"
                    )
                ],
            },
        ),
    ]
