from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_api_tokens")]

    operations = [
        migrations.AddField(
            model_name="organizationprofile",
            name="further",
            field=models.JSONField(blank=True, default=dict, verbose_name="그 밖의 현황"),
        ),
    ]
