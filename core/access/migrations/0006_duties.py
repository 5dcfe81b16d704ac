import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_sealed_secrets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=20, verbose_name="글의 판")),
                ("digest", models.CharField(max_length=64, verbose_name="글의 해시")),
                ("is_pledge", models.BooleanField(default=False, verbose_name="서약 포함")),
                ("acknowledged_at", models.DateTimeField(verbose_name="확인한 때")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="확인한 사람",
                    ),
                ),
            ],
            options={
                "verbose_name": "의무 확인",
                "verbose_name_plural": "의무 확인",
                "ordering": ("-acknowledged_at", "-pk"),
                "indexes": [models.Index(fields=["user", "acknowledged_at"], name="duties_read_by")],
            },
        ),
        AppendOnly("access_acknowledgement"),
    ]
