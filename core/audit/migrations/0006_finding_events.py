"""A long chain is narrowed to an action, a person or an instant without reading all of it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0005_day_stamps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["chain", "action", "sequence"], name="event_action"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["chain", "actor", "sequence"], name="event_actor"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["chain", "recorded_at", "sequence"], name="event_instant"),
        ),
    ]
