"""What the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Models can only be imported once Django is set up.
from yihu.policy import packs  # noqa: E402

packs.check_divisions()

# What is loaded by now stays: packs and their plans need not be gone through for garbage again with each page.
gc.collect()
gc.freeze()
