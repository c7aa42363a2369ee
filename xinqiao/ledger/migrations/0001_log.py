"""The log's tables. Plain SQL: they hold transaction ids and snapshots, and are written and read on hot paths only.

Entries, positions, chunks, checkpoints and cosignatures only grow; tiles grow to their full width and stop. Two rows are
the program's own notes of how far it has got (`ledger_sequencer`, `ledger_cursor`); a keyed seal shows when somebody
else has written them.
"""

from django.db import migrations

from xinqiao.ledger import triggers

TABLES = """
CREATE SEQUENCE ledger_event_id AS bigint;
CREATE SEQUENCE ledger_event_ordinal AS bigint;

-- One act, as it was written in the act's own transaction. `id` is in the body; `ordinal` and `xact` tell the sequencer
-- in which order, and by whom, entries were written.
CREATE TABLE ledger_event (
    id      bigint PRIMARY KEY,
    ordinal bigint NOT NULL DEFAULT nextval('ledger_event_ordinal'),
    xact    xid8   NOT NULL DEFAULT pg_current_xact_id(),
    kind    text   NOT NULL,
    body    text   NOT NULL,  -- RFC 8785; SHA-256(0x00 || body) is the leaf
    seal    bytea  NOT NULL   -- keyed: nobody but the program can write an entry that will be sequenced
);
CREATE INDEX ledger_event_xact ON ledger_event (xact);

-- The place in the tree, given by the sequencer. Other domains join this table to order their events.
CREATE TABLE ledger_position (
    position bigint PRIMARY KEY,
    event    bigint NOT NULL UNIQUE,
    seal     bytea  NOT NULL  -- half over this row, half over the event's ordinal and transaction as well
);

-- The leaves of a bulk act: 32 bytes a row, in the order of the rows' ordinals; their root is in the event.
CREATE TABLE ledger_chunk (
    event  bigint PRIMARY KEY,
    covers text   NOT NULL,
    count  bigint NOT NULL,
    leaves bytea  NOT NULL
);
ALTER TABLE ledger_chunk ALTER leaves SET STORAGE EXTERNAL;  -- hashes do not compress

-- C2SP tlog-tiles, height 8: up to 256 hashes of 32 bytes. A partial tile is a beginning of the full one.
CREATE TABLE ledger_tile (
    level smallint NOT NULL,
    index bigint   NOT NULL,
    data  bytea    NOT NULL,
    PRIMARY KEY (level, index)
);
ALTER TABLE ledger_tile ALTER data SET STORAGE EXTERNAL;

CREATE TABLE ledger_checkpoint (
    size   bigint      PRIMARY KEY,
    before bigint      NOT NULL,  -- the size of the checkpoint before this one: none can be taken out unseen
    note   text        NOT NULL,  -- C2SP checkpoint, signed by the log
    at     timestamptz NOT NULL,
    seal   bytea       NOT NULL
);

CREATE TABLE ledger_cosignature (
    size    bigint      NOT NULL,
    witness text        NOT NULL,
    before  bigint      NOT NULL,  -- the size this witness cosigned before
    line    text        NOT NULL,  -- C2SP tlog-cosignature
    at      timestamptz NOT NULL,
    seal    bytea       NOT NULL,
    PRIMARY KEY (witness, size)
);

CREATE TABLE ledger_sequencer (
    id       boolean PRIMARY KEY DEFAULT true CHECK (id),
    size     bigint      NOT NULL,
    system   numeric     NOT NULL,  -- pg_control_system(): another server knows nothing of our transaction ids
    snapshot pg_snapshot NOT NULL,  -- what the last round could see
    ordinal  bigint      NOT NULL,  -- how far ordinals had been given out then
    seal     bytea       NOT NULL
);

CREATE TABLE ledger_cursor (
    name     text   PRIMARY KEY,
    position bigint NOT NULL,  -- the first position not yet handled
    seal     bytea  NOT NULL
);
"""

FUNCTIONS = """
CREATE FUNCTION ledger_tile_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.level, NEW.index) = (OLD.level, OLD.index) AND length(NEW.data) > length(OLD.data)
       AND substring(NEW.data FROM 1 FOR length(OLD.data)) = OLD.data THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a tile only grows: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_tile_only_grows BEFORE UPDATE OR DELETE ON ledger_tile
    FOR EACH ROW EXECUTE FUNCTION ledger_tile_only_grows();

CREATE TRIGGER ledger_sequencer_stays BEFORE DELETE ON ledger_sequencer
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_cursor_stays BEFORE DELETE ON ledger_cursor
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
"""

APPEND_ONLY = ("ledger_event", "ledger_position", "ledger_chunk", "ledger_checkpoint", "ledger_cosignature")
NEVER_EMPTIED = ("ledger_tile", "ledger_sequencer", "ledger_cursor")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(TABLES),
        migrations.RunSQL(triggers.functions()),
        migrations.RunSQL(FUNCTIONS),
        *(migrations.RunSQL(triggers.append_only(table)) for table in APPEND_ONLY),
        *(migrations.RunSQL(triggers.refuse_truncate(table)) for table in NEVER_EMPTIED),
    ]
