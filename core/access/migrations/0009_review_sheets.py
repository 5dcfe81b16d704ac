import django.db.models.deletion
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("access", "0008_alerts"), ("documents", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="HitVerdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[("in_order", "정당한 업무로 확인함"), ("followed_up", "이상이 있어 조치함")],
                        max_length=12,
                        verbose_name="판정",
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="access.alert",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hits", to="access.review"
                    ),
                ),
            ],
            options={
                "verbose_name": "경보별 판정",
                "verbose_name_plural": "경보별 판정",
                "ordering": ("alert",),
            },
        ),
        migrations.CreateModel(
            name="OverdueNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("log", "접속기록 점검"), ("rights", "접근 권한 점검")], max_length=8
                    ),
                ),
                ("last_day", models.DateField()),
                ("told_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "밀린 점검을 알림",
                "verbose_name_plural": "밀린 점검을 알림",
            },
        ),
        migrations.CreateModel(
            name="ReviewSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.CharField(max_length=64)),
                ("sample", models.JSONField(default=list)),
                ("figures", models.JSONField(default=dict)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.document"
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheet", to="access.review"
                    ),
                ),
            ],
            options={
                "verbose_name": "점검표",
                "verbose_name_plural": "점검표",
            },
        ),
        migrations.AddConstraint(
            model_name="hitverdict",
            constraint=models.UniqueConstraint(
                fields=("review", "alert"), name="one_verdict_on_an_alert_in_a_review"
            ),
        ),
        migrations.AddConstraint(
            model_name="overduenotice",
            constraint=models.UniqueConstraint(
                fields=("organization", "kind", "last_day"), name="told_once_of_an_overdue_period"
            ),
        ),
        AppendOnly("access_reviewsheet", unique=(("review_id",), ("document_id",))),
        AppendOnly("access_hitverdict", unique=(("review_id", "alert_id"),)),
    ]
