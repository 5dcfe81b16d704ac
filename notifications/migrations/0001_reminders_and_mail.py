import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import notifications.models.mail
import notifications.models.reminders
from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people_and_organizations"),
        ("incidents", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="시도")),
                ("started_at", models.DateTimeField(verbose_name="시작한 시각")),
                ("subject", models.CharField(max_length=250, verbose_name="제목")),
                ("text", models.TextField(verbose_name="본문")),
                ("html", models.TextField()),
            ],
            options={
                "verbose_name": "발송 시도",
                "verbose_name_plural": "발송 시도",
                "ordering": ("email", "number"),
            },
        ),
        migrations.CreateModel(
            name="DeliveryOutcome",
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
                        choices=[
                            ("accepted", "서버가 받음"),
                            ("refused", "서버가 거절함"),
                            ("unreachable", "서버에 연결하지 못함"),
                            ("unknown", "결과를 알 수 없음"),
                        ],
                        max_length=12,
                        verbose_name="결과",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="서버의 답")),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome",
                        to="notifications.deliveryattempt",
                    ),
                ),
            ],
            options={
                "verbose_name": "발송 결과",
                "verbose_name_plural": "발송 결과",
            },
        ),
        migrations.CreateModel(
            name="OutgoingEmail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("template", models.CharField(max_length=60, verbose_name="종류")),
                ("reason", models.CharField(blank=True, max_length=20, verbose_name="받는 이유")),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("queued_at", models.DateTimeField(verbose_name="만든 시각")),
                ("send_after", models.DateTimeField(verbose_name="보낼 시각")),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="시도")),
                (
                    "message_id",
                    models.CharField(
                        default=notifications.models.mail.new_message_id, max_length=255, unique=True
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=250, verbose_name="제목")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="서버의 답")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="보낸 시각")),
                ("may_be_repeated", models.BooleanField(default=False, verbose_name="두 번 갔을 수 있음")),
                ("given_up_at", models.DateTimeField(blank=True, null=True, verbose_name="그만둔 시각")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="거둔 시각")),
                (
                    "withdrawn_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ended", "기한이 끝남(이행 또는 해당 없음)"),
                            ("replaced", "사실이 바뀌어 기한이 바뀜"),
                            ("overtaken", "더 새로운 알림으로 대신함"),
                            ("policy", "알림 정책이 바뀜"),
                            ("no_access", "받을 사람이 이 사건을 더는 볼 수 없음"),
                            ("inactive", "받을 사람의 계정이 꺼짐"),
                        ],
                        max_length=10,
                        verbose_name="거둔 이유",
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.deadline",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outgoing_email",
                        to="accounts.organization",
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="받는 사람",
                    ),
                ),
            ],
            options={
                "verbose_name": "보내는 메일",
                "verbose_name_plural": "보내는 메일",
                "ordering": ("-queued_at", "-pk"),
            },
        ),
        migrations.AddField(
            model_name="deliveryattempt",
            name="email",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="notifications.outgoingemail",
            ),
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("of_target", models.BooleanField(default=False)),
                ("minutes_before", models.IntegerField(verbose_name="몇 분 전")),
                ("remind_at", models.DateTimeField(verbose_name="알릴 시각")),
                ("act_at", models.DateTimeField(blank=True, null=True)),
                ("raised_at", models.DateTimeField(blank=True, null=True, verbose_name="알린 시각")),
                ("level", models.PositiveSmallIntegerField(default=0, verbose_name="알린 사람 수")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="맡은 시각")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="거둔 시각")),
                (
                    "withdrawn_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ended", "기한이 끝남(이행 또는 해당 없음)"),
                            ("replaced", "사실이 바뀌어 기한이 바뀜"),
                            ("overtaken", "더 새로운 알림으로 대신함"),
                            ("policy", "알림 정책이 바뀜"),
                            ("no_access", "받을 사람이 이 사건을 더는 볼 수 없음"),
                            ("inactive", "받을 사람의 계정이 꺼짐"),
                        ],
                        max_length=10,
                        verbose_name="거둔 이유",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="incidents.deadline",
                    ),
                ),
            ],
            options={
                "verbose_name": "알림",
                "verbose_name_plural": "알림",
            },
        ),
        migrations.AddField(
            model_name="outgoingemail",
            name="reminder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="emails",
                to="notifications.reminder",
            ),
        ),
        migrations.CreateModel(
            name="ReminderPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "offsets",
                    models.JSONField(
                        default=notifications.models.reminders.default_offsets,
                        validators=[notifications.models.reminders.validate_offsets],
                        verbose_name="기한 전 알림(분)",
                    ),
                ),
                (
                    "overdue_minutes",
                    models.PositiveSmallIntegerField(default=60, verbose_name="기한이 지난 뒤 알림 간격(분)"),
                ),
                (
                    "escalation_minutes",
                    models.PositiveSmallIntegerField(default=15, verbose_name="확인을 기다리는 시간(분)"),
                ),
                (
                    "urgent_minutes",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="마지막 1시간과 기한 뒤에 기다리는 시간(분)"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="바꾼 시각")),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminder_policy",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "알림 정책",
                "verbose_name_plural": "알림 정책",
            },
        ),
        migrations.CreateModel(
            name="TimerPulse",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("last_sweep_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "타이머",
                "verbose_name_plural": "타이머",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_pulse")],
            },
        ),
        migrations.AddConstraint(
            model_name="deliveryattempt",
            constraint=models.UniqueConstraint(fields=("email", "number"), name="one_attempt_of_each_number"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("act_at__isnull", False), ("withdrawn_at", None)),
                fields=["act_at"],
                name="reminder_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("deadline", "of_target", "minutes_before"),
                name="one_reminder_for_each_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at", None), ("act_at", None), _connector="OR"),
                name="a_withdrawn_reminder_rests",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingemail",
            index=models.Index(
                condition=models.Q(("given_up_at", None), ("sent_at", None), ("withdrawn_at", None)),
                fields=["send_after"],
                name="email_owed",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingemail",
            index=models.Index(fields=["organization", "-queued_at"], name="email_of_organization"),
        ),
        migrations.AddIndex(
            model_name="outgoingemail",
            index=models.Index(fields=["to_user", "-queued_at"], name="email_of_person"),
        ),
        migrations.AddConstraint(
            model_name="outgoingemail",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reminder__isnull", False)),
                fields=("reminder", "template", "to_user"),
                name="a_person_is_told_once_of_a_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("overdue_minutes__range", (10, 1440)),
                    ("escalation_minutes__range", (1, 720)),
                    ("urgent_minutes__range", (1, 60)),
                ),
                name="reminders_neither_stop_nor_flood",
            ),
        ),
        AppendOnly("notifications_deliveryattempt", unique=(("email_id", "number"),)),
        AppendOnly("notifications_deliveryoutcome", unique=(("attempt_id",),)),
    ]
