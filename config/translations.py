"""Is every text a person reads translated? `python -m config.translations` answers and names what is not.

Korean is written in the code and the templates; `locale/en/` holds the English, and `locale/ko/` our
words for texts of libraries. The committed catalogues must be complete, their compiled form must say
the same, and, where the gettext programs are installed, collecting the texts again must find nothing new.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "en"
OF_LIBRARIES = "ko"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")
NOT_OURS = {".venv", ".git", "var", "tests", "out", "test-results", "__pycache__", "vendor"}
SHORT = 60


def catalogue_faults(folder: Path) -> Iterator[str]:
    """What is wrong with the catalogues in `folder` (…/LC_MESSAGES), one line each."""
    paths = sorted(folder.glob("*.po"))
    if not paths:
        yield f"{folder}: there is no catalogue; make one with `python manage.py makemessages -l {LANGUAGE}`"
    for path in paths:
        catalogue = polib.pofile(str(path))
        for entry in catalogue:
            if not entry.obsolete:
                yield from (f"{path}:{entry.linenum}: {fault}" for fault in entry_faults(entry))
        yield from compiled_faults(path, catalogue)


def entry_faults(entry: polib.POEntry) -> Iterator[str]:
    text = entry.msgid.replace("\n", " ")[:SHORT]
    if entry.fuzzy:
        yield f"fuzzy, nobody has confirmed it: {text}"
    elif not entry.translated():
        yield f"untranslated: {text}"
    elif not entry.msgid_plural and placeholders(entry.msgid) != placeholders(entry.msgstr):
        yield f"the placeholders differ: {text}"


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def compiled_faults(path: Path, catalogue: polib.POFile) -> Iterator[str]:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        yield f"{compiled}: not compiled; run `python -m config.translations --compile`"
        return
    written = {key(entry): said(entry) for entry in catalogue.translated_entries()}
    if {key(entry): said(entry) for entry in polib.mofile(str(compiled))} != written:
        yield f"{compiled}: says something else than the .po; run `python -m config.translations --compile`"


def key(entry: polib.POEntry | polib.MOEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def said(entry: polib.POEntry | polib.MOEntry) -> tuple[str, tuple[str, ...]]:
    return entry.msgstr, tuple(text for _, text in sorted(entry.msgstr_plural.items()))


def uncollected_faults(root: Path) -> Iterator[str]:
    """Texts in the code of `root` that no catalogue has; nothing where gettext is not installed."""
    # Without settings Django only reads the files; the code need not even start.
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    committed = root / "locale" / LANGUAGE / "LC_MESSAGES"
    with tempfile.TemporaryDirectory(prefix="breachdesk-texts-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*NOT_OURS))
        target = copy / "locale" / LANGUAGE / "LC_MESSAGES"
        target.mkdir(parents=True, exist_ok=True)
        for catalogue in sorted(committed.glob("*.po")):
            domain = catalogue.stem
            subprocess.run(  # noqa: S603
                [sys.executable, "-m", "django", "makemessages", "-l", LANGUAGE, "-d", domain, "-v", "0"],
                cwd=copy,
                env=environment,
                check=True,
            )
            known = {key(entry) for entry in polib.pofile(str(catalogue)) if not entry.obsolete}
            for entry in polib.pofile(str(target / catalogue.name)):
                if not entry.obsolete and key(entry) not in known:
                    where = ", ".join(file for file, _ in entry.occurrences[:2])
                    yield f"not in {catalogue.name} yet: {entry.msgid[:SHORT]!r} ({where})"


def compile_all(folder: Path) -> None:
    for path in sorted(folder.glob("*.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="config.translations", description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--compile", action="store_true", help="write the .mo files and check nothing")
    options = parser.parse_args(arguments)
    folder = options.root / "locale" / LANGUAGE / "LC_MESSAGES"
    libraries = options.root / "locale" / OF_LIBRARIES / "LC_MESSAGES"
    if options.compile:
        compile_all(folder)
        compile_all(libraries)
        return 0
    faults = list(catalogue_faults(folder))
    faults += catalogue_faults(libraries) if libraries.exists() else []
    if shutil.which("xgettext") and shutil.which("msguniq"):
        faults += uncollected_faults(options.root)
    else:
        sys.stdout.write("translations: without the gettext programs, uncollected texts are not looked for\n")
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"translations: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
