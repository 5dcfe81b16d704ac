"""Words beside the events of a case go when the case is destroyed."""

from django.db import migrations

from core.audit.operations import ErasableOrDestroyed


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_finding_events")]

    operations = [
        ErasableOrDestroyed("audit_eventwords", unique=(("event_id",),), action="history.words-erased")
    ]
