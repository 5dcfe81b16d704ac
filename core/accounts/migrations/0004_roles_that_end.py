from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_further_profile_facts")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="마지막 날"),
        ),
        migrations.AddField(
            model_name="membership",
            name="is_external",
            field=models.BooleanField(default=False, verbose_name="외부 사람"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_external", False), ("ends_on__isnull", False), _connector="OR"),
                name="a_role_of_an_outsider_ends",
            ),
        ),
    ]
