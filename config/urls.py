"""Every door, by the app that owns it."""

from django.conf.urls.i18n import urlpatterns as language_urls
from django.urls import include, path

from config import administration, api, home

handler400 = "config.home.bad_request"

urlpatterns = [
    path("", home.clock_wall, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("accounts/", include("core.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", include(language_urls)),
    path("api/v1/", api.reference, name="api-reference"),
    path("api/v1/", api.urls()),
    path("api/<path:rest>", api.nothing_here),
    path("", include("notifications.urls")),
    path("cases/", include("incidents.urls")),
    path("settings/", administration.settings_index, name="settings"),
    path("settings/law/", administration.law_editions, name="settings-law"),
    path("settings/<int:pk>/", administration.organization, name="settings-organization"),
    path("settings/<int:pk>/profile/", administration.set_profile, name="settings-profile"),
    path("settings/<int:pk>/people/", administration.people, name="settings-people"),
    path("settings/<int:pk>/people/add/", administration.add_person, name="settings-add-person"),
    path("settings/<int:pk>/people/give/", administration.give_role, name="settings-give-role"),
    path(
        "settings/<int:pk>/people/<int:membership>/take/", administration.take_role, name="settings-take-role"
    ),
]
