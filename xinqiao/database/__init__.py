"""The city's PostgreSQL: found, started, kept alive and stopped without anybody having to set one up.

    with database.ensure() as server:
        psycopg.connect(server.url)

Where it comes from, in this order: the address in `XINQIAO_DATABASE_URL`; the system's programs; the programs in the
`embedded` wheel. `XINQIAO_POSTGRES=url|system|wheel` forces one. Production names an address: a server with its own
backups and security updates. The other two are ours to run, under `XINQIAO_HOME/postgres`: see `supervisor`.
"""

from xinqiao.database.clients import Server, ensure, url
from xinqiao.database.errors import DatabaseUnusable

__all__ = ["DatabaseUnusable", "Server", "ensure", "url"]
