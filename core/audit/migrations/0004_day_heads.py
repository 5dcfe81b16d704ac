import django.db.models.deletion
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_words_beside_events")]

    operations = [
        migrations.CreateModel(
            name="DayHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="날")),
                ("root", models.CharField(max_length=64)),
                ("leaf_count", models.PositiveBigIntegerField(verbose_name="사슬 수")),
                ("event_count", models.PositiveBigIntegerField(verbose_name="이력 수")),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("closed_at", models.DateTimeField(verbose_name="닫은 시각")),
                ("key_id", models.CharField(max_length=32, verbose_name="서명 키")),
                ("hash", models.CharField(max_length=64, unique=True, verbose_name="머리의 해시")),
                ("signature", models.CharField(max_length=128, verbose_name="서명")),
            ],
            options={
                "verbose_name": "하루의 머리",
                "verbose_name_plural": "하루의 머리",
                "ordering": ("day",),
            },
        ),
        migrations.CreateModel(
            name="DayLeaf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain_key", models.CharField(max_length=40)),
                ("length", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaves", to="audit.dayhead"
                    ),
                ),
            ],
            options={
                "verbose_name": "하루의 잎",
                "verbose_name_plural": "하루의 잎",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chain_key", "head"), name="one_leaf_of_a_chain_each_day"
                    ),
                ],
            },
        ),
        AppendOnly("audit_dayhead", unique=(("day",), ("previous_hash",), ("hash",))),
        AppendOnly("audit_dayleaf", unique=(("chain_key", "head_id"),)),
    ]
