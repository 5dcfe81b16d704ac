from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0016_scans_again")]

    operations = [
        migrations.AddIndex(
            model_name="factrevision",
            index=models.Index(
                condition=models.Q(("name", "is_user_data")), fields=["case"], name="facts_of_user_data"
            ),
        ),
    ]
