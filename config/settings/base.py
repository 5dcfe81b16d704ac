"""What every deployment shares. Each secret and address comes from the environment."""

from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config.settings.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = Environment()

DATA_DIR = Path(env("BREACHDESK_DATA_DIR", default=str(BASE_DIR / "var")))
EVIDENCE_FOLDER = DATA_DIR / "evidence"
VAULT_KEY_FILE = Path(env("BREACHDESK_VAULT_KEY", default=str(DATA_DIR / "keys" / "vault.key")))
SCANNER = env("BREACHDESK_SCANNER", default="")  # who looks evidence over for malware: incidents/scanner.py
TIME_SOURCE = env(
    "BREACHDESK_TIME_SOURCE", default=""
)  # ntp://host or https://host/, to compare the clock with
APPLICATION_KEY_FILE = Path(
    env("BREACHDESK_APPLICATION_KEY", default=str(DATA_DIR / "keys" / "application.key"))
)
ENCRYPTED_NETWORKS = env.list("BREACHDESK_ENCRYPTED_NETWORKS", default=[])  # hosts and networks, not TLS
SITE_URL = env("BREACHDESK_SITE_URL", default="http://127.0.0.1:8000")
SIGNING_KEY_FILE = Path(env("BREACHDESK_SIGNING_KEY", default=str(DATA_DIR / "keys" / "signing.pem")))
TSA_URL = env("BREACHDESK_TSA_URL", default="")  # a time-stamping authority (RFC 3161), if any is to be asked
TSA_CERTIFICATES_FILE = env("BREACHDESK_TSA_CERTIFICATES", default="")  # PEM: its root, and what lies between
ACCESS_LOG_COPY_DIR = env("BREACHDESK_ACCESS_LOG_COPY_DIR", default="")  # a folder that only grows, mounted
ACCESS_LOG_SYSLOG = env("BREACHDESK_ACCESS_LOG_SYSLOG", default="")  # tls://, tcp:// or udp://host:port
ACCESS_LOG_SYSLOG_CA = env(
    "BREACHDESK_ACCESS_LOG_SYSLOG_CA", default=""
)  # PEM, where the system trusts it not

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "config",
    "core.accounts",
    "core.access",
    "core.audit",
    "core.documents",
    "incidents",
    "penalties",
    "insurance",
    "notifications",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.doors.NoNulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.doors.PrivatePagesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.accounts.standing.OneLook",
    "core.access.middleware.SessionRules",
    "core.access.middleware.AllowedNetworks",
    "core.access.middleware.SecondFactor",
    "core.access.duty_views.DutiesFirst",
    "config.reading.NoteReading",
    "config.masking.MaskTyped",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.uploads.UploadLimitMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.home.shell",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'breachdesk.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # what was set before; changed at the next sign-in
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "core.access.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "core.access.passwords.NoneOfTheLast", "OPTIONS": {"count": 5}},
]
REQUIRE_ACKNOWLEDGEMENT = env.bool("BREACHDESK_REQUIRE_ACKNOWLEDGEMENT", default=False)
REQUIRE_SECOND_FACTOR = env.bool("BREACHDESK_REQUIRE_SECOND_FACTOR", default=False)
IS_DEMONSTRATION = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "core.access.sign_on.adapter.DoorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True  # every address gets the same answer …
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # … and only those of our own people get mail
ACCOUNT_FORMS = {
    "reset_password": "core.accounts.forms.AskForPasswordForm",
    "reset_password_from_key": "core.accounts.reset_forms.ResetWithFactorForm",
}
# django-axes keeps the lock-out of passwords, in the database and over restarts. These slow down what it does
# not see: one-time codes, old passwords, mail asked for by strangers. Counted by each process for itself.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "add_webauthn": "core.accounts.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "core.accounts.passkey_forms.RenamePasskeyForm",
}
MFA_ADAPTER = "core.access.factors.SealedFactorAdapter"
OIDC_ISSUER = env("BREACHDESK_OIDC_ISSUER", default="")  # empty: no single sign-on
OIDC_NAME = env("BREACHDESK_OIDC_NAME", default="SSO")  # what the button on the sign-in page says
OIDC_SECOND_FACTOR = env.list("BREACHDESK_OIDC_SECOND_FACTOR", default=[])  # claim:value, as amr:mfa
SOCIALACCOUNT_ADAPTER = "core.access.sign_on.adapter.StaffOnlyAdapter"
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "company",
                    "name": OIDC_NAME,
                    "client_id": env("BREACHDESK_OIDC_CLIENT_ID"),
                    "secret": env("BREACHDESK_OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
                }
            ]
        }
    }
    if OIDC_ISSUER
    else {}
)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("BREACHDESK_PROXY_COUNT", default=0)

AXES_HANDLER = "core.access.locks.DoorHandler"
AXES_FAILURE_LIMIT = "core.access.locks.failure_limit"
AXES_COOLOFF_TIME = "core.access.locks.lock_time"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # knocking on makes no lock longer
AXES_DISABLE_ACCESS_LOG = True  # it would keep addresses in the clear; the access log is ours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "core.accounts.adapter.client_address"
AXES_USERNAME_CALLABLE = "core.accounts.adapter.attempted_key"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login"]  # no address stays in the lock-out table
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "core.access.locks.locked_page"
AXES_VERBOSE = False

SESSION_ENGINE = "core.access.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True  # our scripts read the token from the page
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.home.csrf_failure"

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("한국어")), ("en", _("영어"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}
X_FRAME_OPTIONS = "SAMEORIGIN"

DEFAULT_FROM_EMAIL = env("BREACHDESK_FROM_EMAIL", default="breachdesk <no-reply@localhost>")

CELERY_BROKER_URL = env("REDIS_URL", default="memory://localhost")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps no file: the rows know what is due
SWEEP_SECONDS = env.int("BREACHDESK_SWEEP_SECONDS", default=5)
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "notifications.tasks.sweep_everything_due",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * 2},
    },
}
TIMERS_LATE_AFTER = timedelta(minutes=3)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("BREACHDESK_LOG_LEVEL", default="WARNING")},
}
