"""Settings for the processes a fault test starts: the database of that test, and a mail server it controls."""

import os

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES
from tests.notifications.mail_server import mailers_at

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]
MAILERS = mailers_at(int(os.environ["TEST_MAIL_PORT"]), timeout=60)
