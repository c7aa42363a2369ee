import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import restating, triggers


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("authorisation", "0001_authorisation"),
        ("parties", "0001_parties"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="asked_by",
            field=models.CharField(default="", max_length=100),
        ),
        migrations.AddField(
            model_name="grant",
            name="data_since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="data_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="declined_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="fetch",
            field=models.CharField(default="periodic", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="grant",
            name="frequency_days",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="frequency_most",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="keep_days",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="most_uses",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="resumed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="template",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="grant",
            name="given_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="grant",
            name="given_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="mandate",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorisation.mandate"
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="notice",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorisation.showntext"
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="statement",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorisation.showntext"
            ),
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(default="", max_length=20)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.institution"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subjects.subject"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="grant",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorisation.case"
            ),
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorisation.grant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("receipt", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="authorisation.grant",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["subject", "institution"], name="authorisation_case_between"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("institution", "reference"), name="authorisation_case_reference"
            ),
        ),
        migrations.AddIndex(
            model_name="use",
            index=models.Index(fields=["grant", "at"], name="authorisation_use_of"),
        ),
        migrations.RunSQL(triggers.refuse_truncate("authorisation_case"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.append_only("authorisation_step"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.append_only("authorisation_use"), migrations.RunSQL.noop),
        restating.restated("authorisation", "grant"),
    ]
