from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "core.access"
    label = "access"
    verbose_name = _("접근과 안전조치")

    def ready(self) -> None:
        from core.access import checks, receivers, telling, witnesses  # receivers listen from here on

        assert checks and receivers
        telling.register()
        witnesses.register()
