"""The sealed log leaves this machine in order, at least once, and the copy is compared with what is here."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from core.access import copying
from core.access.chain_models import AccessLink, CopyMark
from core.access.copy_folder import first_difference
from core.access.copy_syslog import NoSyslogAddress, address_of
from core.access.copying import copy_access_log
from core.access.sealing import seal_access_log
from notifications.services.sweeping import sweep
from tests.core.access.doors import NIGHT
from tests.core.access.rows import written
from tests.core.access.syslog_server import make_certificate, stream_server, udp_server
from tests.core.accounts.factories import UserFactory
from tests.core.audit.tampering import tampering_as_owner

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
MESSAGE = re.compile(r"<110>1 (\S+) (\S+) breachdesk - access-log - (\{.*\})")


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def folder(tmp_path, settings):
    settings.ACCESS_LOG_COPY_DIR = str(tmp_path)
    return tmp_path


def sealed(person, count, at=NIGHT):
    for number in range(count):
        written(person, at + number * SECOND, subjects=(number,))
    seal_access_log(now=at)


def numbers_in(path):
    return [json.loads(line)["number"] for line in path.read_text().splitlines()]


def test_every_sealed_row_is_copied_once_and_in_order(person, folder):
    sealed(person, 5)
    written(person, NIGHT)  # not sealed yet
    assert copy_access_log(now=NIGHT) == 5 and copy_access_log(now=NIGHT) == 0
    (file,) = folder.iterdir()
    assert file.name == "access-log-2026-11-21.jsonl"
    assert numbers_in(file) == [1, 2, 3, 4, 5]
    first = json.loads(file.read_text().splitlines()[0])
    assert (first["account_id"], first["subjects"]) == (person.pk, ["incidents.case:0"])
    assert first["hash"] == AccessLink.objects.get(pk=1).hash


def test_a_file_is_never_touched_after_its_day(person, folder):
    sealed(person, 2)
    copy_access_log(now=NIGHT)
    (first,) = folder.iterdir()
    before = first.read_bytes()
    sealed(person, 2)
    copy_access_log(now=NIGHT + DAY)
    assert first.read_bytes() == before
    assert numbers_in(folder / "access-log-2026-11-22.jsonl") == [3, 4]
    assert first_difference(folder) is None


def test_a_crash_after_writing_sends_again_with_the_same_numbers(person, folder):
    sealed(person, 3)
    copy_access_log(now=NIGHT)
    CopyMark.objects.update(number=1)  # the mark was not moved
    (file,) = folder.iterdir()
    with file.open("ab") as half:
        half.write(b'{"number": 4, "acc')  # and half a line was left
    copy_access_log(now=NIGHT)
    sealed(person, 1)
    copy_access_log(now=NIGHT)
    text = file.read_text().splitlines()
    assert [json.loads(line)["number"] for line in text if line.endswith("}")] == [1, 2, 3, 2, 3, 4]
    assert first_difference(folder) is None


def test_a_worker_that_died_with_the_errand_is_followed_by_another(person, folder):
    sealed(person, 1)
    CopyMark.objects.create(place="folder", leased_until=NIGHT + SECOND)
    assert copy_access_log(now=NIGHT) == 0
    assert copy_access_log(now=NIGHT + SECOND) == 1


def test_a_mount_that_failed_is_said_and_made_good(person, settings, tmp_path):
    settings.ACCESS_LOG_COPY_DIR = str(tmp_path / "mount")
    sealed(person, 2)
    assert sweep(now=NIGHT).faults == 0
    mark = CopyMark.objects.get()
    assert mark.number == 0 and "FileNotFoundError" in mark.obstacle
    assert copying.standing_of_copies()[0]["waiting"] == 2
    (tmp_path / "mount").mkdir()
    sweep(now=NIGHT)
    mark.refresh_from_db()
    assert mark.number == 2 and mark.obstacle == ""


@pytest.fixture
def copied(person, folder):
    sealed(person, 6)
    copy_access_log(now=NIGHT)
    return next(folder.iterdir())


def edited(file, edit):
    lines = file.read_text().splitlines()
    edit(lines)
    file.write_text("".join(f"{line}\n" for line in lines))


def swap(lines):
    lines[1], lines[3] = lines[3], lines[1]


@pytest.mark.parametrize(
    ("edit", "number"),
    [
        (lambda lines: lines.__setitem__(2, lines[2].replace("192.0.2.1", "192.0.2.7")), 3),
        (lambda lines: lines.pop(3), 4),
        (swap, 2),
        (lambda lines: lines.__delitem__(slice(4, None)), 5),
        (lambda lines: lines.clear(), 1),
        (lambda lines: lines.pop(0), 1),
    ],
)
def test_a_copy_that_was_changed_is_found(copied, folder, edit, number):
    edited(copied, edit)
    difference = first_difference(folder)
    assert difference is not None and difference.number == number


def test_a_tail_cut_off_here_is_found_by_the_copy(copied, folder, capsys):
    with tampering_as_owner("access_accesslink"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_accesslink WHERE id > 5")
    with pytest.raises(SystemExit) as end:
        call_command("verify_access_log", copy=str(folder))
    assert end.value.code == 1 and "사본 #6" in capsys.readouterr().err


def test_a_whole_copy_is_said_to_be_whole(copied, folder, capsys):
    call_command("verify_access_log", copy=str(folder))
    assert "6건" in capsys.readouterr().out


def test_a_log_with_a_missing_row_is_not_passed_on_as_sound(person, folder):
    sealed(person, 4)
    with tampering_as_owner("access_accessrow"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_accessrow WHERE id = %s", [AccessLink.objects.get(pk=3).row])
    assert copy_access_log(now=NIGHT) == 2
    assert "#3" in CopyMark.objects.get().obstacle


def kept_bodies(messages):
    return [json.loads(MESSAGE.fullmatch(one).group(3)) for one in messages]


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
def test_a_syslog_server_takes_every_row(person, settings, tmp_path, way):
    certificate = make_certificate(tmp_path) if way == "tls" else None
    settings.ACCESS_LOG_SYSLOG_CA = str(certificate or "")
    sealed(person, 4)
    with udp_server() if way == "udp" else stream_server(certificate) as server:
        settings.ACCESS_LOG_SYSLOG = f"{way}://127.0.0.1:{server.port}"
        assert copy_access_log(now=NIGHT) == 4
        messages = server.take(4)
    assert [body["number"] for body in kept_bodies(messages)] == [1, 2, 3, 4]
    assert MESSAGE.fullmatch(messages[0]).group(1) == "2026-11-20T18:14:00.000000Z"


def test_what_a_collector_kept_is_compared_like_a_copy(person, settings, tmp_path):
    sealed(person, 3)
    with stream_server() as server:
        settings.ACCESS_LOG_SYSLOG = f"tcp://127.0.0.1:{server.port}"
        copy_access_log(now=NIGHT)
        (tmp_path / "access-log-2026-11-21.jsonl").write_text("\n".join(server.take(3)))
    assert first_difference(tmp_path) is None


def test_a_server_nobody_vouches_for_gets_nothing(person, settings, tmp_path):
    sealed(person, 1)
    with stream_server(make_certificate(tmp_path)) as server:
        settings.ACCESS_LOG_SYSLOG, settings.ACCESS_LOG_SYSLOG_CA = f"tls://127.0.0.1:{server.port}", ""
        assert copy_access_log(now=NIGHT) == 0
        assert server.messages.empty()
    assert "SSLCertVerificationError" in CopyMark.objects.get().obstacle


def test_a_server_that_is_away_gets_all_of_it_later(person, settings):
    sealed(person, 2)
    with stream_server() as server:
        port = server.port
    settings.ACCESS_LOG_SYSLOG = f"tcp://127.0.0.1:{port}"
    assert copy_access_log(now=NIGHT) == 0 and CopyMark.objects.get().obstacle
    with stream_server() as server:
        settings.ACCESS_LOG_SYSLOG = f"tcp://127.0.0.1:{server.port}"
        assert copy_access_log(now=NIGHT) == 2
        assert len(server.take(2)) == 2


def test_an_address_says_the_way_or_is_tls():
    assert address_of("log.example.org:7000") == ("tls", "log.example.org", 7000)
    assert address_of("udp://[2001:db8::1]") == ("udp", "2001:db8::1", 514)
    for wrong in ("ftp://log.example.org", "tls://:6514", "tcp://log.example.org:x"):
        with pytest.raises(NoSyslogAddress):
            address_of(wrong)
