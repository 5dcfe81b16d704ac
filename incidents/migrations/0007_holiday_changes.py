import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0006_law_editions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HolidayChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="날짜")),
                (
                    "change",
                    models.CharField(
                        choices=[("holiday", "공휴일로 봄"), ("no_holiday", "공휴일이 아님")],
                        max_length=10,
                        verbose_name="어떻게 봅니까?",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="이름")),
                ("source", models.CharField(max_length=300, verbose_name="근거")),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="거둔 때")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "verbose_name": "공휴일 바로잡기",
                "verbose_name_plural": "공휴일 바로잡기",
                "ordering": ("day", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("day",),
                        name="one_change_for_each_day",
                    )
                ],
            },
        ),
    ]
