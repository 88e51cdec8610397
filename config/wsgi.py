"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Models can only be imported once Django is set up.
from yihu.policy import packs  # noqa: E402

packs.check_divisions()
