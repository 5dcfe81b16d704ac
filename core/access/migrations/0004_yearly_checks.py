import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_recovery"),
        ("accounts", "0003_further_profile_facts"),
        ("documents", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="YearlyCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="첫날")),
                ("last_day", models.DateField(verbose_name="마지막 날")),
                ("lines", models.JSONField(verbose_name="점검표")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("in_order", "이상 없음"),
                            ("followed_up", "이상이 있어 조치함"),
                            ("open", "조치가 남음"),
                        ],
                        max_length=12,
                        verbose_name="판정",
                    ),
                ),
                ("note", models.CharField(max_length=2000, verbose_name="종합 의견과 조치")),
                ("checked_at", models.DateTimeField(verbose_name="점검한 때")),
                (
                    "checker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="점검자",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                        verbose_name="문서",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="yearly_checks",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "이행 실태 점검",
                "verbose_name_plural": "이행 실태 점검",
                "ordering": ("-checked_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="YearlyDuty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counts_from", models.DateField(verbose_name="세기 시작한 날")),
                ("told", models.PositiveSmallIntegerField(default=0, verbose_name="알린 횟수")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="점검한 때")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="yearly_duties",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "이행 실태 점검 할 일",
                "verbose_name_plural": "이행 실태 점검 할 일",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)),
                        fields=("organization",),
                        name="one_yearly_check_owed",
                    )
                ],
            },
        ),
        AppendOnly("access_yearlycheck"),
    ]
