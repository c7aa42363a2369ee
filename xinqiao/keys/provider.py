"""What a provider of keys must do, and which one this process has."""

import os
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from xinqiao import home
from xinqiao.kernel.sayings import Saying
from xinqiao.keys.errors import NotForProduction


class KeyProvider(Protocol):
    """A key service: the software one here, a signing server or an HSM in production."""

    @property
    def stand_in(self) -> str | None:
        """A sentence to be said at start when this is no real key service."""

    def sign(self, name: str, message: bytes) -> bytes: ...
    def public(self, name: str) -> bytes: ...
    def seal(self, purpose: str, row: str, plaintext: bytes) -> bytes: ...
    def seal_many(self, purpose: str, rows: Iterable[tuple[str, bytes]]) -> list[bytes]: ...
    def unseal(self, purpose: str, row: str, sealed: bytes) -> bytes: ...
    def mark(self, purpose: str, data: bytes) -> bytes: ...
    def marker(self, purpose: str) -> Callable[[bytes], bytes]: ...
    def renew_data_key(self, purpose: str) -> int: ...
    def secret(self, name: str) -> bytes: ...
    def seal_document(self, message: bytes) -> bytes: ...
    def certificates(self) -> Sequence[bytes]: ...
    def pseudonym(self, purpose: str, data: bytes, generation: int | None = None) -> bytes: ...
    def pseudonym_generations(self, purpose: str) -> Sequence[int]: ...
    def renew_pseudonyms(self, purpose: str) -> int: ...


def provider() -> KeyProvider:
    """The provider of this process. Raises `NotForProduction` where only the stand-in is to be had."""
    return _provider(os.environ.get("XINQIAO_HOME"), os.environ.get("XINQIAO_MODE"))


@lru_cache(maxsize=8)
def _provider(_home: str | None, _mode: str | None) -> KeyProvider:
    """One provider per installation: the environment is only the cache's key."""
    from xinqiao.keys.software import SoftwareKeys

    if home.mode() is home.Mode.PRODUCTION:
        raise NotForProduction(Saying("软件密钥只供试用：主密钥与数据放在同一台机器上。请为生产环境配置密钥服务。"))
    return SoftwareKeys(home.make_home() / "keys")
