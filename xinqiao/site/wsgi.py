"""The web server's way in: `granian --interface wsgi xinqiao.site.wsgi:application`.

Each web process holds the database for itself, so that it stays as long as any of them lives.
"""

import os

from django.core.wsgi import get_wsgi_application

from xinqiao import database

server = database.ensure()
os.environ["XINQIAO_DATABASE_URL"] = server.url
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.site.settings")
application = get_wsgi_application()
