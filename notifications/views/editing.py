"""Writing a paper: a box for each statutory item, the check as one types, and two people at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.asking import who
from incidents.services import Obstacle, keep_draft, throw_away_draft
from incidents.views.drafts import draft_context, resumed_values
from notifications.documents import fields_of_version, wording_of
from notifications.drafting import draft_for, key_day, written_fields
from notifications.forms import PREFIX, PaperForm, initial_of
from notifications.layouts import FOLLOWS, PARTIAL_CITE, PaperField, items_of
from notifications.lint import Finding, check
from notifications.models.papers import Paper, PaperVersion
from notifications.services import papers
from notifications.views.papers import case_to_draft, find_paper, paper_frame, shown_findings


@require_http_methods(["GET", "HEAD", "POST"])
def edit_paper(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A box for each statutory item. Saving is a further version; two people never overwrite each other."""
    one = find_paper(case_to_draft(request, reference), number)
    newest = one.latest()
    places = _places(one, newest)
    key = _draft_key(one)
    form = PaperForm(
        _picked(request, newest) if request.method == "POST" else None,
        paper=one,
        places=places,
        initial=_initial(request, one, newest, places, key),
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = papers.save_version(
                paper_id=one.pk,
                expected_number=form.cleaned_data["expected"],
                words=form.words(),
                actor=who(request),
                now=timezone.now(),
            )
        except papers.VersionConflict as conflict:
            return _conflict(request, one, conflict.theirs, form, key)
        except papers.WordsRefused as refusal:
            form.add_faults(refusal.faults)
        except Obstacle as obstacle:
            form.add_error(None, str(obstacle))
        else:
            throw_away_draft(user=who(request), form=key)
            told = {"n": saved.number}
            messages.success(
                request,
                _("%(n)d판을 저장했습니다.") % told
                if saved != newest
                else _("바뀐 내용이 없어 그대로 두었습니다."),
            )
            return redirect(one)
    return _editor(request, one, newest, form, key)


def _draft_key(one: Paper) -> str:
    return f"paper:{one.case.reference}:{one.number}"


def _places(one: Paper, newest: PaperVersion) -> tuple[PaperField, ...]:
    """The fields the law asks for now; those of the last version when no duty asks any more."""
    duty = one.current_duty()
    if duty is None:
        return tuple(field for field in fields_of_version(newest) if not field.filled_by_receiver)
    return written_fields(one.paper_kind, items_of(duty.terms), key_on=key_day(duty.terms))


def _initial(
    request: HttpRequest, one: Paper, newest: PaperVersion, places: tuple[PaperField, ...], key: str
) -> dict[str, Any]:
    initial = initial_of(
        title=newest.title, texts=newest.fields, is_partial=newest.is_partial, number=newest.number
    )
    blank = PaperForm(paper=one, places=places)
    return initial | resumed_values(request, key, blank.fields)


def _picked(request: HttpRequest, newest: PaperVersion) -> Any:
    """What was posted, with the saved text where the person chose it over their own on the conflict page."""
    posted = request.POST.copy()
    for name in [name for name in posted if name.startswith("pick-") and posted[name] == "theirs"]:
        code = name.removeprefix("pick-")
        if code == "title":
            posted["title"] = newest.title
        else:
            posted[PREFIX + code] = newest.text(code)
    return posted


def _conflict(
    request: HttpRequest, one: Paper, theirs: PaperVersion, form: PaperForm, key: str
) -> HttpResponse:
    """Both texts side by side. Mine is kept as a draft, theirs is a version: neither is lost.

    The draft remembers which version it was written on, so going on with it asks again.
    """
    now = timezone.now()
    kept = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    keep_draft(user=who(request), form=key, content=kept, now=now)
    mine = form.words()
    rows = [("title", _("제목"), mine.title, theirs.title)]
    labels = [*((place.code, place.heading) for place in form.places), (FOLLOWS, _("뒤이어 알릴 내용"))]
    rows += [(code, label, mine.texts.get(code, "").strip(), theirs.text(code)) for code, label in labels]
    base = one.versions.filter(number=form.cleaned_data["expected"]).first()
    untouched = {
        code
        for code, _label, words, _theirs in rows
        if base and words.replace("\r\n", "\n") == (base.title if code == "title" else base.text(code))
    }
    context = {
        **paper_frame(request, one, now),
        "theirs": theirs,
        "expected": form.cleaned_data["expected"],
        "is_partial": mine.is_partial,
        "differing": [row for row in rows if row[2].replace("\r\n", "\n") != row[3]],
        "same": [row for row in rows if row[2].replace("\r\n", "\n") == row[3] and row[2]],
        "untouched": untouched,
        "prefix": PREFIX,
    }
    return render(request, "notifications/paper_conflict.html", context, status=409)


def _editor(
    request: HttpRequest, one: Paper, newest: PaperVersion, form: PaperForm, key: str
) -> HttpResponse:
    duty = one.current_duty()
    facts = (
        draft_for(case=one.case, duty=duty, kind=one.paper_kind, author=who(request)).fields if duty else {}
    )
    context = {
        **paper_frame(request, one, timezone.now()),
        **draft_context(request, key),
        "form": form,
        "newest": newest,
        "findings": shown_findings(one, _check_typed(one, newest, form)),
        "from_facts": {PREFIX + code: text for code, text in facts.items() if text != newest.text(code)},
        "partial_cite": PARTIAL_CITE.get(one.paper_kind, ""),
    }
    return render(request, "notifications/paper_form.html", context, status=422 if form.errors else 200)


def _check_typed(one: Paper, newest: PaperVersion, form: PaperForm) -> list[Finding]:
    """What the check says of the words now in the form, were they saved."""
    texts = {place.code: str(form[PREFIX + place.code].value() or "") for place in form.places}
    if form.may_be_partial:
        texts[FOLLOWS] = str(form[PREFIX + FOLLOWS].value() or "")
    duty = one.current_duty()
    wording = wording_of(
        paper=one,
        title=str(form["title"].value() or ""),
        texts=texts,
        is_partial=bool(form.may_be_partial and form["is_partial"].value()),
        written_for=tuple(item.code for item in items_of(duty.terms)) if duty else (),
        facts_seen=newest.facts_seen,
    )
    return check(wording)


@require_POST
def lint_paper(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What the check says of the words as they are typed. Keeps nothing; POST because texts are long."""
    one = find_paper(case_to_draft(request, reference), number)
    newest = one.latest()
    form = PaperForm(request.POST, paper=one, places=_places(one, newest))
    context = {"findings": shown_findings(one, _check_typed(one, newest, form))}
    return render(request, "components/lint.html", context)
