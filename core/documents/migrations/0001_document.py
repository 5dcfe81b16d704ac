import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("case_key", models.CharField(db_index=True, max_length=40, verbose_name="사건 번호")),
                ("kind", models.CharField(max_length=40, verbose_name="종류")),
                ("number", models.CharField(db_index=True, max_length=60, verbose_name="문서번호")),
                ("copy_number", models.PositiveIntegerField(default=1, verbose_name="부본")),
                ("title", models.CharField(max_length=200, verbose_name="제목")),
                ("template", models.CharField(max_length=120, verbose_name="서식")),
                ("template_edition", models.CharField(max_length=40, verbose_name="서식판")),
                ("rules_digest", models.CharField(max_length=64, verbose_name="규칙판")),
                ("content_hash", models.CharField(max_length=64, verbose_name="내용 해시")),
                ("file_hash", models.CharField(max_length=64, verbose_name="파일 해시")),
                ("pdf", models.BinaryField(verbose_name="PDF 파일")),
                ("page_count", models.PositiveIntegerField(verbose_name="쪽수")),
                ("status", models.CharField(max_length=20, verbose_name="상태")),
                ("issued_at", models.DateTimeField(verbose_name="발행 시각")),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="발행자",
                    ),
                ),
            ],
            options={
                "verbose_name": "문서",
                "verbose_name_plural": "문서",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("page_count__gte", 1)), name="a_paper_has_a_page"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("copy_number__gte", 1)), name="copies_start_at_one"
                    ),
                ],
            },
        ),
    ]
