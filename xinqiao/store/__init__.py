"""The file room: what was sent, kept exactly as it was sent, named by its content and encrypted at rest.

    kept = store.put(path_or_stream)          -> Stored(digest, size)
    with store.open_(kept.digest) as stream:  plain bytes, read as they are needed
    with store.borrow(kept.digest) as path:   a private plain file for libraries that want a path; gone afterwards

Files lie under `XINQIAO_HOME/store/ab/cdef…`, named by the SHA-256 of their plain content.
"""

from xinqiao.store.errors import NotKept
from xinqiao.store.files import Stored, borrow, exists, open_, put, put_bytes, read_bytes, remove

__all__ = ["NotKept", "Stored", "borrow", "exists", "open_", "put", "put_bytes", "read_bytes", "remove"]
