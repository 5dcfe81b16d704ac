import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A correction of a step of the procedure names the row in which the event was recorded first."""

    dependencies = [("incidents", "0008_a_range_of_time")]

    operations = [
        migrations.AddField(
            model_name="procedurestep",
            name="first",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="incidents.procedurestep",
            ),
        ),
    ]
