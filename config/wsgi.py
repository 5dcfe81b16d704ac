"""The WSGI door; gunicorn's `gthread` workers serve it."""

import os

from django.core.wsgi import get_wsgi_application

from config.transport import refuse_to_start_in_the_clear

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()
refuse_to_start_in_the_clear()
