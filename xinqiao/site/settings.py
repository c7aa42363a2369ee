"""Django's settings, from the environment alone. Whoever starts the house sets `XINQIAO_DATABASE_URL` first."""

import os
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

MODE = os.environ.get("XINQIAO_MODE", "sample")
SECRET_KEY = os.environ.get("XINQIAO_SECRET_KEY", "sample-only")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("XINQIAO_HOSTS", "127.0.0.1,localhost,testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "xinqiao.ledger",
    "xinqiao.parties",
    "xinqiao.subjects",
    "xinqiao.intake",
    "xinqiao.creditfile",
    "xinqiao.authorisation",
    "xinqiao.evaluation",
    "xinqiao.disclosure",
    "xinqiao.portal",
]


def database(url: str) -> dict[str, object]:
    """Django's form of a libpq URL or connection string; sockets (`?host=/folder`) included."""
    parts = conninfo_to_dict(url)
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {k: v for k, v in parts.items() if k not in named}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django: str(parts[libpq]) for libpq, django in named.items() if libpq in parts},
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(os.environ.get("XINQIAO_DATABASE_URL", "postgresql://"))}
# A domain's work done later stands in its `jobs.py`.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
BASE_DIR = Path(__file__).resolve().parent.parent
STATIC_URL = "/static/"
