"""A page of its own, so that the harness is tested apart from the product's pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.accounts.models import User


@login_not_required
def count_people(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        User.objects.create_user(email=request.POST["email"], name="새 사람")
    head = '<!doctype html><meta name="viewport" content="width=device-width">'
    return HttpResponse(f"{head}<h1>{User.objects.count()}</h1>")


urlpatterns = [path("people/", count_people)]
