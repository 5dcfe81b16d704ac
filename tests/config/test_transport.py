"""Servers over a network are spoken to under TLS, or production does not start."""

from types import SimpleNamespace

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured

from config import celery
from config.settings.environment import Environment, FromFiles
from config.transport import refuse_to_start_in_the_clear, spoken_in_the_clear

pytestmark = [pytest.mark.filterwarnings("ignore:Overriding setting DATABASES"), pytest.mark.any_database]
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def house(settings):
    """Everything on this machine; `say` changes one server."""
    settings.ENCRYPTED_NETWORKS = []
    settings.OIDC_ISSUER = ""
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/0"
    settings.MAILERS = mail("localhost")
    database(settings, "postgres://b@127.0.0.1/b")
    return settings


def database(settings, url):
    settings.DATABASES = {"default": Environment().db_url_config(url)}


def mail(host, **options):
    return {"default": {"BACKEND": SMTP, "OPTIONS": {"host": host, **options}}}


def faults():
    return [fault.id for fault in spoken_in_the_clear()]


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("postgres://b@db.example/b", True),
        ("postgres://b@db.example/b?sslmode=prefer", True),
        ("postgres://b@db.example/b?sslmode=disable", True),
        ("postgres://b@10.0.0.5/b", True),
        ("postgres://b@db.example/b?sslmode=require", False),
        ("postgres://b@db.example/b?sslmode=verify-full", False),
        ("postgres://b@localhost/b", False),
        ("postgres://b@127.0.0.1/b", False),
        ("postgres://b@[::1]/b", False),
        ("postgres:///b?host=/var/run/postgresql", False),
        ("postgres:///b", False),
        ("sqlite:////tmp/b.sqlite3", False),
    ],
)
def test_postgresql(house, monkeypatch, url, is_refused):
    for name in ("PGHOST", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)
    database(house, url)
    assert faults() == (["breachdesk.E001"] if is_refused else [])


def test_postgresql_named_by_its_own_variables(house, monkeypatch):
    database(house, "postgres:///b")
    monkeypatch.setenv("PGHOST", "db.example")
    assert faults() == ["breachdesk.E001"]
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert faults() == []


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("redis://cache.example:6379/0", True),
        ("redis://:pw@192.0.2.7:6379/0", True),
        ("redis://127.0.0.1/0;redis://cache.example/0", True),
        ("sentinel://cache.example:26379", True),
        ("rediss://cache.example:6379/0?ssl_cert_reqs=required", False),
        ("redis://localhost:6379/0", False),
        ("redis+socket:///run/redis.sock", False),
        ("memory://localhost", False),
    ],
)
def test_redis(house, url, is_refused):
    house.CELERY_BROKER_URL = url
    assert faults() == (["breachdesk.E002"] if is_refused else [])


@pytest.mark.parametrize(
    ("mailers", "is_refused"),
    [
        (mail("mail.example"), True),
        (mail("mail.example", use_tls=True), False),
        (mail("mail.example", use_ssl=True), False),
        (mail("127.0.0.1"), False),
    ],
)
def test_smtp(house, mailers, is_refused):
    house.MAILERS = mailers
    assert faults() == (["breachdesk.E003"] if is_refused else [])


def test_the_provider_of_single_sign_on(house):
    house.OIDC_ISSUER = "http://sso.example"
    assert faults() == ["breachdesk.E004"]
    house.OIDC_ISSUER = "https://sso.example"
    assert faults() == []


@pytest.mark.parametrize(
    ("named", "host", "is_refused"),
    [
        (["10.8.0.0/24"], "10.8.0.9", False),
        (["10.8.0.0/24"], "10.8.1.9", True),
        (["10.8.0.0/24"], "db.wireguard", True),
        (["db.wireguard"], "DB.wireguard", False),
    ],
)
def test_a_network_encrypted_otherwise_is_named(house, named, host, is_refused):
    house.ENCRYPTED_NETWORKS = named
    database(house, f"postgres://b@{host}/b")
    assert bool(faults()) is is_refused


def test_the_start_is_refused_in_a_line_with_its_remedy_for_each(house):
    database(house, "postgres://b@db.example/b")
    house.MAILERS = mail("mail.example")
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_to_start_in_the_clear()
    first, second = str(refusal.value).splitlines()
    assert "sslmode=verify-full" in first and "SMTP_TLS" in second
    assert {"breachdesk.E001", "breachdesk.E003"} <= {fault.id for fault in run_checks(tags=[Tags.security])}


def test_a_worker_does_not_start_either(house):
    database(house, "postgres://b@db.example/b")
    with pytest.raises(SystemExit, match="sslmode"):
        celery.refuse_to_start(sender=SimpleNamespace())


def test_on_one_machine_everything_starts(house):
    refuse_to_start_in_the_clear()


def test_a_secret_may_stand_in_a_file(monkeypatch, tmp_path):
    kept = tmp_path / "smtp"
    kept.write_text("s3cret word\n", encoding="utf-8")
    monkeypatch.setenv("SMTP_PASSWORD_FILE", str(kept))
    monkeypatch.setattr(Environment, "ENVIRON", FromFiles())
    assert Environment()("SMTP_PASSWORD") == "s3cret word"


def test_a_named_file_that_is_missing_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.setenv("SMTP_PASSWORD_FILE", str(tmp_path / "none"))
    monkeypatch.setattr(Environment, "ENVIRON", FromFiles())
    with pytest.raises(FileNotFoundError):
        Environment()("SMTP_PASSWORD", default="")
