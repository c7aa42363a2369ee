"""mTLS (RFC 8705 §3): a token bound to the certificate of the connection it was asked over, not to a proof's key.

Whoever opens a connection with a certificate has shown its key there and then: nothing is to be signed for each call
and nothing to be remembered of it. Any certificate will do, also one a program issued to itself: who the program is was
said by its assertion.
"""

import base64
from hashlib import sha256
from typing import Final

from xinqiao.parties.proofs import Call

PREFIX: Final = "x5t#S256:"  # RFC 8705 §3.1; no thumbprint of a key begins so


def sender(call: Call) -> str | None:
    """What a token is bound to by this call's connection; None where a proof speaks for it, or nothing does."""
    if call.proof is not None or call.certificate is None:
        return None
    return PREFIX + base64.urlsafe_b64encode(sha256(call.certificate).digest()).rstrip(b"=").decode()
