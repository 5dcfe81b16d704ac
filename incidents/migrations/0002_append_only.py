from django.db import migrations

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_the_case")]

    operations = [
        AppendOnly("incidents_factrevision", unique=(("case_id", "name", "key", "number"),)),
        AppendOnly("incidents_timelineentry"),
    ]
