"""The credit file's tables. Facts in plain SQL: they are written by COPY, read on hot paths and guarded by triggers.

`subject_id` points to `subjects_subject` without a foreign key: one would be checked row by row on the bulk road, subjects
are never deleted, and every row arrives with the id that `subjects` itself gave.
"""

from django.db import migrations, models

from xinqiao.ledger import triggers

FACTS = """
CREATE SEQUENCE creditfile_fact_id AS bigint;

-- One version of what a source says of a subject: a row that was accepted. Written once; only its closing comes later.
-- Known from the position of `stored_event` to that of `closed_event`; it holds in the world from valid_from to valid_to.
CREATE TABLE creditfile_fact (
    id             bigint  PRIMARY KEY,
    city           text    NOT NULL,
    item           text    NOT NULL,
    source         text    NOT NULL,
    subject_id     bigint  NOT NULL,
    business_key   text    NOT NULL,  -- JSON list of the business key's values within the subject
    valid_from     date,              -- both days belong to it
    valid_to       date,
    shown_until    date,              -- the last day it may be told to others; NULL: no end in sight
    payload        jsonb   NOT NULL,  -- the fields that are not secret
    salt           bytea   NOT NULL,
    content        bytea   NOT NULL,  -- salted hashes of the open and of the secret values
    delivery       bigint  NOT NULL,
    line           bigint  NOT NULL,
    received_on    date    NOT NULL,
    stored_event   bigint  NOT NULL,
    ordinal        integer NOT NULL,
    closed_event   bigint,
    closed_ordinal integer,
    CHECK ((closed_event IS NULL) = (closed_ordinal IS NULL))
);

-- One current version of what one source says about one subject under one key.
CREATE UNIQUE INDEX creditfile_fact_current ON creditfile_fact (city, item, source, subject_id, business_key)
    WHERE closed_event IS NULL;
CREATE INDEX creditfile_fact_subject ON creditfile_fact (subject_id, item);
CREATE UNIQUE INDEX creditfile_fact_stored ON creditfile_fact (stored_event, ordinal);
CREATE UNIQUE INDEX creditfile_fact_closed ON creditfile_fact (closed_event, closed_ordinal)
    WHERE closed_event IS NOT NULL;
-- Facts come delivery by delivery: a few bytes a page are enough to find a delivery's.
CREATE INDEX creditfile_fact_delivery ON creditfile_fact USING brin (delivery);
CREATE INDEX creditfile_fact_term ON creditfile_fact (shown_until) WHERE shown_until IS NOT NULL;

-- The secret fields of a fact, sealed as one with a salt of their own. A table of its own: a new key re-seals rows here
-- and touches no fact.
CREATE TABLE creditfile_secret (
    fact_id bigint  PRIMARY KEY,
    sealed  bytea   NOT NULL,
    event   bigint  NOT NULL,
    ordinal integer NOT NULL
);
CREATE UNIQUE INDEX creditfile_secret_event ON creditfile_secret (event, ordinal);

-- Which facts were lawfully erased, on what ground. Nothing of their content stays.
CREATE TABLE creditfile_erasure (
    fact_id bigint      PRIMARY KEY,
    basis   text        NOT NULL,
    by      text        NOT NULL,
    at      timestamptz NOT NULL
);
"""

FILING = """
-- What the log has told us to file, in the log's order.
CREATE TABLE creditfile_due (
    event    bigint  PRIMARY KEY,
    position bigint  NOT NULL UNIQUE,
    delivery bigint  NOT NULL,
    period   text    NOT NULL,
    what     text    NOT NULL,        -- the event's kind
    by       bigint,                  -- of a delivery that was replaced: the one that took its place
    rows     integer,                 -- how many rows intake said it accepted or placed
    done     boolean NOT NULL DEFAULT false
);
CREATE INDEX creditfile_due_open ON creditfile_due (position) WHERE NOT done;
CREATE INDEX creditfile_due_delivery ON creditfile_due (delivery);

-- One part of it that is done, written in one transaction with its facts: exactly once, whoever is killed.
CREATE TABLE creditfile_filed (
    event     bigint   NOT NULL,  -- of intake
    last_line bigint   NOT NULL,  -- the part's last line
    delivery  bigint   NOT NULL,
    item      text     NOT NULL,
    source    text     NOT NULL,
    stored    integer  NOT NULL,
    closed    integer  NOT NULL,
    confirmed bigint[] NOT NULL,  -- facts that the part's rows say again, word for word
    PRIMARY KEY (event, last_line)
);
CREATE INDEX creditfile_filed_list ON creditfile_filed (item, source, delivery);
"""

GUARDS = """
CREATE FUNCTION creditfile_only_close() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reopened creditfile_fact;
BEGIN
    IF OLD.closed_event IS NULL AND NEW.closed_event IS NOT NULL THEN
        reopened := NEW;
        reopened.closed_event := NULL;
        reopened.closed_ordinal := NULL;
        IF reopened *= OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a fact is never changed, only closed, and only once' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER creditfile_fact_only_close BEFORE UPDATE ON creditfile_fact
    FOR EACH ROW EXECUTE FUNCTION creditfile_only_close();

-- Nothing goes but what the table of erasures names, and that table only grows and is covered by the log.
CREATE FUNCTION creditfile_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fact bigint := to_jsonb(OLD) ->> TG_ARGV[0];
BEGIN
    IF EXISTS (SELECT FROM creditfile_erasure WHERE fact_id = fact) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '%: only what was lawfully erased goes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER creditfile_fact_only_erase BEFORE DELETE ON creditfile_fact
    FOR EACH ROW EXECUTE FUNCTION creditfile_only_erase('id');
CREATE TRIGGER creditfile_secret_only_erase BEFORE DELETE ON creditfile_secret
    FOR EACH ROW EXECUTE FUNCTION creditfile_only_erase('fact_id');
CREATE TRIGGER creditfile_standing_only_erase BEFORE DELETE ON creditfile_standing
    FOR EACH ROW EXECUTE FUNCTION creditfile_only_erase('fact');
CREATE TRIGGER creditfile_annotation_only_erase BEFORE DELETE ON creditfile_annotation
    FOR EACH ROW EXECUTE FUNCTION creditfile_only_erase('fact');
CREATE TRIGGER creditfile_due_stays BEFORE DELETE ON creditfile_due
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER creditfile_standing_never_changes BEFORE UPDATE ON creditfile_standing
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER creditfile_annotation_never_changes BEFORE UPDATE ON creditfile_annotation
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
"""

ONLY_GROW = ("creditfile_erasure", "creditfile_filed")
NEVER_EMPTIED = (
    "creditfile_fact",
    "creditfile_secret",
    "creditfile_standing",
    "creditfile_annotation",
    "creditfile_due",
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_log")]
    operations = [
        migrations.RunSQL(FACTS),
        migrations.RunSQL(FILING),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.BigIntegerField()),
                ("standing", models.TextField()),
                ("because", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("event", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["fact", "id"], name="creditfile_standing_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "ordinal"), name="creditfile_standing_event"),
                ],
            },
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
                ("event", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(GUARDS),
        *(migrations.RunSQL(triggers.append_only(table)) for table in ONLY_GROW),
        *(migrations.RunSQL(triggers.refuse_truncate(table)) for table in NEVER_EMPTIED),
    ]
