from django.urls import path

from core.accounts import views

app_name = "accounts"

urlpatterns = [
    path("theme/", views.choose_theme, name="theme"),
    path(
        "email/", views.closed_door, name="email"
    ),  # stands before django-allauth's page of the same address
]
