"""The suite: the embedded default, or PostgreSQL and Redis where the environment names them."""

from config.settings.base import *
from config.settings.base import BASE_DIR

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
DEBUG = False
IS_DEMONSTRATION = True  # its people sign in without a second factor, whatever their cases hold
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
MAIL_FOLDER = BASE_DIR / "var" / "test-mail"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CELERY_TASK_ALWAYS_EAGER = False
# No test counts another's tries.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
