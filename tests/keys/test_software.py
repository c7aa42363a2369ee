"""Keys in files: sealed values belong to one row, generations of keys follow each other, production refuses."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.keys.errors import NotForProduction, Tampered
from xinqiao.keys.software import SoftwareKeys


@pytest.fixture
def keys(tmp_path: Path) -> SoftwareKeys:
    return SoftwareKeys(tmp_path / "keys", mode="sample")


def test_a_sealed_value_opens_only_for_its_own_row_and_purpose(keys: SoftwareKeys) -> None:
    sealed = keys.seal("secret", "7", "销售收入".encode())
    assert keys.unseal("secret", "7", sealed).decode() == "销售收入"
    for purpose, row in (("secret", "8"), ("other", "7")):
        with pytest.raises(Tampered):
            keys.unseal(purpose, row, sealed)


@given(st.binary(max_size=80), st.integers(0))
def test_one_changed_byte_is_refused(tmp_path_factory: pytest.TempPathFactory, plain: bytes, where: int) -> None:
    keys = SoftwareKeys(tmp_path_factory.getbasetemp() / "shared-keys", mode="sample")
    sealed = bytearray(keys.seal("p", "1", plain))
    sealed[where % len(sealed)] ^= 1
    with pytest.raises(Tampered):
        keys.unseal("p", "1", bytes(sealed))


def test_three_generations_of_keys_open_what_each_sealed(keys: SoftwareKeys) -> None:
    sealed = [keys.seal("p", "1", b"first")]
    for word in (b"second", b"third"):
        keys.renew_data_key("p")
        sealed.append(keys.seal("p", "1", word))
    keys.renew_master_key()
    again = SoftwareKeys(keys.folder, mode="sample")
    assert [again.unseal("p", "1", s) for s in sealed] == [b"first", b"second", b"third"]


def test_a_process_that_read_the_keys_earlier_opens_what_a_newer_key_sealed(keys: SoftwareKeys) -> None:
    early = SoftwareKeys(keys.folder, mode="sample")
    early.seal("p", "1", b"x")
    keys.renew_data_key("p")
    assert early.unseal("p", "1", keys.seal("p", "1", b"new")) == b"new"


def test_two_stores_never_make_the_same_mark(keys: SoftwareKeys, tmp_path: Path) -> None:
    other = SoftwareKeys(tmp_path / "others", mode="sample")
    assert keys.mark("row", b"4104") == keys.mark("row", b"4104")
    assert keys.mark("row", b"4104") != other.mark("row", b"4104")
    assert keys.mark("row", b"4104") != keys.mark("other", b"4104")


def test_signatures_verify_with_the_public_key(keys: SoftwareKeys) -> None:
    Ed25519PublicKey.from_public_bytes(keys.public("log")).verify(keys.sign("log", b"m"), b"m")


def test_ten_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from xinqiao.keys.software import SoftwareKeys\n"
        "k = SoftwareKeys(Path(sys.argv[1]), mode='sample'); print(k.public('log').hex(), k.mark('m', b'').hex())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "k")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _ in range(6)
    ]
    assert len({p.communicate()[0] for p in started}) == 1


def test_files_are_for_their_owner_alone(keys: SoftwareKeys) -> None:
    keys.sign("log", b"")
    keys.seal("p", "1", b"")
    assert {f.stat().st_mode & 0o077 for f in keys.folder.iterdir() if f.name != "lock"} == {0}


def test_production_refuses_keys_in_files(tmp_path: Path) -> None:
    with pytest.raises(NotForProduction):
        SoftwareKeys(tmp_path, mode="production")
