import django.db.models.deletion
from django.db import migrations, models

from core.access.operations import PurgeableLinks
from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("access", "0006_duties")]

    operations = [
        migrations.CreateModel(
            name="AccessLink",
            fields=[
                (
                    "id",
                    models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name="순번"),
                ),
                ("row", models.PositiveBigIntegerField(unique=True)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "접속기록 사슬",
                "verbose_name_plural": "접속기록 사슬",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="PurgedEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(verbose_name="지운 마지막 순번")),
                ("hash", models.CharField(max_length=64)),
                (
                    "purge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="access.accesspurge",
                    ),
                ),
            ],
            options={
                "verbose_name": "파기한 접속기록의 끝",
                "verbose_name_plural": "파기한 접속기록의 끝",
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="CopyMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[("folder", "폴더"), ("syslog", "syslog")],
                        max_length=8,
                        unique=True,
                        verbose_name="곳",
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0, verbose_name="복사한 마지막 순번")),
                ("copied_at", models.DateTimeField(null=True, verbose_name="복사한 때")),
                ("leased_until", models.DateTimeField(null=True)),
                (
                    "obstacle",
                    models.CharField(blank=True, max_length=200, verbose_name="복사하지 못한 까닭"),
                ),
            ],
            options={
                "verbose_name": "접속기록 복사",
                "verbose_name_plural": "접속기록 복사",
            },
        ),
        AppendOnly("access_purgedend", unique=(("purge_id",),)),
        PurgeableLinks(),
    ]
