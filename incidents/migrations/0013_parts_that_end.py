from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0012_evidence_scans")]

    operations = [
        migrations.AddField(
            model_name="casemember",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="마지막 날"),
        ),
    ]
