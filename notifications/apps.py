from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    label = "notifications"
    verbose_name = _("통지·신고")

    def ready(self) -> None:
        from notifications import (
            destroying,
            exhibits,
            receivers,
            telling,
            witnesses,
        )  # receivers listen from here on

        assert receivers
        telling.register()
        witnesses.register()
        exhibits.register()
        destroying.register_all()
