"""Keys in files: sealed values belong to one row, generations of keys follow each other, production refuses."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate
from hypothesis import given
from hypothesis import strategies as st

from xinqiao import keys as key_room
from xinqiao.keys import vault as vaults
from xinqiao.keys.errors import KeysExposed, NotForProduction, Tampered, UnknownKey
from xinqiao.keys.software import SoftwareKeys, generation_of


@pytest.fixture
def keys(tmp_path: Path) -> SoftwareKeys:
    return SoftwareKeys(tmp_path / "keys")


def again(keys: SoftwareKeys) -> SoftwareKeys:
    """The same keys as another process meets them."""
    return SoftwareKeys(keys.vault.folder)


def test_a_sealed_value_opens_only_for_its_own_row_and_purpose(keys: SoftwareKeys) -> None:
    sealed = keys.seal("secret", "7", "销售收入".encode())
    keys.seal("other", "7", b"")
    assert keys.unseal("secret", "7", sealed).decode() == "销售收入"
    for purpose, row in (("secret", "8"), ("other", "7")):
        with pytest.raises(Tampered):
            keys.unseal(purpose, row, sealed)


@given(st.binary(max_size=80), st.integers(0))
def test_one_changed_byte_is_refused(tmp_path_factory: pytest.TempPathFactory, plain: bytes, where: int) -> None:
    keys = SoftwareKeys(tmp_path_factory.getbasetemp() / "shared-keys")
    sealed = bytearray(keys.seal("p", "1", plain))
    sealed[where % len(sealed)] ^= 1
    with pytest.raises(Tampered):
        keys.unseal("p", "1", bytes(sealed))


@given(st.binary(max_size=40))
def test_what_was_never_sealed_is_refused(tmp_path_factory: pytest.TempPathFactory, anything: bytes) -> None:
    with pytest.raises(Tampered):
        SoftwareKeys(tmp_path_factory.getbasetemp() / "shared-keys").unseal("p", "1", anything)


def test_three_generations_of_keys_open_what_each_sealed(keys: SoftwareKeys) -> None:
    sealed = [keys.seal("p", "1", b"first")]
    for word in (b"second", b"third"):
        keys.renew_data_key("p")
        sealed.append(keys.seal("p", "1", word))
    keys.renew_master_key()
    assert [generation_of(s) for s in sealed] == [1, 2, 3]
    assert [again(keys).unseal("p", "1", s) for s in sealed] == [b"first", b"second", b"third"]


def test_many_are_sealed_as_one_by_one(keys: SoftwareKeys) -> None:
    sealed = keys.seal_many("p", [("1", b"a"), ("2", b"b")])
    assert [keys.unseal("p", row, s) for row, s in zip("12", sealed, strict=True)] == [b"a", b"b"]


def test_a_process_that_read_the_keys_earlier_opens_what_a_newer_key_sealed(keys: SoftwareKeys) -> None:
    early = again(keys)
    early.seal("p", "1", b"x")
    keys.renew_data_key("p")
    assert early.unseal("p", "1", keys.seal("p", "1", b"new")) == b"new"


def test_what_a_destroyed_key_sealed_stays_closed(keys: SoftwareKeys) -> None:
    old = keys.seal("p", "1", b"erased")
    keys.renew_data_key("p")
    keys.destroy_data_key("p", 1)
    with pytest.raises(Tampered):
        keys.unseal("p", "1", old)
    assert keys.unseal("p", "1", keys.seal("p", "1", b"kept")) == b"kept"


def test_the_newest_key_is_never_destroyed(keys: SoftwareKeys) -> None:
    keys.seal("p", "1", b"x")
    with pytest.raises(UnknownKey):
        keys.destroy_data_key("p", 1)


def test_a_renewal_of_the_master_key_that_was_cut_short_is_finished_by_the_next(
    keys: SoftwareKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    purposes = ("a", "b", "c", "d")
    sealed = {p: keys.seal(p, "1", b"kept") for p in purposes}
    wrote: list[Path] = []

    def dies_after_three(file: Path, content: bytes) -> None:
        if len(wrote) == 3:
            raise KeyboardInterrupt
        wrote.append(file)
        plain(file, content)

    plain = vaults._write
    monkeypatch.setattr(vaults, "_write", dies_after_three)
    with pytest.raises(KeyboardInterrupt):
        keys.renew_master_key()
    monkeypatch.undo()
    assert all(again(keys).unseal(p, "1", s) == b"kept" for p, s in sealed.items())
    keys.renew_master_key()
    assert len(list((keys.vault.folder / "master").iterdir())) == 1
    assert all(again(keys).unseal(p, "1", s) == b"kept" for p, s in sealed.items())


def test_a_lost_master_key_is_told_and_never_made_anew(keys: SoftwareKeys) -> None:
    keys.seal("p", "1", b"x")
    shutil.rmtree(keys.vault.folder / "master")
    with pytest.raises(UnknownKey):
        again(keys).seal("p", "1", b"x")
    with pytest.raises(UnknownKey):
        again(keys).seal("q", "1", b"x")


def test_a_wrapped_key_put_in_anothers_place_does_not_open(keys: SoftwareKeys) -> None:
    keys.seal("p", "1", b"")
    keys.seal("q", "1", b"")
    shutil.copy(keys.vault.folder / "data/p/0001.json", keys.vault.folder / "data/q/0001.json")
    with pytest.raises(UnknownKey):
        again(keys).seal("q", "1", b"")


def test_two_stores_never_make_the_same_mark(keys: SoftwareKeys, tmp_path: Path) -> None:
    other = SoftwareKeys(tmp_path / "others")
    assert keys.mark("row", b"4104") == keys.mark("row", b"4104")
    assert keys.mark("row", b"4104") != other.mark("row", b"4104")
    assert keys.mark("row", b"4104") != keys.mark("other", b"4104")


def test_marks_outlive_every_renewal(keys: SoftwareKeys) -> None:
    before = keys.mark("row", b"4104")
    keys.renew_master_key()
    assert again(keys).mark("row", b"4104") == before


def test_signatures_verify_with_the_public_key(keys: SoftwareKeys) -> None:
    Ed25519PublicKey.from_public_bytes(keys.public("log")).verify(keys.sign("log", b"m"), b"m")
    assert keys.public("log") != keys.public("receipts")


def test_a_name_cannot_lead_out_of_the_key_folder(keys: SoftwareKeys) -> None:
    for name in ("../log", "a/b", "", "A", "a:b", "x" * 64):
        with pytest.raises(UnknownKey):
            keys.sign(name, b"")


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from xinqiao.keys.software import SoftwareKeys\n"
        "k = SoftwareKeys(Path(sys.argv[1])); print(k.public('log').hex(), k.mark('m', b'').hex())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "k")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    said = {process.communicate()[0] for process in started}
    assert len(said) == 1
    assert len(said.pop()) == 130


def test_files_are_for_their_owner_alone(keys: SoftwareKeys) -> None:
    keys.sign("log", b"")
    keys.seal("p", "1", b"")
    inside = [keys.vault.folder, *keys.vault.folder.rglob("*")]
    assert [p for p in inside if p.stat().st_mode & 0o077] == []


def test_a_key_folder_others_can_read_is_refused(keys: SoftwareKeys) -> None:
    keys.vault.folder.chmod(0o750)
    with pytest.raises(KeysExposed):
        again(keys)


def test_production_refuses_keys_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_MODE", "production")
    with pytest.raises(NotForProduction):
        key_room.sign("log", b"m")


def test_the_room_itself_keeps_the_keys_of_this_installation() -> None:
    sealed = key_room.seal("p", "1", b"x")
    assert key_room.unseal("p", "1", sealed) == b"x"
    assert (Path(os.environ["XINQIAO_HOME"]) / "keys").is_dir()
    assert key_room.provider() is key_room.provider()
    assert key_room.provider().stand_in


def test_pseudonyms_are_one_recipients_and_one_purposes_and_change_with_each_of_three_generations(
    keys: SoftwareKeys,
) -> None:
    code = b"91410402MA40TE5TXF"
    made = [keys.pseudonym("bank-modelling", code)]
    for generation in (2, 3):
        assert keys.renew_pseudonyms("bank-modelling") == generation
        made.append(keys.pseudonym("bank-modelling", code))
    assert len(set(made)) == 3
    assert [keys.pseudonym("bank-modelling", code, generation) for generation in (1, 2, 3)] == made
    assert list(keys.pseudonym_generations("bank-modelling")) == [1, 2, 3]
    assert keys.pseudonym("other-modelling", code) not in made
    with pytest.raises(UnknownKey):
        keys.pseudonym("bank-modelling", code, 4)


def test_a_documents_signature_is_by_the_key_its_certificate_is_for_and_the_root_stands_behind_it(
    keys: SoftwareKeys, tmp_path: Path
) -> None:
    own, root = (load_der_x509_certificate(der) for der in keys.certificates())
    own.public_key().verify(keys.seal_document(b"x"), b"x", ECDSA(SHA256()))  # type: ignore[union-attr, call-arg, arg-type]
    own.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert "for trying only" in own.subject.rfc4514_string()
    assert keys.certificates() == again(keys).certificates()
