"""Small pages about oneself. Signing in belongs to django-allauth."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.accounts import services
from core.accounts.models import Theme


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen brightness with the person, then go back to where they were."""
    choice = request.POST.get("theme", "")
    if choice not in Theme.values:
        messages.error(request, _("화면 밝기는 시스템, 밝게, 어둡게 가운데 하나입니다."))
    else:
        assert request.user.pk is not None
        services.choose_theme(user_id=request.user.pk, theme=Theme(choice), now=timezone.now())
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/")


def closed_door(request: HttpRequest) -> HttpResponse:
    """Nobody changes their own address: reminders would go out of the house, and no history would tell."""
    raise Http404
