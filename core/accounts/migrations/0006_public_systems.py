from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_token_networks")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="is_public_system",
            field=models.BooleanField(default=False, verbose_name="공공시스템운영기관"),
        ),
        migrations.AddField(
            model_name="user",
            name="personnel_key",
            field=models.CharField(blank=True, max_length=40, verbose_name="인사정보 키"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("personnel_key", ""), _negated=True),
                fields=("personnel_key",),
                name="one_account_for_each_personnel_key",
            ),
        ),
    ]
