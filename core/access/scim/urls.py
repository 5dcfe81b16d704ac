from django.urls import path

from core.access.scim import views

app_name = "scim"

urlpatterns = [
    path("ServiceProviderConfig", views.service_provider_config, name="service-provider-config"),
    path("Users", views.users, name="users"),
    path("Users/<str:person>", views.user, name="user"),
    path("<path:rest>", views.nothing_here),
]
