from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_sweep_faults"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockReading",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=200, verbose_name="시각의 기준")),
                ("ask_after", models.DateTimeField()),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="비교한 때")),
                ("offset", models.IntegerField(blank=True, null=True, verbose_name="차이(밀리초)")),
                ("doubt", models.PositiveIntegerField(default=0, verbose_name="오차(밀리초)")),
                ("fault", models.CharField(blank=True, max_length=100, verbose_name="비교하지 못한 까닭")),
                ("astray_since", models.DateTimeField(blank=True, null=True, verbose_name="어긋난 때")),
            ],
            options={
                "verbose_name": "시각 비교",
                "verbose_name_plural": "시각 비교",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_clock_reading")
                ],
            },
        ),
    ]
