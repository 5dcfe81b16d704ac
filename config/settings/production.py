"""Production: PostgreSQL, Redis, SMTP and a reverse proxy that speaks TLS. A missing setting stops the start."""

from config.settings.base import *
from config.settings.base import env

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS")
DATABASES["default"] = {
    **env.db("DATABASE_URL"),
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
}
CELERY_BROKER_URL = env("REDIS_URL")
SITE_URL = env("BREACHDESK_SITE_URL")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("BREACHDESK_PROXY_COUNT", default=1)
REQUIRE_ACKNOWLEDGEMENT = env.bool("BREACHDESK_REQUIRE_ACKNOWLEDGEMENT", default=True)
REQUIRE_SECOND_FACTOR = env.bool("BREACHDESK_REQUIRE_SECOND_FACTOR", default=True)
MAIL_FOLDER = None
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env("SMTP_HOST"),
            "port": env.int("SMTP_PORT", default=587),
            "username": env("SMTP_USER", default=""),
            "password": env("SMTP_PASSWORD", default=""),
            "use_tls": env.bool("SMTP_TLS", default=True),
            "timeout": 20,
        },
    }
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # the page shows its own PDFs in a frame
    "security.W021",  # joining the browsers' preload list is the operator's choice
]
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
