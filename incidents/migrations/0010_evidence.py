import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0009_corrected_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="번호")),
                ("title", models.CharField(max_length=120, verbose_name="무엇인지")),
                ("file_name", models.CharField(max_length=150, verbose_name="파일 이름")),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField(verbose_name="크기")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("kept_as", models.CharField(max_length=100, unique=True)),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
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
            ],
            options={
                "verbose_name": "증거",
                "verbose_name_plural": "증거",
                "ordering": ("case", "number"),
            },
        ),
        migrations.CreateModel(
            name="CustodyEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="순번")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "받음"),
                            ("viewed", "열람"),
                            ("copied", "사본을 내려받음"),
                            ("handed_over", "넘겨줌"),
                            ("returned", "돌려받음"),
                            ("held", "보존 조치"),
                            ("released", "보존 조치 해제"),
                            ("kept_until", "보관 기간을 정함"),
                        ],
                        max_length=12,
                        verbose_name="한 일",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="한 때")),
                ("party", models.CharField(blank=True, max_length=120, verbose_name="누구에게서·누구에게")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="목적·이유")),
                ("until", models.DateField(blank=True, null=True, verbose_name="보관하는 마지막 날")),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custody",
                        to="incidents.evidence",
                    ),
                ),
            ],
            options={
                "verbose_name": "보관 기록",
                "verbose_name_plural": "보관 기록",
                "ordering": ("evidence", "number"),
            },
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="one_evidence_of_each_number"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gte", 1)), name="evidence_is_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="custodyentry",
            constraint=models.UniqueConstraint(
                fields=("evidence", "number"), name="one_custody_entry_of_each_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="custodyentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "kept_until"), ("until__isnull", False)),
                    models.Q(models.Q(("kind", "kept_until"), _negated=True), ("until__isnull", True)),
                    _connector="OR",
                ),
                name="a_retention_names_its_day",
            ),
        ),
        AppendOnly("incidents_evidence", unique=(("case_id", "number"), ("kept_as",))),
        AppendOnly("incidents_custodyentry", unique=(("evidence_id", "number"),)),
    ]
