from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"
    verbose_name = _("계정")

    def ready(self) -> None:
        from core.accounts import receivers, telling, witnesses  # receivers listen from here on

        assert receivers
        telling.register()
        witnesses.register()
