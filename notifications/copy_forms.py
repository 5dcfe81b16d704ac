"""What a printed paper is for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.base import CaseForm

OTHER = "other"
USES = {
    "review": gettext_lazy("검토·결재"),
    "giving": gettext_lazy("통지·제출"),
    "keeping": gettext_lazy("보관"),
    OTHER: gettext_lazy("그 밖의 목적"),
}


class PaperCopyForm(CaseForm):
    """A use to pick, so that nobody types in the first hours; words where none fits."""

    use = forms.ChoiceField(
        label=gettext_lazy("목적"), choices=list(USES.items()), widget=forms.RadioSelect, initial="review"
    )
    words = forms.CharField(
        label=gettext_lazy("자세한 목적"),
        help_text=gettext_lazy("‘그 밖의 목적’이면 적어 주세요."),
        required=False,
        max_length=300,
    )
    is_original = forms.BooleanField(
        label=gettext_lazy("제출·통지용 원본으로 받습니다"),
        help_text=gettext_lazy(
            "승인해 잠근 파일 그대로입니다. 쪽마다 사본 번호를 적지 않고 대장에만 남깁니다. 받는 곳에 낼 때만 고르세요."
        ),
        required=False,
    )

    def __init__(self, *args: Any, can_give: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if not can_give:
            del self.fields["is_original"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("use") == OTHER and not said.get("words", "").strip():
            self.add_error("words", _("목적을 적어 주세요."))
        if said.get("is_original") and said.get("use") not in (None, "giving"):
            self.add_error("is_original", _("원본은 통지하거나 제출할 때만 받습니다. 목적을 확인해 주세요."))
        return said

    def purpose(self) -> str:
        """`통지·제출: …`, as the register keeps it."""
        said = self.cleaned_data
        return ": ".join(filter(None, (str(USES[said["use"]]), said["words"].strip())))
