from django.urls import path

from core.accounts import token_views, views

app_name = "accounts"

urlpatterns = [
    path("theme/", views.choose_theme, name="theme"),
    path("tokens/", token_views.token_list, name="token-list"),
    path("tokens/create/", token_views.create_token, name="create-token"),
    path("tokens/<int:pk>/revoke/", token_views.revoke_token, name="revoke-token"),
    path(
        "email/", views.closed_door, name="email"
    ),  # stands before django-allauth's page of the same address
]
