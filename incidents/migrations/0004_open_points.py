import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_rival_awareness"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenPointDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=80, verbose_name="물음")),
                ("answer", models.CharField(max_length=40, verbose_name="답")),
                ("reason", models.TextField(verbose_name="이유")),
                ("decided_at", models.DateTimeField(verbose_name="판단한 때")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="바뀐 때")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="incidents.case",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "판단",
                "verbose_name_plural": "판단",
                "ordering": ("decided_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)),
                        fields=("case", "question"),
                        name="one_answer_to_each_open_point",
                    )
                ],
            },
        ),
    ]
