"""The Celery application: a ticking hand and nothing else.

Every errand is a row with its own due time, so a lost message loses nothing:
the next sweep finds the row again. Production runs this on Redis; the embedded
default runs worker and beat in one process on `memory://`.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("breachdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
