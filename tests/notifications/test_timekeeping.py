"""The clock of this machine is compared with a source, and a second's difference is an alarm."""

import http.server
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from email.utils import formatdate

import pytest
import time_machine
from django.urls import reverse

from core.audit.models import Event
from notifications.models import ClockReading
from notifications.services.sweeping import sweep
from notifications.services.timekeeping import check_clock
from notifications.timekeeping import NTP_EPOCH, NoAnswer, compare
from tests.clock import NOON
from tests.incidents.pages import office

HOUR = timedelta(hours=1)


@contextmanager
def ntp_server(*, ahead=0.0, garbles=False):
    """A server whose clock is `ahead` of ours by so many seconds."""
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))

    def serve():
        while True:
            asked, caller = door.recvfrom(512)
            if not asked:
                return
            stamp = int((time.time() + ahead + NTP_EPOCH) * 2**32).to_bytes(8, "big")
            mark = bytes(8) if garbles else asked[40:48]
            door.sendto(b"\x24\x01" + bytes(22) + mark + stamp + stamp, caller)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"ntp://127.0.0.1:{door.getsockname()[1]}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", door.getsockname())
    thread.join(5)
    door.close()


@contextmanager
def web_server(*, ahead=0.0):
    class Dated(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response_only(204)
            self.send_header("Date", formatdate(time.time() + ahead, usegmt=True))
            self.end_headers()

    server = http.server.HTTPServer(("127.0.0.1", 0), Dated)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize("ahead", [0, 5, -3])
def test_the_difference_to_an_ntp_server_is_measured(ahead):
    with ntp_server(ahead=ahead) as source:
        found = compare(source)
    assert abs(found.offset - ahead * 1000) <= found.doubt + 5


def test_the_date_of_a_web_server_is_exact_to_half_a_second():
    with web_server(ahead=60) as source:
        found = compare(source)
    assert abs(found.offset - 60_000) <= found.doubt + 5 and found.doubt >= 500


@pytest.mark.parametrize(
    "source", ["ftp://127.0.0.1", "time.example", "http://127.0.0.1:9/", "ntp://127.0.0.1:9"]
)
def test_what_is_no_answer_is_said(source):
    with pytest.raises(NoAnswer):
        compare(source)


def test_an_answer_to_somebody_elses_question_is_refused():
    with ntp_server(garbles=True) as source, pytest.raises(NoAnswer):
        compare(source)


@pytest.mark.django_db
def test_nothing_is_asked_without_a_source():
    assert check_clock(now=NOON) is False and not ClockReading.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_more_than_a_second_is_history_and_said_to_administrators(settings):
    place = office()
    with ntp_server(ahead=3) as settings.TIME_SOURCE, time_machine.travel(NOON):
        assert check_clock(now=NOON) and not check_clock(now=NOON + timedelta(minutes=59))
        sweep(now=NOON)
        page = place.client("admin").get(reverse("settings")).content.decode()
        assert "서버 시계가 기준과" in page
        assert "1초 넘게 다름" in place.client("admin").get(reverse("settings-system")).content.decode()
        assert "서버 시계가 기준과" not in place.client("handler").get(reverse("settings")).content.decode()
    with ntp_server(ahead=0.2) as settings.TIME_SOURCE:
        assert check_clock(now=NOON + HOUR)
    told = Event.objects.filter(action__startswith="clock.").order_by("sequence")
    assert [one.action for one in told] == ["clock.astray", "clock.set-right"]
    assert abs(told[0].data["milliseconds"]) > 1000
    assert not ClockReading.objects.get().is_astray


@pytest.mark.django_db(transaction=True)
def test_silence_does_not_set_a_clock_right(settings):
    with ntp_server(ahead=3) as settings.TIME_SOURCE:
        check_clock(now=NOON)
    settings.TIME_SOURCE = "ntp://127.0.0.1:9"
    check_clock(now=NOON + HOUR)
    row = ClockReading.objects.get()
    assert row.is_astray and row.fault and row.ask_after == NOON + HOUR + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("offset", "doubt", "is_astray"),
    [(1000, 0, False), (1001, 0, True), (-1400, 500, False), (-1501, 500, True)],
)
def test_doubt_is_no_alarm(offset, doubt, is_astray):
    assert ClockReading(source="x", ask_after=NOON, offset=offset, doubt=doubt).is_astray is is_astray
