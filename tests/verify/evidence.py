"""A tiny house that signs and proves, made of nothing but the standard library, `cryptography` and the written format.

It shares no line with the platform: what it hands out must convince the verifier all the same.
"""

import base64
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LOG, RECEIPTS = "410400.xinqiao/log", "410400.xinqiao/receipts"
KEYS = {name: Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()) for name in (LOG, RECEIPTS)}


NEWLINE = b"\n"


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def key_line(name: str, key: Ed25519PrivateKey | None = None, kind: bytes = b"\x01") -> str:
    public = kind + (key or KEYS[name]).public_key().public_bytes_raw()
    return f"{name}+{sha256(name.encode() + NEWLINE + public).hexdigest()[:8]}+{b64(public)}"


def note(text: str, name: str = LOG, key: Ed25519PrivateKey | None = None) -> str:
    signer = key or KEYS[name]
    told = sha256(name.encode() + b"\n\x01" + signer.public_key().public_bytes_raw()).digest()[:4]
    return f"{text}\n— {name} {b64(told + signer.sign(text.encode()))}\n"


def mth(entries: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = _split(len(entries))
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def audit_path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1: PATH(m, D[n])."""
    if len(entries) == 1:
        return []
    k = _split(len(entries))
    if index < k:
        return [*audit_path(index, entries[:k]), mth(entries[k:])]
    return [*audit_path(index - k, entries[k:]), mth(entries[:k])]


def growth_path(old: int, entries: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962 §2.1.2: SUBPROOF(m, D[n], b)."""
    if old == len(entries):
        return [] if whole else [mth(entries)]
    k = _split(len(entries))
    if old <= k:
        return [*growth_path(old, entries[:k], whole), mth(entries[k:])]
    return [*growth_path(old - k, entries[k:], False), mth(entries[:k])]


def _split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def checkpoint(entries: Sequence[bytes]) -> str:
    return note(f"{LOG}\n{len(entries)}\n{b64(mth(entries))}\n")


REPORT: dict[str, Any] = {
    "subject": "平顶山市示例商行",
    "grade": "B",
    "facts": [{"item": "tax_credit_level", "value": "A<&>"}],
    "note": None,
}


def receipt_file(*, size: int = 7, index: int = 3, proven: bool = True, with_report: bool = True) -> dict[str, Any]:
    """A receipt as docs/evidence-format.md has it, event `index` of a log of `size`."""
    receipt: dict[str, Any] = {
        "number": 417, "log": LOG, "told_at": "2026-11-23T01:41:00.000Z", "recipient": {"kind": "institution"},
        "subject": "91410400MA00000000", "purpose": "loan_review", "basis": {"ground": "grant", "grants": [9]},
        "items": ["tax_credit_level"], "facts": [17], "nonce": "00" * 16,
        "report_digest": sha256(rfc8785.dumps(REPORT)).hexdigest(),
    }  # fmt: skip
    about = {"receipt": 417, "receipt_digest": sha256(rfc8785.dumps(receipt)).hexdigest()}
    event = _event({"about": about, "kind": "disclosure:report:told"})
    signature = KEYS[RECEIPTS].sign(b"xinqiao-receipt/1\n" + rfc8785.dumps(receipt))
    file: dict[str, Any] = {
        "format": "xinqiao-receipt/1",
        "receipt": receipt,
        "signature": {"key": RECEIPTS, "value": b64(signature)},
        "event": event.decode(),
    }
    if with_report:
        file["report"] = REPORT
    return file | (_proof(event, size, index) if proven else _promise(event))


def row_file(*, proven: bool = True) -> dict[str, Any]:
    """A fact of a bulk act of five rows, content opened."""
    salt, payload, secret_hash = b"s" * 16, '{"level":"A","year":"2025"}', sha256(b"s" * 16 + b"{}").digest()
    envelope = '[17,"410400","tax_credit_level","tax_bureau",5,"2025",3,12,"2026-03-02","2026-01-01",null]'
    opened = sha256(salt + payload.encode()).digest()
    leaf = sha256(b"\x00" + envelope.encode() + opened + secret_hash).digest()
    rows = [sha256(bytes([n])).digest() for n in range(5)]
    rows[2] = leaf
    chunk = {"count": 5, "covers": "creditfile_fact", "root": mth(rows).hex()}
    event = _event({"about": {}, "chunk": chunk, "kind": "creditfile:facts:stored"})
    path = [b64(step) for step in audit_path(2, rows)]
    return {
        "format": "xinqiao-row/1",
        "log": LOG,
        "event": event.decode(),
        "row": {"table": "creditfile_fact", "ordinal": 2, "leaf": leaf.hex(), "path": path},
        "fact": {"envelope": envelope, "payload": payload, "salt": b64(salt), "secret_hash": secret_hash.hex()},
    } | (_proof(event, 7, 3) if proven else _promise(event))


def growth_file(old: int = 3, new: int = 8) -> dict[str, Any]:
    entries = some(new)
    path = [b64(step) for step in growth_path(old, entries)]
    return {
        "format": "xinqiao-consistency/1",
        "log": LOG,
        "old": checkpoint(entries[:old]),
        "new": checkpoint(entries),
        "path": path,
    }


def _event(said: dict[str, Any]) -> bytes:
    return rfc8785.dumps({"at": "2026-11-23T01:41:00.000000Z", "event": 9, **said})


def some(count: int) -> list[bytes]:
    return [f"entry {n}".encode() for n in range(count)]


def _proof(event: bytes, size: int, index: int) -> dict[str, Any]:
    entries = some(size)
    entries[index] = event
    path = [b64(step) for step in audit_path(index, entries)]
    return {"proof": {"index": index, "size": size, "path": path}, "checkpoint": checkpoint(entries)}


def _promise(event: bytes) -> dict[str, Any]:
    leaf = sha256(b"\x00" + event).digest()
    return {"promise": note(f"xinqiao-promise/1\n{LOG}\n{b64(leaf)}\n")}


def written(file: dict[str, Any], indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else None
    return json.dumps(file, ensure_ascii=False, indent=indent, separators=separators)
