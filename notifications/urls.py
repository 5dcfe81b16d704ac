"""Every door of this app."""

from notifications import mail_urls, paper_urls

app_name = "notifications"
urlpatterns = [*mail_urls.urlpatterns, *paper_urls.urlpatterns]
