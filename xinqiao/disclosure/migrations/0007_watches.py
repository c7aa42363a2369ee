import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("authorisation", "0002_clocks"),
        ("disclosure", "0006_keeping"),
        ("parties", "0003_token_details"),
        ("subjects", "0001_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=60)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("grade", models.BooleanField()),
                ("client", models.CharField(max_length=60)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorisation.grant"
                    ),
                ),
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
        migrations.CreateModel(
            name="WatchNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("grade", models.BooleanField()),
                ("opened_at", models.DateTimeField()),
                ("fetched_at", models.DateTimeField(null=True)),
                (
                    "watch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.watch"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("grant",), name="disclosure_watch_one_a_grant"
            ),
        ),
        migrations.AddConstraint(
            model_name="watchnews",
            constraint=models.UniqueConstraint(
                condition=models.Q(("fetched_at__isnull", True)),
                fields=("watch",),
                name="disclosure_watchnews_one_open",
            ),
        ),
        migrations.RunSQL(triggers.refuse_truncate("disclosure_watch"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("disclosure_watchnews"), migrations.RunSQL.noop),
    ]
