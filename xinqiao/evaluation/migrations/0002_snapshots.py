"""Snapshots of the city: where each lies and the hash its manifest must have. A row changes once, when it is removed."""

from django.db import migrations, models

from xinqiao.ledger import triggers

ONLY_REMOVED = """
CREATE FUNCTION evaluation_only_removed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept evaluation_snapshot;
BEGIN
    IF OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL THEN
        kept := NEW;
        kept.removed_at := NULL;
        IF kept *= OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a snapshot is never changed, only removed, and only once' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER evaluation_snapshot_only_removed BEFORE UPDATE ON evaluation_snapshot
    FOR EACH ROW EXECUTE FUNCTION evaluation_only_removed();
CREATE TRIGGER evaluation_snapshot_stays BEFORE DELETE ON evaluation_snapshot
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_grades"), ("ledger", "0001_log")]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField()),
                ("name", models.TextField(unique=True)),
                ("manifest_sha256", models.TextField()),
                ("facts", models.BigIntegerField()),
                ("subjects", models.BigIntegerField()),
                ("cut_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "evaluation_snapshot",
                "indexes": [models.Index(fields=["position"], name="evaluation_snapshot_at")],
            },
        ),
        migrations.RunSQL(ONLY_REMOVED, migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("evaluation_snapshot"), migrations.RunSQL.noop),
    ]
