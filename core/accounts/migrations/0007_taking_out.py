from django.db import migrations, models


class Migration(migrations.Migration):
    """Roles given before there was the right keep what they could do; one given from now on has none unless said."""

    dependencies = [("accounts", "0006_public_systems")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="may_take_out",
            field=models.BooleanField(default=True, verbose_name="출력·다운로드"),
        ),
        migrations.AlterField(
            model_name="membership",
            name="may_take_out",
            field=models.BooleanField(default=False, verbose_name="출력·다운로드"),
        ),
    ]
