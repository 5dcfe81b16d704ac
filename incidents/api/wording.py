"""Words that are said in the language of whoever asks, typed as the text they become."""

from collections.abc import Callable
from typing import cast

from django.utils import translation

gettext_lazy = cast(Callable[[str], str], translation.gettext_lazy)
