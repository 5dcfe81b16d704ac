from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PenaltiesConfig(AppConfig):
    name = "penalties"
    label = "penalties"
    verbose_name = _("과징금·과태료")
