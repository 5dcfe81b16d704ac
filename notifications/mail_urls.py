"""The doors of mail and reminders."""

from django.urls import path

from notifications.views import mail

urlpatterns = [
    path("mail/", mail.mail_list, name="mail-list"),
    path("mail/<int:email_id>/", mail.mail_detail, name="mail"),
    path("mail/<int:email_id>/retry/", mail.retry_mail, name="retry-mail"),
    path("settings/reminders/", mail.reminder_policy, name="reminder-policy"),
    path("settings/reminders/<int:organization_id>/", mail.reminder_policy, name="reminder-policy"),
    path("deadlines/<int:deadline_id>/acknowledge/", mail.acknowledge, name="acknowledge"),
]
