import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_log_chain"),
        ("accounts", "0003_further_profile_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "경보 점검 위치",
                "verbose_name_plural": "경보 점검 위치",
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("new_network", "처음 보는 네트워크"),
                            ("night", "밤에 한 일"),
                            ("many_subjects", "짧은 시간에 많은 대상"),
                            ("failures", "되풀이한 실패와 거부"),
                            ("small_reads", "조금씩 되풀이한 조회"),
                        ],
                        max_length=16,
                        verbose_name="규칙",
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("address", models.GenericIPAddressField(null=True, verbose_name="접속지")),
                ("first_at", models.DateTimeField(verbose_name="처음")),
                ("last_at", models.DateTimeField(verbose_name="마지막")),
                ("rows", models.JSONField(default=list)),
                ("row_count", models.PositiveIntegerField(verbose_name="기록 수")),
                ("measured", models.PositiveIntegerField(verbose_name="센 수")),
                ("raised_at", models.DateTimeField(verbose_name="알린 때")),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[("in_order", "정당한 업무로 확인함"), ("followed_up", "이상이 있어 조치함")],
                        max_length=12,
                        verbose_name="판정",
                    ),
                ),
                ("closing_reason", models.CharField(blank=True, max_length=1000, verbose_name="이유")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="닫은 때")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="식별자",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="닫은 사람",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                        verbose_name="기관",
                    ),
                ),
            ],
            options={
                "verbose_name": "경보",
                "verbose_name_plural": "경보",
                "ordering": ("-raised_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Explanation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=1000, verbose_name="물은 것")),
                ("asked_at", models.DateTimeField(verbose_name="물은 때")),
                ("answer", models.CharField(blank=True, max_length=2000, verbose_name="소명")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="답한 때")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="explanations",
                        to="access.alert",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="물은 사람",
                    ),
                ),
            ],
            options={
                "verbose_name": "소명 요청",
                "verbose_name_plural": "소명 요청",
                "ordering": ("-asked_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="SeenNetwork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network", models.CharField(max_length=49)),
                ("seen_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "쓴 네트워크",
                "verbose_name_plural": "쓴 네트워크",
            },
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["organization", "last_at"], name="alert_of_organization"),
        ),
        migrations.AddConstraint(
            model_name="seennetwork",
            constraint=models.UniqueConstraint(
                fields=("account", "network"), name="one_row_of_a_persons_network"
            ),
        ),
    ]
