import django.db.models.deletion
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0011_counsel_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("clean", "이상 없음"),
                            ("flagged", "악성코드로 보임"),
                            ("not_scanned", "검사하지 못하는 파일"),
                            ("error", "검사 실패"),
                        ],
                        max_length=12,
                        verbose_name="판정",
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=200, verbose_name="찾은 것")),
                ("engine", models.CharField(blank=True, max_length=120, verbose_name="검사 프로그램")),
                ("scanned_at", models.DateTimeField(verbose_name="검사한 때")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="incidents.evidence",
                    ),
                ),
            ],
            options={
                "verbose_name": "악성코드 검사",
                "verbose_name_plural": "악성코드 검사",
                "ordering": ("pk",),
            },
        ),
        AppendOnly("incidents_evidencescan"),
    ]
