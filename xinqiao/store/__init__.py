"""The file room: what was sent, kept exactly as it was sent, named by its content and encrypted at rest.

    kept = store.put(path_or_stream)          -> Stored(digest, size)
    with store.open_(kept.digest) as stream:  plain bytes, read as they are needed
    with store.borrow(kept.digest) as path:   a private plain file for libraries that want a path; gone afterwards
    with store.naming(): …                    from putting a file until its name is committed somewhere
    store.clear(named)                        everything nobody names any more goes

Files lie under `XINQIAO_HOME/store/ab/cdef…`, named by the SHA-256 of their plain content.
"""

from xinqiao.store.clearing import clear, naming
from xinqiao.store.errors import NotKept, RoomBusy
from xinqiao.store.files import Stored, borrow, exists, open_, put, put_bytes, read_bytes

__all__ = [
    "NotKept",
    "RoomBusy",
    "Stored",
    "borrow",
    "clear",
    "exists",
    "naming",
    "open_",
    "put",
    "put_bytes",
    "read_bytes",
]
