"""The credit file's tables. Facts in plain SQL: they are written by COPY and read on the hot path only."""

from django.db import migrations, models

from xinqiao.ledger import triggers

FACTS = """
CREATE SEQUENCE creditfile_fact_id;

-- A row that was accepted. `stored_event`, `ordinal`: its leaf in the log. Known from the position of `stored_event` to
-- that of `closed_event`; what it says about the world holds from valid_from to valid_to.
CREATE TABLE creditfile_fact (
    id           bigint   PRIMARY KEY,
    city         text     NOT NULL,
    item         text     NOT NULL,
    source       text     NOT NULL,
    subject_id   bigint   NOT NULL,
    business_key text     NOT NULL,
    delivery     bigint   NOT NULL,
    line         bigint   NOT NULL,
    received_on  date     NOT NULL,
    valid_from   date,
    valid_to     date,
    content      bytea    NOT NULL,  -- keyed mark of the whole payload: tells a changed row from the same one again
    salt         bytea,              -- gone when the fact is erased: its leaf then tells nothing
    payload      jsonb,
    stored_event bigint   NOT NULL,
    ordinal      integer  NOT NULL,
    closed_event bigint,
    closed_ordinal integer,
    CHECK ((closed_event IS NULL) = (closed_ordinal IS NULL)),
    CHECK ((salt IS NULL) = (payload IS NULL))
);

-- One current version of what one source says about one subject under one key.
CREATE UNIQUE INDEX creditfile_fact_current ON creditfile_fact (subject_id, item, source, business_key, city)
    WHERE closed_event IS NULL;
CREATE INDEX creditfile_fact_delivery ON creditfile_fact (delivery);

CREATE FUNCTION creditfile_only_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.closed_event IS NULL AND NEW.closed_event IS NOT NULL
        AND to_jsonb(NEW) - 'closed_event' - 'closed_ordinal' = to_jsonb(OLD) - 'closed_event' - 'closed_ordinal' THEN
        RETURN NEW;
    END IF;
    -- The erasing verb says so in its own transaction and leaves an event; content goes, the row stays.
    IF TG_OP = 'UPDATE' AND current_setting('xinqiao.erasing', true) = 'yes'
        AND NEW.salt IS NULL AND NEW.payload IS NULL
        AND to_jsonb(NEW) - 'salt' - 'payload' - 'content' = to_jsonb(OLD) - 'salt' - 'payload' - 'content' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a fact is closed once and never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER creditfile_fact_only_close BEFORE UPDATE OR DELETE ON creditfile_fact
    FOR EACH ROW EXECUTE FUNCTION creditfile_only_close();

-- The secret fields of a fact, sealed. A table of its own: a new key re-seals rows here and touches no fact.
CREATE TABLE creditfile_secret (
    fact_id bigint  PRIMARY KEY,
    sealed  bytea   NOT NULL,
    event   bigint  NOT NULL,
    ordinal integer NOT NULL
);

-- What the log has told us to file, until it is filed; and which parts of it are. Exactly once, whoever is killed.
CREATE TABLE creditfile_due (
    event    bigint  PRIMARY KEY,
    delivery bigint  NOT NULL,
    what     text    NOT NULL,
    done     boolean NOT NULL DEFAULT false
);
CREATE INDEX creditfile_due_open ON creditfile_due (event) WHERE NOT done;
CREATE TABLE creditfile_filed (
    event     bigint  NOT NULL,
    part      integer NOT NULL,
    stored    integer NOT NULL,
    closed    integer NOT NULL,
    confirmed integer NOT NULL,
    PRIMARY KEY (event, part)
);
"""

UNDO = """
DROP TABLE creditfile_filed, creditfile_due, creditfile_secret, creditfile_fact;
DROP FUNCTION creditfile_only_close();
DROP SEQUENCE creditfile_fact_id;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_log")]
    operations = [
        migrations.RunSQL(FACTS, UNDO),
        migrations.RunSQL(triggers.refuse_truncate("creditfile_fact"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.refuse_truncate("creditfile_secret"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.BigIntegerField(db_index=True)),
                ("standing", models.TextField()),
                ("because", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Annotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.BigIntegerField(db_index=True)),
                ("kind", models.TextField()),
                ("text", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(triggers.append_only("creditfile_standing"), migrations.RunSQL.noop),
        migrations.RunSQL(triggers.append_only("creditfile_annotation"), migrations.RunSQL.noop),
    ]
