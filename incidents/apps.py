from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    label = "incidents"
    verbose_name = _("사건")

    def ready(self) -> None:
        from incidents import (
            destroying,
            exhibits,
            organization,
            receivers,
            safety,
            telling,
            witnesses,
        )  # receivers listen from here on

        assert receivers
        organization.register()
        telling.register()
        witnesses.register()
        exhibits.register()
        destroying.register_all()
        safety.register()
