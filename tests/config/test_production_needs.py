"""Whatever the processes of production import is installed by requirements.lock, not only by dev.lock."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from tests.config.processes import ROOT

pytestmark = pytest.mark.any_database

PROCESSES = """
import json, sys
import django
django.setup()
import config.wsgi, config.celery, config.urls, gunicorn.app.wsgiapp, gunicorn.workers.gthread
from kombu.transport import redis as broker
from core.documents import press, renderer
import weasyprint
config.celery.app.loader.import_default_modules()
from celery.apps import beat, worker
from importlib.metadata import packages_distributions
origins = packages_distributions()
roots = {name.partition(".")[0] for name in sys.modules}
print(json.dumps(sorted({dist for root in roots for dist in origins.get(root, ())})))
"""


TAKEN_IF_THERE = {"greenlet", "msgpack"}  # only looked for: to be patched, to know one more format


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_imported_distribution_is_locked_for_production() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "for this test alone " * 4,
        "ALLOWED_HOSTS": "breachdesk.example",
        "CSRF_TRUSTED_ORIGINS": "https://breachdesk.example",
        "BREACHDESK_SITE_URL": "https://breachdesk.example",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SMTP_HOST": "mail.example",
    }
    run = subprocess.run(
        [sys.executable, "-c", PROCESSES],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    imported = {normal(name) for name in json.loads(run.stdout)}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {normal(name) for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    assert {"kombu", "celery", "weasyprint", "gunicorn", "packaging"} <= imported
    assert imported - locked - TAKEN_IF_THERE == set()
