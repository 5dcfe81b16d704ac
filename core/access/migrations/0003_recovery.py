import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BackupNote",
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
                        choices=[("made", "백업함"), ("restored", "백업에서 복구함")],
                        max_length=8,
                        verbose_name="종류",
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="한 때")),
                ("made_at", models.DateTimeField(verbose_name="백업의 시점")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="크기")),
                ("file_count", models.PositiveIntegerField(default=0, verbose_name="파일")),
                ("key", models.CharField(max_length=32, verbose_name="여는 키")),
            ],
            options={
                "verbose_name": "백업",
                "verbose_name_plural": "백업",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="RecoveryDrill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("drilled_on", models.DateField(verbose_name="훈련한 날")),
                ("took_seconds", models.PositiveIntegerField(verbose_name="걸린 시간")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("whole", "모두 복구함"),
                            ("flawed", "복구했으나 고칠 점이 있음"),
                            ("failed", "복구하지 못함"),
                        ],
                        max_length=8,
                        verbose_name="결과",
                    ),
                ),
                ("note", models.CharField(max_length=1000, verbose_name="확인한 내용과 조치")),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="훈련한 사람",
                    ),
                ),
            ],
            options={
                "verbose_name": "복구 훈련",
                "verbose_name_plural": "복구 훈련",
                "ordering": ("-drilled_on", "-pk"),
            },
        ),
        AppendOnly("access_backupnote"),
        AppendOnly("access_recoverydrill"),
    ]
