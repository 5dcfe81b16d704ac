import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0015_needless"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScanErrand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="마지막으로 검사한 때")),
                ("engine", models.CharField(blank=True, max_length=120, verbose_name="검사 프로그램")),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("ask_after", models.DateTimeField(db_index=True)),
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scan_errand",
                        to="incidents.evidence",
                    ),
                ),
            ],
            options={
                "verbose_name": "다시 하는 악성코드 검사",
                "verbose_name_plural": "다시 하는 악성코드 검사",
            },
        ),
    ]
