from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_roles_that_end")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="networks",
            field=models.JSONField(blank=True, default=list, verbose_name="쓸 수 있는 네트워크"),
        ),
    ]
