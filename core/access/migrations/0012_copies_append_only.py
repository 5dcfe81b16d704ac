from django.db import migrations

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("access", "0011_copies_and_masking")]

    operations = [
        AppendOnly("access_copy", unique=(("number",), ("allowed_by_id",))),
        AppendOnly("access_unmasking"),
    ]
