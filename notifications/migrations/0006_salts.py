"""A salt beside the words that history keeps a digest of: rows written from now on have one.

The column comes without a default, so that SQLite adds it to the table as it is and every guard stays.
"""

from django.db import migrations, models

import core.audit.chain

SALT = models.CharField(default=core.audit.chain.new_salt, editable=False, max_length=32, null=True)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_destruction")]

    operations = [
        migrations.AddField("filing", "salt", models.CharField(editable=False, max_length=32, null=True)),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("filing", "salt", SALT),
            ]
        ),
    ]
