from django.urls import path

from core.accounts import views

app_name = "accounts"

urlpatterns = [path("theme/", views.choose_theme, name="theme")]
