"""A witness outside signs that the log has only grown, and refuses when it has not."""

import stat
from pathlib import Path

import pytest

from tests.ledger.builders import acts, ask, behind_our_back, later
from xinqiao.ledger import identity, queries, witnessing
from xinqiao.ledger.errors import NotGrown, SetBack
from xinqiao.ledger.witnesses import FileWitness
from xinqiao_verify.notes import Checkpoint, NotTrusted, open_cosignature


@pytest.fixture
def witness(tmp_path: Path) -> FileWitness:
    return FileWitness("province.example/w1", tmp_path / "w1", identity.key())


def test_a_witness_cosigns_each_later_checkpoint_and_says_when(city_db: str, witness: FileWitness) -> None:
    for seconds in (1, 2):
        acts(3)
        assert witnessing.show(later(seconds), [witness]) == 1
    newest = identity.opened(queries.checkpoint() or "")
    (line,) = queries.cosignatures(6)
    assert open_cosignature(line, newest, witness.key) == int(later(2).timestamp())
    assert witness.last() == queries.checkpoint()


def test_a_witness_that_has_seen_the_newest_checkpoint_is_not_asked_again(city_db: str, witness: FileWitness) -> None:
    acts(3)
    assert [witnessing.show(later(n), [witness]) for n in range(2)] == [1, 0]
    assert ask("SELECT count(*) FROM ledger_cosignature") == 1


def test_a_witness_does_not_cosign_a_log_that_was_rewritten(witness: FileWitness) -> None:
    first = identity.signed(Checkpoint(identity.origin(), 2, bytes(32)).text)
    witness.cosign(first, [], now=later(0))
    rewritten = identity.signed(Checkpoint(identity.origin(), 3, bytes([1]) * 32).text)
    with pytest.raises(NotGrown):
        witness.cosign(rewritten, [bytes(32)], now=later(1))
    smaller = identity.signed(Checkpoint(identity.origin(), 1, bytes(32)).text)
    with pytest.raises(NotGrown):
        witness.cosign(smaller, [], now=later(1))
    assert witness.last() == first


def test_a_witness_does_not_cosign_what_the_log_did_not_sign(witness: FileWitness) -> None:
    with pytest.raises(NotTrusted):
        witness.cosign(identity.signed("another text\n").replace("— ", "— x"), [], now=later(0))


def test_a_witness_that_refuses_is_said_and_stops_nobody(
    city_db: str, witness: FileWitness, caplog: pytest.LogCaptureFixture
) -> None:
    acts(3)
    witness.cosign(identity.signed(Checkpoint(identity.origin(), 9, bytes(32)).text), [], now=later(0))
    assert witnessing.show(later(1), [witness]) == 0
    assert "did not cosign" in caplog.text
    acts(1)


def test_a_database_set_back_is_found_by_the_witness(city_db: str) -> None:
    from xinqiao.ledger import checking

    acts(3)
    witnessing.show(later(1))
    assert checking.check(witnessed=witnessing.seen()).sound
    witnessing.refuse_set_back()
    behind_our_back("DELETE FROM ledger_checkpoint")
    behind_our_back("DELETE FROM ledger_position")
    behind_our_back("DELETE FROM ledger_event")
    behind_our_back("DELETE FROM ledger_tile")
    behind_our_back("DELETE FROM ledger_sequencer")
    behind_our_back("DELETE FROM ledger_cosignature")
    assert checking.check().sound, "an empty log agrees with itself"
    found = checking.check(witnessed=witnessing.seen()).found
    assert [(f.key, f.what.value) for f in found] == [("3", "rolled-back")]
    with pytest.raises(SetBack):
        witnessing.refuse_set_back()


def test_a_log_that_went_on_differently_from_an_old_backup_opens_no_door_either(city_db: str) -> None:
    acts(3)
    witnessing.show(later(1))
    acts(2)
    witnessing.refuse_set_back()
    other = identity.signed(Checkpoint(identity.origin(), 3, bytes([1]) * 32).text)
    behind_our_back("UPDATE ledger_checkpoint SET note = %s WHERE size = 3", other)
    with pytest.raises(SetBack):
        witnessing.refuse_set_back()


def test_only_its_owner_can_read_a_witness_s_key(city_db: str, witness: FileWitness, tmp_path: Path) -> None:
    acts(1)
    witnessing.show(later(0), [witness])
    assert stat.S_IMODE((tmp_path / "w1" / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "w1").stat().st_mode) == 0o700
