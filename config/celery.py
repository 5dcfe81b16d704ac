"""The Celery application: a ticking hand and nothing else.

Every errand is a row with its own due time, so a lost message loses nothing:
the next sweep finds the row again. Production runs this on Redis; the embedded
default runs worker and beat in one process on `memory://`.
"""

import os

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from config.transport import refuse_to_start_in_the_clear

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("breachdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def refuse_to_start(**rest: object) -> None:
    """Celery goes on after any other exception of a receiver."""
    try:
        refuse_to_start_in_the_clear()
    except ImproperlyConfigured as fault:
        raise SystemExit(str(fault)) from fault


worker_init.connect(refuse_to_start)
beat_init.connect(refuse_to_start)
