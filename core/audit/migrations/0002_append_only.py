from django.db import migrations

from core.audit.operations import Chained


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_history")]

    operations = [Chained("audit_event", unique=(("hash",), ("chain_id", "sequence")))]
