"""The file room: what was sent, kept exactly as it was sent, named by its content and encrypted at rest.

    kept = store.put(path_or_stream)          -> Stored(digest, size)
    with store.open_(kept.digest) as stream:  plain bytes, read as they are needed
    with store.borrow(kept.digest) as path:   a private plain file for libraries that want a path; gone afterwards
    with store.naming(): …                    from putting a file until its name is committed somewhere
    store.named_by("intake", names)           in a package's `ready`: how to learn which files it still keeps
    store.clear()                             everything none of them names any more goes

Files lie under `XINQIAO_HOME/store/ab/cdef…`, named by the SHA-256 of their plain content.
"""

from xinqiao.store.clearing import clear, named_by, naming, users
from xinqiao.store.errors import NobodyAsked, NotKept, RoomBusy
from xinqiao.store.files import Stored, borrow, exists, open_, put, put_bytes, read_bytes

__all__ = [
    "NobodyAsked",
    "NotKept",
    "RoomBusy",
    "Stored",
    "borrow",
    "clear",
    "exists",
    "named_by",
    "naming",
    "open_",
    "put",
    "put_bytes",
    "read_bytes",
    "users",
]
