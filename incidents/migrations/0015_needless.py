import django.db.models.deletion
from django.db import migrations, models

from core.audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0014_destruction"),
    ]

    operations = [
        migrations.CreateModel(
            name="NeedlessNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("needless_on", models.DateField(verbose_name="불필요하게 된 날")),
                (
                    "step",
                    models.CharField(
                        choices=[("due", "보관 기간이 끝남"), ("last_day", "파기할 마지막 날")],
                        max_length=8,
                        verbose_name="단계",
                    ),
                ),
                ("told_at", models.DateTimeField(verbose_name="알린 때")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needless_notices",
                        to="incidents.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "보관 기간이 끝났음을 알림",
                "verbose_name_plural": "보관 기간이 끝났음을 알림",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "needless_on", "step"), name="told_once_that_a_case_is_needless"
                    )
                ],
            },
        ),
        AppendOnly("incidents_needlessnotice", unique=(("case_id", "needless_on", "step"),)),
    ]
