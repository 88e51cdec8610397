"""The settings for tests: those of the service, without what only matters between processes."""

import os
from unittest import mock

# Type checking reads the settings too and needs no database; the tests name theirs once they have made it.
# Put back afterwards: a process started by a test must not take these for its own.
STAND_INS = {
    "SECRET_KEY": "only for tests",
    "FIELD_KEYS": "7e57" * 16,
    "DATABASE_URL": os.environ.get("DATABASE_URL") or "postgresql:///yihu",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "DEBUG": "",
    "HTTPS": "",
}

with mock.patch.dict(os.environ, STAND_INS):
    from config.settings import *

# Each test run makes databases of its own and drops them, which a pool would hold open.
DATABASES["default"]["OPTIONS"].pop("pool")

# Files straight from the source folders, under their own names.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]

# Made in no time; how long it takes to try a stolen hash is no matter here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
