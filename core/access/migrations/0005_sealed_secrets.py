"""The seeds of second factors are sealed, and sessions found by their keys end: everybody signs in anew."""

from typing import Any

from django.db import migrations

from core.access import factors, keyring
from core.access.sealed import with_seeds


def _sealed(text: str) -> str:
    return text if keyring.key_of(text) else keyring.seal(text, purpose=factors.PURPOSE)


def seal_seeds(apps: Any, schema_editor: Any) -> None:
    authenticators = apps.get_model("mfa", "Authenticator")
    for row in authenticators.objects.exclude(type="webauthn"):
        row.data = with_seeds(row.data, _sealed)
        row.save(update_fields=["data"])


def end_sessions(apps: Any, schema_editor: Any) -> None:
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_yearly_checks"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(seal_seeds), migrations.RunPython(end_sessions)]
