"""What papers say goes when their case is destroyed; and each case gets a key of its own for its files."""

from django.db import migrations, models

from core.audit.operations import Destroyable


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_append_only"), ("audit", "0007_destruction")]

    operations = [
        Destroyable("documents_document", unique=(("key",),), chain="OLD.case_key"),
        migrations.CreateModel(
            name="CaseKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_key", models.CharField(max_length=40, unique=True, verbose_name="사건번호")),
                ("key_id", models.CharField(max_length=16, unique=True)),
                ("wrapped", models.BinaryField()),
                ("destroyed_at", models.DateTimeField(null=True, verbose_name="파기한 때")),
            ],
            options={"verbose_name": "사건의 키", "verbose_name_plural": "사건의 키"},
        ),
    ]
