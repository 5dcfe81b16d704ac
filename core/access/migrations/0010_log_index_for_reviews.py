from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0009_review_sheets")]

    operations = [
        migrations.RemoveIndex(model_name="accessrow", name="access_by_organization"),
        migrations.AddIndex(
            model_name="accessrow",
            index=models.Index(
                fields=["organization", "at", "account", "act", "result"], name="access_by_organization"
            ),
        ),
    ]
