"""The web server's way in: `granian --interface wsgi xinqiao.site.wsgi:application`.

Each web process holds the database for itself, so that it stays as long as any of them lives.
"""

import os
import threading

from django.core.wsgi import get_wsgi_application

from xinqiao import database

server = database.ensure()
os.environ["XINQIAO_DATABASE_URL"] = server.url
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.site.settings")
application = get_wsgi_application()

import ibis  # noqa: E402, F401 - the first page that measures something would wait a second for it

from xinqiao.ledger import refusals  # noqa: E402 - once the framework is set up

# Not a daemon: when the server stops, the interpreter waits until what was counted is in the log.
threading.Thread(target=refusals.keep, args=(threading.main_thread().is_alive,), name="refusals").start()
