import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AwarenessClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.CharField(max_length=40, verbose_name="기산점")),
                ("at", models.DateTimeField(verbose_name="주장되는 시각")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("alert", "탐지 경보"),
                            ("outsider", "외부의 연락"),
                            ("finding", "분석가의 확인"),
                            ("meeting", "회의·보고"),
                            ("processor", "수탁자의 통보"),
                            ("authority", "기관의 판단"),
                            ("other", "그 밖의 근거"),
                        ],
                        max_length=10,
                        verbose_name="근거의 종류",
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="근거")),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="거둔 때")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500, verbose_name="거둔 이유")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awareness_claims",
                        to="incidents.case",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "다투는 인지 시각",
                "verbose_name_plural": "다투는 인지 시각",
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("case", "anchor", "at"),
                        name="one_claim_for_each_instant",
                    )
                ],
            },
        ),
    ]
