"""Django's settings: what differs between installations comes from the environment, and no default is unsafe."""

import os
import re
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import database

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str) -> str:
    """A value without which nothing may start."""
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(f"缺少环境变量 {name}。")
    return value


def switched_on(name: str) -> bool:
    """Whether a switch is on; off unless it says so."""
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def field_keys() -> list[str]:
    """The keys of encrypted columns, newest first; see docs/how-to/keep-the-field-key.md."""
    keys = [key.strip() for key in required("FIELD_KEYS").split(",")]
    if not all(re.fullmatch("[0-9a-f]{64}", key) for key in keys):
        raise ImproperlyConfigured("FIELD_KEYS 里的每把密钥是 64 位十六进制数字（0-9a-f），新的在前，用逗号隔开。")
    return keys


DEBUG = switched_on("DEBUG")
SECRET_KEY = required("SECRET_KEY")
FIELD_KEYS = field_keys()
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "yihu.organisations",
    "yihu.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# One pool for each of Gunicorn's processes: a connection for each thread, and an error within seconds if there is none.
DATABASES = {
    "default": database.from_address(required("DATABASE_URL"), pool={"min_size": 1, "max_size": 4, "timeout": 5})
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Whose policies the pages speak of: a folder of policy_packs.
POLICY_PACK = os.environ.get("POLICY_PACK", "xicheng")

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or BASE_DIR / "var/static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Scripts, styles and pictures come from this server alone and stand in files; nothing is written into the pages.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# Behind a proxy that speaks TLS. The demonstration speaks plain HTTP to its own machine.
HTTPS = switched_on("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_COOKIE_SECURE = HTTPS

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # Django's own handlers write nothing at all when DEBUG is off, and an error would be lost.
    "root": {"handlers": ["console"], "level": "WARNING"},
}
