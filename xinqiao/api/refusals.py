"""The one list of refusals: every `type` the interface can answer with, and what its reader does about it.

Programs rely on these names. A domain's refusal carries one of them; whatever else happens inside is the house's own
trouble and told as `not-ready`, without a word about what it was.
"""

from typing import Final, NamedTuple


class Meaning(NamedTuple):
    """`todo` is for the programmer who reads it; `fields` the parts of a question that this is about."""

    todo: str
    fields: tuple[str, ...] = ()


TYPES: Final[dict[str, Meaning]] = {
    # the request itself
    "malformed": Meaning("mend the request; `errors` names the fields"),
    "unsupported-version": Meaning("use a version the platform speaks"),
    "stale-timestamp": Meaning("set your clock: five minutes are the limit"),
    "bad-signature": Meaning("sign what you send, with the key you registered"),
    "bad-audience": Meaning("`aud` is the address you call"),
    "bad-proof": Meaning("sign a proof of this very call, with the key the token was asked with"),
    "unknown-credential": Meaning("sign with the registered key, as the registered client"),
    "expired": Meaning("make a new assertion: this one's `exp` is over"),
    "replay": Meaning("a new `jti` for each assertion and each proof"),
    "session-expired": Meaning("get a new token, then repeat"),
    "conflict": Meaning("the same name or key stands for something else; this `Idempotency-Key` needs a new one"),
    "duplicate": Meaning("it is there already: nothing to do"),
    "rate-limited": Meaning("wait `Retry-After` seconds"),
    "not-ready": Meaning("nothing was done; repeat later with the same `Idempotency-Key`"),
    "log-unavailable": Meaning("nothing was told; repeat after a few seconds with the same `Idempotency-Key`"),
    # who and whom
    "not-party": Meaning("this is not yours to see or do"),
    "not-found": Meaning("there is no such thing, or it is not yours"),
    "subject-invalid": Meaning("the code is none: check its 18 characters", ("uscc",)),
    "subject-mismatch": Meaning("the parts of the question name different businesses", ("uscc",)),
    "signer-not-authorised": Meaning("somebody who may act for the business has to sign"),
    "evidence-mismatch": Meaning("the proof handed in is of something else"),
    "content-mismatch": Meaning("the text has changed since it was read: read it again"),
    "four-eyes": Meaning("a second person has to confirm"),
    "key-invalid": Meaning("register an Ed25519 or P-256 public key"),
    # what the business and the agreement allow
    "no-grant": Meaning("ask the business to grant access; also the answer for a business that does not exist"),
    "grant-not-started": Meaning("the grant begins later"),
    "grant-paused": Meaning("the business has paused its grant; ask it, and stop asking us"),
    "grant-revoked": Meaning("a new grant is needed; stop asking"),
    "grant-expired": Meaning("a new grant is needed"),
    "grant-exhausted": Meaning("the grant's uses are over: a new grant is needed"),
    "wrong-state": Meaning("it has ended or moved on; look at its state"),
    "agreement-not-in-force": Meaning("talk to the platform's operator"),
    "case-closed": Meaning("the case this grant belongs to is closed"),
    "purpose-unknown": Meaning("use a purpose of your agreement (`GET /api/v1/institutions/me`)", ("purpose",)),
    "purpose-mismatch": Meaning("use the purpose the business agreed to", ("purpose",)),
    "purpose-missing": Meaning("say what for", ("purpose",)),
    "scope-invalid": Meaning("name items that exist", ("items",)),
    "scope-exceeded": Meaning("ask for no more than was granted, and than the token's details name", ("items",)),
    "range-invalid": Meaning("the days are the wrong way round, or none", ("since", "until")),
    "range-exceeded": Meaning("ask for no days beyond those granted", ("since", "until")),
    "frequency-exhausted": Meaning("asked as often as the business allowed for now; later again"),
    "life-elapsed": Meaning("what was told may not be kept any longer: delete it"),
    "ceiling-exceeded": Meaning("more than the purpose's template allows"),
    # what comes back
    "source-failed": Meaning("the source did not answer; repeat later"),
    "address-refused": Meaning("register a public HTTPS address, port 443 or 8443", ("url",)),
    "small-group": Meaning("too few businesses stand behind the figure: widen the question"),
    "output-check": Meaning("what would be released was held back: a person looks at it"),
}


def table(used: dict[str, set[int]]) -> str:
    """What can come today, with its statuses, as a table for the description of the interface."""
    rows = [
        f"| {', '.join(map(str, sorted(used[name])))} | `{name}` | {meaning.todo} |"
        for name, meaning in TYPES.items()
        if name in used
    ]
    return "\n".join(["| status | `type` | what to do |", "|---|---|---|", *rows])
