"""Backup and restore with real processes, on the database of the run: whole, proved, refused where it must be."""

import json
import os
import shutil
import stat

import pytest

from config.backup.files import arriving
from config.backup.state import State
from tests.config.installed import FILL, WRITE, Installed
from tests.config.processes import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("backup"), pytest.mark.long]
LOOK = """
from incidents.models import Deadline, Evidence
print(Evidence.objects.count(), *sorted(str(d.due_at) for d in Deadline.objects.running()), sep="|")
"""
DESTROYED = """
import json
from incidents.models import Case
case = Case.objects.get()
print(json.dumps({"case": case.reference, "organization": case.organization_id, "ground": "retention",
                  "needless_on": "2026-11-01", "asked_by": case.lead_id, "asked_at": "2026-11-02T10:00:00+09:00",
                  "decided_by": None, "decided_at": "2026-11-03T10:00:00+09:00"}))
"""
HISTORY = """
from core.audit.models import Event
print(*Event.objects.filter(action__startswith="backup.").values_list("action", flat=True))
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """An installation with a case, its clocks and two pieces of evidence."""
    one = Installed(tmp_path_factory.mktemp("source") / "data").prepared()
    one.script(FILL, 2)
    one.done("sweep")  # it closes the two days that are over
    yield one
    one.drop()


@pytest.fixture(scope="module")
def backup(source, tmp_path_factory):
    """A backup of it: the folder, and the keys somewhere else."""
    folder = tmp_path_factory.mktemp("backup")
    source.done("backup", "--out", folder / "today", "--keys-out", folder / "safe" / "keys.json")
    return folder / "today", folder / "safe" / "keys.json"


@pytest.fixture
def copied(backup, tmp_path):
    """The backup once more, to be broken."""
    shutil.copytree(backup[0], tmp_path / "copied")
    return tmp_path / "copied", backup[1]


@pytest.fixture
def place(tmp_path):
    """Somewhere empty."""
    one = Installed(tmp_path / "elsewhere")
    yield one
    one.drop()


def size_of(path):
    return path.stat().st_size if path.exists() else 0


def restored(place, folder, keys, *more):
    return place.manage("restore", "--from", folder, "--keys", keys, *more)


def test_a_restored_house_is_the_one_that_was_backed_up(source, backup, place):
    # Given
    before = source.script(LOOK)
    assert before.startswith("2|") and before.count("|") > 2
    # When
    said = restored(place, *backup)
    # Then chains verify, counts and deadlines are equal, evidence opens, and the clocks are told
    assert said.returncode == 0, said.stdout + said.stderr
    assert place.script(LOOK) == before
    for words in (
        "모두 이어져 있습니다",
        "하루의 머리 2개가 모두 맞습니다",
        "증거 2건이 모두 받을 때와 같습니다",
        "걸린 시간",
        "KST",
    ):
        assert words in said.stdout
    assert place.script(HISTORY).split()[-1] == "backup.restored"
    assert "backup.made" in source.script(HISTORY)


@pytest.mark.any_database
def test_what_was_destroyed_since_the_backup_goes_again(source, backup, place, tmp_path):
    # Given a ledger of a destruction the backup knows nothing of
    ledger = tmp_path / "destructions.jsonl"
    ledger.write_text(source.script(DESTROYED), encoding="utf-8")
    # When
    said = restored(place, *backup, "--destructions", ledger)
    # Then
    assert said.returncode == 0, said.stdout + said.stderr
    assert "파기했던 사건 1건을 다시 파기했습니다" in said.stdout
    assert place.script(LOOK) == "2\n"  # what evidence there was, without its words, and no clock
    assert "모두 이어져" in place.done("verify_history")


@pytest.mark.any_database
def test_what_a_killed_backup_left_in_the_clear_goes_with_the_next(source, tmp_path):
    if source.server:
        pytest.skip("PostgreSQL is dumped through a pipe")
    left, young = source.folder / ".backup-dead", source.folder / ".backup-alive"
    for folder in (left, young):
        folder.mkdir()
        (folder / "copy.sqlite3").write_bytes(b"x")
    os.utime(left, (1, 1))
    source.done("backup", "--out", tmp_path / "new")
    assert not left.exists() and young.exists()
    shutil.rmtree(young)


@pytest.mark.any_database
def test_nothing_of_anybody_and_no_key_lies_in_the_clear(source, backup):
    folder, keys = backup
    words = (source.folder / "keys" / "vault.key").read_text().strip()
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "방화벽".encode() not in held and "고객센터".encode() not in held and b"SQLite" not in held
    assert b"PGDMP" not in held and words.encode() not in held
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*.bdv")} == {0o600}


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("name", "damage", "word"),
    [
        ("database.bdv", "cut", "잘렸거나"),
        ("database.bdv", "flip", "바뀌었습니다"),
        ("state.bdv", "drop", "없습니다"),
        ("manifest.json", "drop", "온전한 백업이 아닙니다"),
    ],
)
def test_a_broken_backup_is_refused_by_name_and_nothing_is_touched(copied, place, name, damage, word):
    folder, keys = copied
    path = folder / name
    content = path.read_bytes()
    if damage == "drop":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "cut" else content[:-1] + bytes([content[-1] ^ 1]))
    said = restored(place, folder, keys)
    assert said.returncode == 1 and name in said.stderr and word in said.stderr
    assert not (place.folder / "evidence").exists() and not (place.folder / "keys").exists()


@pytest.mark.any_database
def test_a_list_that_somebody_rewrote_is_noticed(copied, place):
    folder, keys = copied
    listed = json.loads((folder / "manifest.json").read_text())
    gone = next(one for one in listed["files"] if one["path"].startswith("evidence/"))
    listed["files"].remove(gone)
    (folder / gone["path"]).unlink()
    (folder / "manifest.json").write_text(json.dumps(listed))
    said = restored(place, folder, keys)
    assert said.returncode == 1 and "목록이 바뀌었습니다" in said.stderr


@pytest.mark.any_database
def test_without_its_key_a_backup_does_not_open_and_the_key_is_named(source, backup, place):
    other = place.folder / "keys"
    place.done("make_vault_key")
    said = place.manage("restore", "--from", backup[0])
    wanted = json.loads((backup[0] / "manifest.json").read_text())["key"]
    assert said.returncode == 1 and wanted in said.stderr
    assert other.exists() and not (place.folder / "evidence").exists()


@pytest.mark.any_database
def test_a_house_with_people_is_never_written_over(source, backup):
    before = source.script(LOOK)
    for more, word in (((), "표가 있습니다"), (("--into-empty",), "비어 있지 않은 데이터베이스")):
        said = restored(source, *backup, *more)
        assert said.returncode == 1 and word in said.stderr
    assert source.script(LOOK) == before


@pytest.mark.any_database
def test_tables_without_people_are_taken_only_when_asked(source, backup, place):
    place.prepared()
    assert "--into-empty" in restored(place, *backup).stderr
    said = restored(place, *backup, "--into-empty")
    assert said.returncode == 0, said.stdout + said.stderr
    assert place.script(LOOK) == source.script(LOOK)


@pytest.mark.any_database
def test_a_place_with_files_takes_no_backup(source, backup, tmp_path):
    folder, keys = backup
    said = source.manage("backup", "--out", folder)
    assert said.returncode == 1 and str(folder) in said.stderr
    said = source.manage("backup", "--out", tmp_path / "new", "--keys-out", keys)
    assert said.returncode == 1 and str(keys) in said.stderr and not (tmp_path / "new").exists()
    said = source.manage("backup", "--out", tmp_path / "new", "--keys-out", tmp_path / "new" / "keys")
    assert said.returncode == 1 and not (tmp_path / "new").exists()


@pytest.mark.any_database
def test_a_kept_file_that_is_gone_is_named_and_the_rest_is_backed_up(source, tmp_path):
    one = sorted((source.folder / "evidence").iterdir())[0]
    hidden = one.rename(tmp_path / one.name)
    try:
        said = source.manage("backup", "--out", tmp_path / "new")
    finally:
        hidden.rename(one)
    assert said.returncode == 1 and one.name in said.stderr
    assert (tmp_path / "new" / "manifest.json").exists()


def test_a_backup_made_while_people_write_is_of_one_instant(tmp_path):
    # Given somebody who takes in evidence without a pause
    busy, place = Installed(tmp_path / "busy").prepared(), Installed(tmp_path / "place")
    stop, told = tmp_path / "stop", tmp_path / "told"
    try:
        busy.script(FILL, 1)
        writer = busy.begin(WRITE, stop, told)
        try:
            wait_for(lambda: size_of(told))
            busy.done("backup", "--out", tmp_path / "today", "--keys-out", tmp_path / "keys")
            written = size_of(told)
            wait_for(lambda: size_of(told) > written)  # it went on meanwhile
        finally:
            stop.touch()
            assert writer.wait(60) == 0
        # When, Then: the restore itself holds tables, chains and clocks against that instant
        said = restored(place, tmp_path / "today", tmp_path / "keys")
        assert said.returncode == 0, said.stdout + said.stderr
        assert 1 < int(place.script(LOOK).split("|")[0]) < int(busy.script(LOOK).split("|")[0])
    finally:
        busy.drop()
        place.drop()


@pytest.mark.any_database
def test_a_folder_has_its_name_only_once_it_is_whole(tmp_path):
    with pytest.raises(RuntimeError), arriving(tmp_path / "backup") as half:
        (half / "database.bdv").write_bytes(b"half")
        assert not (tmp_path / "backup").exists()
        raise RuntimeError
    assert os.listdir(tmp_path) == []


@pytest.mark.any_database
def test_what_differs_is_named_with_both_figures():
    one = State([], {"incidents_case": 3}, {"house": "2:aa"}, {"7": "x|"}, [])
    other = State([], {"incidents_case": 2}, {"house": "2:bb"}, {}, [])
    told = one.differences(other)
    assert told[0] == "표 incidents_case: 백업 3, 지금 2"
    assert len(told) == 3 and "시계 7" in told[2] and one.differences(one) == []


@pytest.mark.postgres_only
def test_an_older_pg_dump_is_refused_with_its_version(source, tmp_path, monkeypatch):
    old = tmp_path / "programs" / "pg_dump"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}:{os.environ['PATH']}")
    said = source.manage("backup", "--out", tmp_path / "new")
    assert said.returncode == 1 and "pg_dump 9" in said.stderr and not (tmp_path / "new").exists()
