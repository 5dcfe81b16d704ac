from django.urls import path

from core.access import duty_views, views

app_name = "access"

urlpatterns = [
    path("", views.session_list, name="session-list"),
    path("<int:pk>/end/", views.end_one, name="end-session"),
    path("duties/", duty_views.acknowledge, name="acknowledge-duties"),
    path("state/", views.session_state, name="session-state"),
    path("extend/", views.extend_session, name="extend-session"),
]
