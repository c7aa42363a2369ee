"""Django's settings, from the environment alone. Whoever starts the house sets `XINQIAO_DATABASE_URL` first.

XINQIAO_HOSTS   names the site answers to, comma-separated (default: this machine only)
XINQIAO_HTTPS   1 behind a proxy that speaks HTTPS; the default in production
XINQIAO_PROXIES the addresses of the web servers in front, whose headers are believed (`site.proxies`); with HTTPS this
                machine's own unless others are named
"""

import os
from pathlib import Path
from typing import Any, Final

from django.utils.functional import lazy
from psycopg.conninfo import conninfo_to_dict

from xinqiao import home
from xinqiao.site import clock, logs, proxies
from xinqiao.site.secret import site_secret

MODE: Final = home.mode()
if MODE is home.Mode.SAMPLE:
    clock.follow()
HTTPS: Final = os.environ.get("XINQIAO_HTTPS", "1" if MODE is home.Mode.PRODUCTION else "0") == "1"
PROXIES: Final = proxies.listed(os.environ.get("XINQIAO_PROXIES", "127.0.0.1,::1" if HTTPS else ""))
DEBUG = False
SECRET_KEY = lazy(site_secret, str)()  # nothing is made by merely reading the settings
ALLOWED_HOSTS = os.environ.get("XINQIAO_HOSTS", "127.0.0.1,localhost,testserver").split(",")
BASE_DIR: Final = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "ninja",  # brings the pages of the API's description with it, so that they need no other host
    "procrastinate.contrib.django",
    "xinqiao.ledger",
    "xinqiao.parties",
    "xinqiao.subjects",
    "xinqiao.intake",
    "xinqiao.creditfile",
    "xinqiao.authorisation",
    "xinqiao.evaluation",
    "xinqiao.disclosure",
    "xinqiao.rights",
    "xinqiao.oversight",
    "xinqiao.notices",
    "xinqiao.portal",
]

MIDDLEWARE = [
    "xinqiao.site.proxies.behind_proxies",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "xinqiao.site.headers.closed_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xinqiao.portal.language.in_chosen_language",
    "xinqiao.site.room.Room",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xinqiao.portal.visitors.with_visitor",
    "xinqiao.portal.refusals.RefusalsAsPages",
    "xinqiao.api.problems.wrong_method_told",
]

ROOT_URLCONF = "xinqiao.site.urls"
WSGI_APPLICATION = "xinqiao.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "xinqiao.portal.context.page",
            ],
        },
    }
]

# ── data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def database(url: str) -> dict[str, Any]:
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
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # `work` reads a domain's jobs when they are asked for

# ── words and time ───────────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "language" / "locale"]
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# ── who is there ─────────────────────────────────────────────────────────────────────────────────────────────────────

LOGIN_URL = "portal:sign_in"
# Sessions live in the database, so ending one ends it everywhere. Half an hour without a click ends it too: these are
# desks with a public in front of them.
SESSION_ENGINE = "xinqiao.portal.sessions"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# The prefix makes a browser refuse the cookie from any other host or without HTTPS (RFC 6265bis §4.1.3.2).
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "xinqiao.portal.refusals.stale_form"
PASSWORD_HASHERS = ["xinqiao.parties.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# ── what a browser may do with a page ────────────────────────────────────────────────────────────────────────────────

_NOTHING, _OURS = ["'none'"], ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _OURS,
        "script-src": _OURS,
        "style-src": _OURS,
        "img-src": _OURS,
        "font-src": _OURS,
        "connect-src": _OURS,
        "object-src": _NOTHING,
        "frame-src": _NOTHING,
        "worker-src": _NOTHING,
        "base-uri": _NOTHING,
        "form-action": _OURS,
        "frame-ancestors": _NOTHING,
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS

# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # straight from the packages: nothing to collect, nothing to be stale
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 600
WHITENOISE_ALLOW_ALL_ORIGINS = False
# A form is small; files do not count here and go to disk as they arrive.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

LOGGING = logs.LOGGING
