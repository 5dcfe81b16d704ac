from django.urls import path

from core.access import duty_views, explanation_views, views

app_name = "access"

urlpatterns = [
    path("", views.session_list, name="session-list"),
    path("<int:pk>/end/", views.end_one, name="end-session"),
    path("duties/", duty_views.acknowledge, name="acknowledge-duties"),
    path("state/", views.session_state, name="session-state"),
    path("explanations/", explanation_views.explanation_list, name="explanation-list"),
    path("explanations/<int:pk>/", explanation_views.answer_explanation, name="answer-explanation"),
    path("extend/", views.extend_session, name="extend-session"),
]
