import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_append_only"),
        ("incidents", "0002_append_only"),
        ("notifications", "0001_reminders_and_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content_hash", models.CharField(max_length=64, verbose_name="내용 해시")),
                (
                    "decision",
                    models.CharField(
                        choices=[("approved", "승인"), ("returned", "돌려보냄")],
                        max_length=10,
                        verbose_name="결정",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="의견")),
                ("decided_at", models.DateTimeField(verbose_name="결정 시각")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "승인",
                "verbose_name_plural": "승인",
                "ordering": ("decided_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="번호")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("subject_notice", "정보주체 통지문"),
                            ("possibility_notice", "유출등 가능성 통지문"),
                            ("not_leaked_notice", "유출등이 아님을 알리는 통지문"),
                            ("user_notice", "침해사고 이용자 통지문"),
                            ("pipc_report", "개인정보 유출등 신고서"),
                            ("kisa_report", "침해사고 신고서"),
                            ("kisa_supplement", "침해사고 보완 신고서"),
                            ("statutory_notice", "그 밖의 법정 통지문"),
                            ("statutory_report", "그 밖의 법정 신고서"),
                        ],
                        max_length=20,
                        verbose_name="종류",
                    ),
                ),
                ("family", models.CharField(max_length=60)),
                ("subject_key", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField(verbose_name="만든 시각")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="incidents.case",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "통지·신고 문서",
                "verbose_name_plural": "통지·신고 문서",
                "ordering": ("case", "number"),
            },
        ),
        migrations.CreateModel(
            name="PaperVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="판")),
                ("title", models.CharField(max_length=120, verbose_name="제목")),
                ("fields", models.JSONField()),
                ("items", models.JSONField()),
                ("letterhead", models.JSONField()),
                ("contents_code", models.CharField(blank=True, max_length=30)),
                ("rule_id", models.CharField(max_length=60)),
                ("key_on", models.DateField(null=True)),
                ("is_partial", models.BooleanField(default=False, verbose_name="먼저 알리는 통지·신고")),
                ("facts_seen", models.JSONField()),
                ("template_edition", models.CharField(max_length=20, verbose_name="서식판")),
                ("rules_digest", models.CharField(max_length=64)),
                ("content_hash", models.CharField(max_length=64, verbose_name="내용 해시")),
                ("lint", models.JSONField()),
                ("error_count", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(verbose_name="저장 시각")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="notifications.paper",
                    ),
                ),
            ],
            options={
                "verbose_name": "판",
                "verbose_name_plural": "판",
                "ordering": ("paper", "number"),
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recipient", models.CharField(max_length=30, verbose_name="받는 곳")),
                ("at", models.DateTimeField(verbose_name="제출·통지를 마친 때")),
                ("channels", models.JSONField(verbose_name="방법")),
                ("receipt_number", models.CharField(blank=True, max_length=60, verbose_name="접수번호")),
                ("told_count", models.PositiveIntegerField(null=True, verbose_name="개별로 알린 인원")),
                ("posted_count", models.PositiveIntegerField(null=True, verbose_name="게시로 갈음한 인원")),
                ("note", models.TextField(blank=True, verbose_name="비고")),
                ("lateness_reason", models.TextField(blank=True, verbose_name="늦은 사유")),
                ("margin_seconds", models.BigIntegerField(null=True)),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="notifications.approval",
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.deadline",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.document"
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.deadline",
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="notifications.paperversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "통지·신고 기록",
                "verbose_name_plural": "통지·신고 기록",
                "ordering": ("at", "pk"),
            },
        ),
        migrations.AddField(
            model_name="approval",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="notifications.paperversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="one_paper_of_each_number"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=("case", "kind", "family", "subject_key"), name="one_paper_for_each_duty"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperversion",
            constraint=models.UniqueConstraint(fields=("paper", "number"), name="one_version_of_each_number"),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                fields=("version", "recipient"), name="a_version_is_given_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                fields=("version", "decision"), name="each_decision_once_for_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "approved"), _negated=True),
                    ("document__isnull", False),
                    _connector="OR",
                ),
                name="an_approval_has_its_paper",
            ),
        ),
        AppendOnly("notifications_paperversion", unique=(("paper_id", "number"),)),
        AppendOnly("notifications_approval", unique=(("version_id", "decision"),)),
        AppendOnly("notifications_filing", unique=(("version_id", "recipient"),)),
    ]
