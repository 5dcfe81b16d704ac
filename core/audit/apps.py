from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "core.audit"
    label = "audit"
    verbose_name = _("이력")

    def ready(self) -> None:
        from core.audit import telling

        telling.register_own()
