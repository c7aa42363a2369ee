import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import triggers

# Search by part of a Chinese name needs no extension: every character and every two neighbours of a name, in a GIN index.
SEARCH = """
CREATE FUNCTION subjects_grams(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
RETURN (SELECT coalesce(array_agg(DISTINCT gram), '{}')
        FROM generate_series(1, length(name)) AS at,
             LATERAL (VALUES (substr(name, at, 1)), (substr(name, at, 2))) AS grams(gram));
ALTER TABLE subjects_name ADD COLUMN grams text[] GENERATED ALWAYS AS (subjects_grams(name)) STORED;
CREATE INDEX subjects_name_grams ON subjects_name USING gin (grams);
CREATE INDEX subjects_name_prefix ON subjects_name (name text_pattern_ops);
CREATE INDEX subjects_subject_prefix ON subjects_subject (uscc text_pattern_ops);
-- How often each gram occurs decides how a name is looked for; the default keeps too few of them.
ALTER TABLE subjects_name ALTER grams SET STATISTICS 1000;
"""
UNDO = """
ALTER TABLE subjects_name DROP COLUMN grams;
DROP INDEX subjects_name_prefix, subjects_subject_prefix;
DROP FUNCTION subjects_grams(text);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_log")]
    operations = [
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.TextField()),
                ("uscc", models.TextField(unique=True)),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("division", models.TextField()),
                ("industry", models.TextField()),
                ("established", models.DateField(null=True)),
                ("status", models.TextField()),
                ("event", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Name",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subjects.subject"
                    ),
                ),
                ("name", models.TextField()),
                ("event", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("subject", "name"), name="subjects_name_once")],
            },
        ),
        migrations.RunSQL(SEARCH, UNDO),
        migrations.RunSQL(triggers.refuse_truncate("subjects_subject"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.append_only("subjects_name"), migrations.RunSQL.noop),
    ]
