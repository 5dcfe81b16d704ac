from django.db import migrations

from core.access.operations import Purgeable
from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("access", "0001_access_that_holds")]

    operations = [
        AppendOnly("access_safetysetting"),
        AppendOnly("access_accesspurge"),
        AppendOnly("access_review"),
        Purgeable(),
    ]
