"""The translation check, on small catalogues."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from config import translations

GIVEN = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder


def write(folder, entries):
    (folder / "django.po").write_text(GIVEN + entries, encoding="utf-8")
    translations.compile_all(folder)


def faults(folder):
    return list(translations.catalogue_faults(folder))


def test_a_complete_catalogue_has_no_fault(folder):
    write(folder, 'msgid "사건"\nmsgstr "Case"\n')
    assert faults(folder) == []


def test_a_missing_catalogue_is_a_fault(folder):
    assert "there is no catalogue" in faults(folder)[0]


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ('msgid "사건"\nmsgstr ""\n', "untranslated: 사건"),
        ('#, fuzzy\nmsgid "사건"\nmsgstr "Case"\n', "fuzzy"),
        ('msgid "%(count)s건"\nmsgstr "%(number)s cases"\n', "placeholders differ"),
        ('msgid "%(n)s건"\nmsgid_plural "%(n)s건들"\nmsgstr[0] "one"\nmsgstr[1] ""\n', "untranslated"),
    ],
)
def test_each_kind_of_fault_is_named(folder, entries, fault):
    write(folder, entries)
    assert any(fault in line for line in faults(folder))


def test_an_obsolete_entry_is_nobodys_fault(folder):
    write(folder, '#~ msgid "사건"\n#~ msgstr ""\n')
    assert faults(folder) == []


def test_a_compiled_file_that_says_something_else_is_a_fault(folder):
    # Given
    write(folder, 'msgid "사건"\nmsgstr "Case"\n')
    # When the text changes and is not compiled again
    catalogue = polib.pofile(str(folder / "django.po"))
    catalogue[0].msgstr = "Incident"
    catalogue.save()
    # Then
    assert "says something else" in faults(folder)[0]


def test_the_check_ends_with_a_status(folder, capsys, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    write(folder, 'msgid "사건"\nmsgstr ""\n')
    assert translations.main(["--root", str(folder.parents[2])]) == 1
    assert "1 fault" in capsys.readouterr().out


@pytest.mark.skipif(not (shutil.which("xgettext") and shutil.which("msguniq")), reason="needs gettext")
def test_a_text_nobody_has_collected_is_found(folder):
    # Given a tree with a marked text in code and in a template, and a catalogue without them
    root = folder.parents[2]
    (root / "new.py").write_text('from django.utils.translation import gettext as _\n_("새 문구")\n')
    (root / "new.html").write_text('{% load i18n %}{% translate "새 제목" %}{% translate "사건" %}')
    write(folder, 'msgid "사건"\nmsgstr "Case"\n')
    # When
    lines = sorted(translations.uncollected_faults(root))
    # Then
    assert len(lines) == 2
    assert "새 문구" in lines[0]
    assert "새 제목" in lines[1]


def texts_of_libraries() -> Iterator[str]:
    """Every text for which a library we show has Korean with 이메일 in it."""
    folders = [
        Path(allauth.__file__).parent,
        *(Path(django.__file__).parent / part for part in ("conf", "contrib/auth")),
    ]
    for folder in folders:
        for entry in polib.mofile(str(folder / "locale/ko/LC_MESSAGES/django.mo")):
            if "이메일" in entry.msgstr:
                yield entry.msgid


def test_the_pages_of_libraries_say_electronic_mail_in_our_word():
    texts = list(texts_of_libraries())
    with translation.override("ko"):
        said = {text: gettext(text) for text in texts}
    assert len(said) > 20
    assert [text for text, korean in said.items() if "이메일" in korean] == []


def test_no_text_of_ours_says_it_in_two_words():
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po"))
    assert [entry.msgid for entry in catalogue if "이메일" in entry.msgid or "전자 우편" in entry.msgid] == []


def test_no_label_can_be_read_as_a_negation():
    # “유출등을 안 때” reads as “when it did not”; the statute says 알게 된 때
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po"))
    assert [entry.msgid for entry in catalogue if re.search(r"(^|[을를이가] )안 [때것]", entry.msgid)] == []
