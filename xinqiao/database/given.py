"""A server we are given by its address: ours to look at, not to run."""

import re

import psycopg
from psycopg.conninfo import conninfo_to_dict

from xinqiao.database import programs
from xinqiao.database.errors import DatabaseUnusable
from xinqiao.kernel.sayings import Saying


def checked(address: str) -> str:
    """The address, once its server has answered and is fit for us; raises `DatabaseUnusable`."""
    if not address:
        raise DatabaseUnusable(Saying("XINQIAO_POSTGRES=url 时，需要用 XINQIAO_DATABASE_URL 给出数据库地址。"))
    _refuse_misread(address)
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            _refuse_unfit(connection)
    except psycopg.Error as error:
        raise DatabaseUnusable(
            Saying("连接不上 XINQIAO_DATABASE_URL 给出的数据库：{error}", error=str(error).strip())
        ) from None
    return address


def _refuse_misread(address: str) -> None:
    """An address whose password is not escaped is read as another address, and libpq's complaint would quote pieces of
    the password: nothing of such an address is repeated."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error:
        parts = {"host": "@"}
    host, port, name = (str(parts.get(part) or "") for part in ("host", "port", "dbname"))
    if "@" in host + name or not re.fullmatch(r"[\d,]*", port):
        raise DatabaseUnusable(
            Saying(
                "XINQIAO_DATABASE_URL 不是数据库地址，或密码中的特殊字符没有转义（@ 写作 %40，/ 写作 %2F）。"
                "写法：postgresql://user:password@host:5432/database"
            )
        )


def _refuse_unfit(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10000
    if version < programs.OLDEST:
        raise DatabaseUnusable(
            Saying("数据库是 PostgreSQL {version}，需要 {oldest} 或更高版本。", version=version, oldest=programs.OLDEST)
        )
    found = connection.execute("SELECT current_setting('server_encoding'), pg_is_in_recovery()").fetchone()
    if found != ("UTF8", False):
        raise DatabaseUnusable(Saying("数据库的编码须为 UTF8，且不能是只读备机。"))
