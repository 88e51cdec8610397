"""Django's settings: what differs between installations comes from the environment, and no default is unsafe."""

import os
import re
from datetime import timedelta
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


def register_prefixes(text: str) -> dict[str, str]:
    """How numbers begin, by the path of the district: no two alike, or two districts would give out one number."""
    prefixes = dict(each.strip().split("=", 1) for each in text.split(",") if "=" in each)
    if len(set(prefixes.values())) < len(prefixes) or not all(re.fullmatch("[A-Z]{2,6}", p) for p in prefixes.values()):
        raise ImproperlyConfigured(
            "REGISTER_PREFIXES 写成 11/0102/=XC,11/0108/=HD：每个区 2 至 6 个大写字母，各不相同。"
        )
    return prefixes


DEBUG = switched_on("DEBUG")
SECRET_KEY = required("SECRET_KEY")
FIELD_KEYS = field_keys()
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "yihu.common",
    "yihu.access",
    "yihu.organisations",
    "yihu.documents",
    "yihu.households",
    "yihu.records_checks",
    "yihu.letters",
    "yihu.policy",
    "yihu.awards",
    "yihu.cases",
    "yihu.payments",
    # Before allauth, so that its pages are drawn by our templates.
    "yihu.web",
    "allauth",
    "allauth.account",
    "axes",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yihu.web.middleware.ActingMiddleware",
    # Last: it turns a lock-out, which comes from below as an exception, into a page.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yihu.web.desk.shell.shell",
            ]
        },
    }
]

# One pool for each of Gunicorn's processes: a connection for each thread, and an error within seconds if there is none.
DATABASES = {
    "default": database.from_address(required("DATABASE_URL"), pool={"min_size": 1, "max_size": 4, "timeout": 5})
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who works here logs in with a name and a password; nobody signs himself up.
AUTH_USER_MODEL = "access.Login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "yihu.web.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# With the browser's window the session ends too, after SESSION_COOKIE_AGE in any case; nobody is asked.
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords are counted once, by axes. A whole district may log in from one address at nine.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "300/m/ip"}
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGIN_URL = "/accounts/login/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
# Five wrong passwords lock a name for a quarter of an hour, wherever they came from.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "yihu.web.accounts.counted_name"
# By name alone on purpose: a street shares one address, and its other clerks must not be locked out.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
# What gives the accounts that anyone may enter from the login page: nothing, but for the demonstration.
OFFERED_ACCOUNTS = ""
DEMONSTRATION = switched_on("DEMONSTRATION")
if DEMONSTRATION:
    INSTALLED_APPS.append("demo")
    OFFERED_ACCOUNTS = "demo.accounts.shown"

# Papers lie outside whatever the web server hands out, by the hash of their content.
DOCUMENT_ROOT = Path(os.environ.get("DOCUMENT_ROOT") or BASE_DIR / "var/documents")
DOCUMENT_MOST_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Where other departments take questions from and drop their answers.
EXCHANGE_ROOT = Path(os.environ.get("EXCHANGE_ROOT") or BASE_DIR / "var/exchange")
# How the numbers of a district begin (files, cases, letters, runs); of one that is not named, with its path's digits.
REGISTER_PREFIXES = register_prefixes(os.environ.get("REGISTER_PREFIXES", "11/0102/=XC"))

# What runs by itself stands in the rooms' jobs.py. Done is done: a job every minute would fill the table.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 1, "delete_jobs": "successful", "shutdown_graceful_timeout": 5}

# Whose policies the pages speak of: a folder of policy_packs.
POLICY_PACK = os.environ.get("POLICY_PACK", "xicheng")
# Divisions that follow another pack, with all that lies in them, always or from a day on (yihu/policy/packs.py):
# 11/0105/=chaoyang,11/0108/=haidian@2027-01-01.
POLICY_PACKS = os.environ.get("POLICY_PACKS", "")

LANGUAGE_CODE = "zh-hans"
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
SESSION_COOKIE_SECURE = HTTPS

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # Django's own handlers write nothing at all when DEBUG is off, and an error would be lost.
    "root": {"handlers": ["console"], "level": "WARNING"},
}
