"""The doors of single sign-on, under the names django-allauth knows; what else it would offer is shut."""

from django.urls import path

from core.access.sign_on import views
from core.accounts.views import closed_door

urlpatterns = [
    path("oidc/<str:provider_id>/login/", views.begin, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", views.come_back, name="openid_connect_callback"),
    path("3rdparty/", closed_door, name="socialaccount_connections"),
    path("3rdparty/signup/", closed_door, name="socialaccount_signup"),
    path("3rdparty/login/cancelled/", closed_door, name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", closed_door, name="socialaccount_login_error"),
]
