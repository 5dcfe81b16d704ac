import django.db.models.deletion
from django.db import migrations, models

from core.audit.operations import AppendOnly


def own_id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_day_heads")]

    operations = [
        migrations.CreateModel(
            name="DayStamp",
            fields=[
                ("id", own_id()),
                ("authority", models.CharField(max_length=200, verbose_name="시점확인 기관")),
                ("answer", models.BinaryField()),
                ("stamped_at", models.DateTimeField(verbose_name="기관이 확인한 시각")),
                ("received_at", models.DateTimeField(verbose_name="받은 시각")),
                (
                    "head",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stamp", to="audit.dayhead"
                    ),
                ),
            ],
            options={"verbose_name": "시점확인", "verbose_name_plural": "시점확인"},
        ),
        migrations.CreateModel(
            name="StampErrand",
            fields=[
                ("id", own_id()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("ask_after", models.DateTimeField()),
                ("obstacle", models.CharField(blank=True, max_length=200)),
                (
                    "head",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stamp_errand",
                        to="audit.dayhead",
                    ),
                ),
            ],
            options={"verbose_name": "시점확인 요청", "verbose_name_plural": "시점확인 요청"},
        ),
        AppendOnly("audit_daystamp", unique=(("head_id",),)),
    ]
