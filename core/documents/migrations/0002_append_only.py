from django.db import migrations

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_document")]

    operations = [AppendOnly("documents_document", unique=(("key",),))]
