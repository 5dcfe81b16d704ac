import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0004_open_points"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProcedureStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="무슨 일")),
                ("happened_on", models.DateField(verbose_name="일어난 날")),
                ("given", models.JSONField(default=dict, verbose_name="문서에 적힌 것")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="문서번호")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="메모")),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="거둔 때")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500, verbose_name="거둔 이유")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="procedure",
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
                "verbose_name": "절차",
                "verbose_name_plural": "절차",
                "ordering": ("happened_on", "pk"),
            },
        ),
    ]
