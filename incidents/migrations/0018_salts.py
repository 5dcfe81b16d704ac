"""A salt beside the words that history keeps a digest of: rows written from now on have one.

The column comes without a default, so that SQLite adds it to the table as it is and every guard stays.
"""

from django.db import migrations, models

import core.audit.chain

SALT = models.CharField(default=core.audit.chain.new_salt, editable=False, max_length=32, null=True)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0017_facts_of_user_data")]

    operations = [
        migrations.AddField(
            "factrevision", "salt", models.CharField(editable=False, max_length=32, null=True)
        ),
        migrations.AddField(
            "timelineentry", "salt", models.CharField(editable=False, max_length=32, null=True)
        ),
        migrations.AddField(
            "procedurestep", "salt", models.CharField(editable=False, max_length=32, null=True)
        ),
        migrations.AddField(
            "awarenessclaim", "salt", models.CharField(editable=False, max_length=32, null=True)
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("factrevision", "salt", SALT),
                migrations.AlterField("timelineentry", "salt", SALT),
                migrations.AlterField("procedurestep", "salt", SALT),
                migrations.AlterField("awarenessclaim", "salt", SALT),
            ]
        ),
    ]
