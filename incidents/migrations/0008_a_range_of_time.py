from django.db import migrations, models
from django.db.models import Q

from core.audit.operations import AppendOnly

FACTS = AppendOnly("incidents_factrevision", unique=(("case_id", "name", "key", "number"),))


class Migration(migrations.Migration):
    """An instant known as a range only. Revisions recorded before stay exact; their digests stay as they are."""

    dependencies = [("incidents", "0007_holiday_changes")]

    operations = [
        FACTS.lifted,
        migrations.AddField(
            model_name="factrevision",
            name="until_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="늦어도"),
        ),
        migrations.AddConstraint(
            model_name="factrevision",
            constraint=models.CheckConstraint(
                condition=Q(("until_at__isnull", True), ("value__isnull", False), _connector="OR"),
                name="a_range_has_an_earliest",
            ),
        ),
        FACTS,
    ]
