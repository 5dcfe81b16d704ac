"""Every door, by the app that owns it."""

from django.conf.urls.i18n import urlpatterns as language_urls
from django.urls import include, path

from config import (
    access_log,
    access_review,
    administration,
    alerts,
    api,
    copy_register,
    doorkeeping,
    drills,
    home,
    law,
    personnel,
    role_periods,
    safety,
    safety_evidence,
    system,
    taking_out,
    yearly,
)

handler400 = "config.home.bad_request"

urlpatterns = [
    path("", home.clock_wall, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("accounts/", include("core.accounts.urls")),
    path("accounts/sessions/", include("core.access.urls")),
    path("accounts/", include("core.access.sign_on.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", include(language_urls)),
    path("scim/v2/", include("core.access.scim.urls")),
    path("api/v1/", api.reference, name="api-reference"),
    path("api/v1/", api.urls()),
    path("api/<path:rest>", api.nothing_here),
    path("", include("notifications.urls")),
    path("cases/", include("incidents.urls")),
    path("settings/", administration.settings_index, name="settings"),
    path("settings/safety/", safety.safety, name="settings-safety"),
    path("settings/safety/drills/", drills.drills, name="settings-drills"),
    path("settings/safety/evidence/", safety_evidence.safety_evidence, name="settings-safety-evidence"),
    path("settings/safety/<str:code>/", safety.change_setting, name="settings-safety-change"),
    path("settings/system/", system.system, name="settings-system"),
    path("settings/access-log/", access_log.access_log, name="access-log"),
    path("settings/access-log/<int:pk>/<str:kind>/", access_review.review, name="access-log-review"),
    path("settings/access-log/reviews/<int:pk>.pdf", access_review.review_paper, name="access-review-paper"),
    path("settings/access-log/alerts/", alerts.alert_list, name="alert-list"),
    path("settings/access-log/alerts/<int:pk>/", alerts.alert, name="alert"),
    path("settings/access-log/alerts/<int:pk>/ask/", alerts.ask_explanation, name="ask-explanation"),
    path("settings/copies/", copy_register.copy_register, name="copy-register"),
    path("settings/<int:pk>/networks/", doorkeeping.networks, name="settings-networks"),
    path("settings/<int:pk>/networks/<int:rule>/end/", doorkeeping.end_network, name="settings-end-network"),
    path("settings/<int:pk>/people/<int:person>/account/", doorkeeping.account, name="settings-account"),
    path("settings/law/", law.law_editions, name="settings-law"),
    path("settings/holidays/", law.holidays, name="settings-holidays"),
    path("settings/holidays/add/", law.add_holiday, name="settings-add-holiday"),
    path("settings/holidays/<int:pk>/end/", law.end_holiday, name="settings-end-holiday"),
    path("settings/<int:pk>/", administration.organization, name="settings-organization"),
    path("settings/<int:pk>/profile/", administration.set_profile, name="settings-profile"),
    path("settings/<int:pk>/yearly-check/", yearly.yearly_check, name="settings-yearly-check"),
    path("settings/<int:pk>/yearly-check/<int:check>/", yearly.yearly_paper, name="settings-yearly-paper"),
    path("settings/<int:pk>/people/", administration.people, name="settings-people"),
    path("settings/<int:pk>/people/add/", administration.add_person, name="settings-add-person"),
    path("settings/<int:pk>/people/give/", administration.give_role, name="settings-give-role"),
    path(
        "settings/<int:pk>/people/<int:person>/personnel/",
        personnel.personnel_key,
        name="settings-personnel-key",
    ),
    path(
        "settings/<int:pk>/people/<int:membership>/period/",
        role_periods.role_period,
        name="settings-role-period",
    ),
    path(
        "settings/<int:pk>/people/<int:membership>/taking-out/",
        taking_out.taking_out,
        name="settings-taking-out",
    ),
    path(
        "settings/<int:pk>/people/<int:membership>/take/", administration.take_role, name="settings-take-role"
    ),
]
