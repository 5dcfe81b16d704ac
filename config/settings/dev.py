"""The embedded default: SQLite, mail into a folder, no server to install."""

import secrets

from config.settings.base import *
from config.settings.base import DATA_DIR, env


def _own_secret_key() -> str:
    """The key this installation made for itself on its first start."""
    key_file = DATA_DIR / "secret_key"
    if not key_file.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        key_file.touch(mode=0o600)
        key_file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return key_file.read_text(encoding="utf-8")


DEBUG = env.bool("BREACHDESK_DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or _own_secret_key()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
IS_DEMONSTRATION = True  # `make run` loads the demonstration once
MAIL_FOLDER = DATA_DIR / "mail"
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(MAIL_FOLDER)},
    }
}
WHITENOISE_USE_FINDERS = True
