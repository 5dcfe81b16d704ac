import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0010_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CounselNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="번호")),
                ("text", models.TextField(verbose_name="내용")),
                ("salt", models.CharField(max_length=32)),
                ("recorded_at", models.DateTimeField(verbose_name="기록 시각")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counsel_notes",
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
                "verbose_name": "법무 메모",
                "verbose_name_plural": "법무 메모",
                "ordering": ("case", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="one_counsel_note_of_each_number")
                ],
            },
        ),
        AppendOnly("incidents_counselnote", unique=(("case_id", "number"),)),
    ]
