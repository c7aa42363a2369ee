"""What was sent is kept exactly, once, unreadable without the keys; and what was altered at rest is found out."""

import hashlib
import io
import multiprocessing
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao import store
from xinqiao.keys import Tampered
from xinqiao.store import clearing, frames
from xinqiao.store.errors import NotKept


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_HOME", str(tmp_path))
    monkeypatch.setattr(clearing, "_users", {"test": set})


def files(tmp_path: Path) -> list[Path]:
    return [p for p in (tmp_path / "store").rglob("*") if p.is_file() and p.name != "door"]


@pytest.mark.parametrize("size", [0, 1, frames.FRAME - 1, frames.FRAME, frames.FRAME + 1, 2 * frames.FRAME])
def test_a_file_comes_back_byte_for_byte(size: int) -> None:
    content = secrets.token_bytes(size)
    kept = store.put_bytes(content)
    assert kept == store.Stored(hashlib.sha256(content).hexdigest(), size)
    assert store.read_bytes(kept.digest) == content


@given(content=st.binary(max_size=300), frame=st.integers(1, 50), take=st.integers(1, 70))
def test_however_it_is_cut_into_frames_and_read_in_bites(content: bytes, frame: int, take: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "FRAME", frame)
        kept = store.put_bytes(content)
        with store.open_(kept.digest) as stream:
            assert b"".join(iter(lambda: stream.read(take), b"")) == content


def test_a_stream_that_gives_a_little_at_a_time_is_kept_whole() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 7))

    assert store.put(Slow(b"x" * 100)).digest == store.put_bytes(b"x" * 100).digest


def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"same")
    assert store.put(tmp_path / "a.csv") == store.put_bytes(b"same")
    assert len(files(tmp_path)) == 1


def test_nothing_of_the_content_is_readable_at_rest(tmp_path: Path) -> None:
    kept = store.put_bytes("平顶山示例公司".encode() * 100)
    assert all("示例".encode() not in p.read_bytes() for p in files(tmp_path))
    assert all(p.stat().st_mode & 0o077 == 0 for p in (tmp_path / "store").rglob("*"))
    assert store.exists(kept.digest)


def place(tmp_path: Path, digest: str) -> Path:
    return tmp_path / "store" / digest[:2] / digest[2:]


def test_two_files_exchanged_at_rest_are_found_out(tmp_path: Path) -> None:
    first, second = store.put_bytes(b"first"), store.put_bytes(b"other")
    place(tmp_path, first.digest).write_bytes(place(tmp_path, second.digest).read_bytes())
    with pytest.raises(Tampered):
        store.read_bytes(first.digest)


def test_frames_dropped_moved_or_cut_off_are_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "FRAME", 10)
    kept = store.put_bytes(b"0123456789abcdefghijABCDEFGHIJ")
    file = place(tmp_path, kept.digest)
    whole = file.read_bytes()
    head, frame = 4 + 33 + 16, 4 + 33 + 10
    parts = [whole[:head], *(whole[head + n * frame : head + (n + 1) * frame] for n in range(3))]
    for damaged in (parts[:3], parts[:1], [*parts[:1], parts[2], parts[1], parts[3]], [*parts, parts[3]], parts[1:]):
        file.write_bytes(b"".join(damaged))
        with pytest.raises(Tampered):
            store.read_bytes(kept.digest)
    file.write_bytes(whole[:-1])
    with pytest.raises(Tampered):
        store.read_bytes(kept.digest)


@given(where=st.integers(0), bit=st.integers(0, 7))
def test_one_changed_bit_is_found_out(tmp_path_factory: pytest.TempPathFactory, where: int, bit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.getbasetemp() / "bits"
        patch.setenv("XINQIAO_HOME", str(folder))
        kept = store.put_bytes(b"what was sent")
        file = place(folder, kept.digest)
        whole = bytearray(file.read_bytes())
        whole[where % len(whole)] ^= 1 << bit
        file.write_bytes(whole)
        with pytest.raises(Tampered):
            store.read_bytes(kept.digest)
        store.clear()


def test_a_borrowed_file_is_plain_private_and_gone_afterwards() -> None:
    kept = store.put_bytes(b"a,b\n1,2\n")
    with store.borrow(kept.digest, suffix=".csv") as path:
        assert path.read_bytes() == b"a,b\n1,2\n"
        assert path.suffix == ".csv"
        assert path.stat().st_mode & 0o077 == 0
    assert not path.exists()


def test_a_borrowed_file_is_gone_even_if_the_borrower_failed() -> None:
    kept = store.put_bytes(b"x")
    with pytest.raises(RuntimeError), store.borrow(kept.digest) as path:
        raise RuntimeError
    assert not path.exists()


def test_what_a_killed_borrower_left_goes_with_the_next_loan_and_no_other() -> None:
    kept = store.put_bytes(b"x")
    borrowing = "with store.borrow(sys.argv[1]) as path: print(path, flush=True); os._exit(9)"
    code = f"import os, sys; from xinqiao import store\n{borrowing}"
    killed = subprocess.run([sys.executable, "-c", code, kept.digest], stdout=subprocess.PIPE, text=True, check=False)
    left = Path(killed.stdout.strip())
    assert left.exists()
    with store.borrow(kept.digest) as mine, store.borrow(kept.digest):
        assert not left.exists()
        assert mine.exists()


def test_what_nobody_names_any_more_is_cleared_away_and_what_is_named_stays() -> None:
    named, forgotten = store.put_bytes(b"x"), store.put_bytes(b"y")
    store.named_by("test", lambda: {named.digest})
    assert store.clear() == 1
    assert store.clear() == 0
    assert store.read_bytes(named.digest) == b"x"
    assert not store.exists(forgotten.digest)
    with pytest.raises(NotKept):
        store.open_(forgotten.digest)


def test_what_another_user_of_the_room_keeps_is_not_swept_away_with_mine() -> None:
    mine, theirs = store.put_bytes(b"a delivery"), store.put_bytes(b"a paper")
    store.named_by("intake", set)
    store.named_by("rights", lambda: {theirs.digest})
    assert store.clear() == 1
    assert store.exists(theirs.digest)
    assert not store.exists(mine.digest)


def test_a_program_that_knows_no_user_of_the_room_clears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = store.put_bytes(b"x")
    monkeypatch.setattr(clearing, "_users", {})
    with pytest.raises(store.NobodyAsked):
        store.clear()
    assert store.exists(kept.digest)


def test_nothing_is_cleared_between_putting_a_file_and_naming_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "PATIENCE", 0.2)
    with store.naming():
        kept = store.put_bytes(b"on its way")
        with pytest.raises(store.RoomBusy):
            store.clear()
    assert store.exists(kept.digest)


def test_whoever_clears_asks_for_the_names_only_once_it_is_alone() -> None:
    """A name written down while it waited counts: else a file that was just taken in would be lost."""
    names: set[str] = set()
    with ThreadPoolExecutor(1) as other:
        with store.naming():
            kept = store.put_bytes(b"taken in")
            store.named_by("test", lambda: set(names))
            cleared = other.submit(store.clear)
            time.sleep(0.3)
            names.add(kept.digest)
        assert cleared.result() == 0
    assert store.exists(kept.digest)


def test_the_draft_of_a_process_that_was_killed_goes_with_the_next_clearing(tmp_path: Path) -> None:
    code = """
import io, os
from xinqiao import store
class Killed(io.BytesIO):
    def read(self, size=-1):
        os._exit(9)
store.put(Killed(b"half"))
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    assert len(list((tmp_path / "store" / "drafts").iterdir())) == 1
    store.clear()
    assert files(tmp_path) == []


def test_a_name_that_is_no_digest_leads_nowhere() -> None:
    for name in ("", "../keys/lock", "A" * 64, "0" * 63):
        with pytest.raises(NotKept):
            store.open_(name)


def _put_often(seed: int) -> str:
    return [store.put_bytes(bytes([n]) * 1000).digest for n in range(5)][seed % 5]


def test_several_processes_may_put_the_same_files_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        digests = set(pool.map(_put_often, range(9)))
    assert len(digests) == 5
    assert len([p for p in files(tmp_path) if p.parent.parent.name == "store" and len(p.name) == 62]) == 5
    assert not list((tmp_path / "store" / "drafts").iterdir())
    assert all(len(store.read_bytes(d)) == 1000 for d in digests)


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(f"connection lost after {size}")

    with pytest.raises(OSError, match="connection lost"):
        store.put(Broken())
    assert files(tmp_path) == []
