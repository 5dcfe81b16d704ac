"""Forms of papers: the editor with a field for each statutory item, and the record of what was given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.access.typed_words import WordsForm
from incidents.fields import CountField, InstantField
from incidents.forms.base import CaseForm
from notifications.layouts import FOLLOWS, MAY_FOLLOW, PaperField
from notifications.models.papers import NOTICE_CHANNELS, REPORT_CHANNELS, Channel, Paper
from notifications.services.filings import Given, recipient_label, recipients_of
from notifications.services.papers import LONGEST_FIELD, LONGEST_TITLE, Words

PREFIX = "text-"


class PaperForm(WordsForm):
    """The words of one paper. Lengths and characters are judged by the service, which names the field."""

    expected = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("제목"),
        required=False,
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, paper: Paper, places: tuple[PaperField, ...], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.places = places
        self.may_be_partial = paper.paper_kind in MAY_FOLLOW
        for place in places:
            self.fields[PREFIX + place.code] = _area(place.heading, rows=place.rows)
        if self.may_be_partial:
            self.fields["is_partial"] = forms.BooleanField(label=_("먼저 알리는 통지·신고"), required=False)
            self.fields[PREFIX + FOLLOWS] = _area(_("뒤이어 알릴 내용"), rows=3)

    def rows(self) -> list[tuple[PaperField, forms.BoundField]]:
        """Each field of the paper with its box, in the order it is printed."""
        return [(place, self[PREFIX + place.code]) for place in self.places]

    def follows(self) -> forms.BoundField | None:
        return self[PREFIX + FOLLOWS] if self.may_be_partial else None

    def words(self) -> Words:
        typed = self.cleaned_data
        texts = {name.removeprefix(PREFIX): value for name, value in typed.items() if name.startswith(PREFIX)}
        return Words(title=typed["title"], texts=texts, is_partial=bool(typed.get("is_partial")))

    def add_faults(self, faults: dict[str, str]) -> None:
        for code, message in faults.items():
            name = code if code in self.fields else PREFIX + code
            self.add_error(name if name in self.fields else None, message)


def initial_of(*, title: str, texts: dict[str, str], is_partial: bool, number: int) -> dict[str, Any]:
    """What the editor shows first."""
    boxes = {PREFIX + code: text for code, text in texts.items()}
    return {"title": title, "expected": number, "is_partial": is_partial, **boxes}


def _area(label: Any, *, rows: int) -> forms.CharField:
    # `maxlength` is left out: a text that is too long must be kept on the screen and said to be so.
    attrs = {"class": "form-control", "rows": rows, "data-limit": LONGEST_FIELD}
    widget = forms.TextInput(attrs={"class": "form-control"}) if rows == 1 else forms.Textarea(attrs=attrs)
    return forms.CharField(label=label, required=False, widget=widget, strip=False)


class FilingForm(CaseForm):
    """That an approved version was given: when, to whom, how, and how many were told."""

    at = InstantField(label=_("통지·제출한 때"))
    recipient = forms.ChoiceField(
        label=_("받는 곳"), widget=forms.RadioSelect, error_messages={"required": _("받는 곳을 골라 주세요.")}
    )
    channels = forms.MultipleChoiceField(
        label=_("방법"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("알리거나 제출한 방법을 골라 주세요.")},
    )
    receipt_number = forms.CharField(label=_("접수번호"), required=False, max_length=60)
    told_count = CountField(label=_("개별로 알린 인원"), required=False)
    posted_count = CountField(
        label=_("게시로 갈음한 인원"),
        help_text=_("연락처를 모르는 인원입니다. 30일 이상 게시해야 합니다."),
        required=False,
    )
    note = forms.CharField(
        label=_("비고"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    lateness_reason = forms.CharField(
        label=_("늦은 사유"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, paper: Paper, may_be_late: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        codes = recipients_of(paper)
        recipient, channels = self.fields["recipient"], self.fields["channels"]
        assert isinstance(recipient, forms.ChoiceField)
        assert isinstance(channels, forms.MultipleChoiceField)
        recipient.choices = [(code, recipient_label(code)) for code in codes]
        if len(codes) == 1:
            recipient.initial = codes[0]
        offered = NOTICE_CHANNELS if paper.is_notice else REPORT_CHANNELS
        channels.choices = [(str(code), Channel(code).label) for code in offered]
        self._fit(paper, may_be_late=may_be_late)

    def _fit(self, paper: Paper, *, may_be_late: bool) -> None:
        """Ask only what this paper is asked: people for a notice, a receipt for a report, the reason when late."""
        if paper.is_notice:
            del self.fields["receipt_number"]
            self.fields["at"].label = _("마지막 통지를 보낸 때")
            self.fields["at"].help_text = _("여러 통을 보냈으면 마지막 한 통을 보낸 때입니다.")
        else:
            del self.fields["told_count"], self.fields["posted_count"]
            self.fields["at"].label = _("제출한 때")
            self.fields["receipt_number"].help_text = _("아직 받지 못했으면 비워 두고 비고에 적습니다.")
        if may_be_late:
            self.fields["lateness_reason"].help_text = _(
                "기한을 넘긴 경우에 적습니다. 사유는 기록에 남습니다."
            )
        else:
            del self.fields["lateness_reason"]

    def given(self) -> Given:
        typed = self.cleaned_data
        return Given(
            at=typed["at"],
            recipient=typed["recipient"],
            channels=tuple(typed["channels"]),
            receipt_number=typed.get("receipt_number", ""),
            told_count=typed.get("told_count"),
            posted_count=typed.get("posted_count"),
            note=typed["note"],
            lateness_reason=typed.get("lateness_reason", ""),
        )


class DecisionForm(WordsForm):
    """Approve or return the version that was read, named by number and hash."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    decision = forms.ChoiceField(choices=[("approved", _("승인")), ("returned", _("돌려보냄"))])
    note = forms.CharField(
        label=_("의견"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )


class MomentForm(CaseForm):
    """The instant whose state is asked for; now when nothing is typed."""

    at = InstantField(label=_("언제의 사건을 봅니까?"), required=False)


class BetweenForm(CaseForm):
    """Two instants to compare, whichever of them was typed first. The address calls them `from` and `to`."""

    start = InstantField(label=_("앞 시각"), required=False)
    end = InstantField(label=_("뒤 시각"), required=False)

    def add_prefix(self, field_name: str) -> str:
        return {"start": "from", "end": "to"}.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        start, end = typed.get("start"), typed.get("end")
        if start and end and end < start:
            typed["start"], typed["end"] = end, start
        return typed
