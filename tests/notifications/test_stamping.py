"""A time stamp on the last day head, from a real authority made for the test."""

import shutil
import subprocess
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from core.audit import keys
from core.audit.heads import signed_bytes
from core.audit.models import DayHead, DayStamp, Event, StampErrand
from core.audit.outside import verify
from core.audit.services import vouch_for_rows
from core.audit.stamping import ASK_AGAIN
from notifications import services
from notifications.services.stamping import stamp_last_day
from tests.core.audit.tampering import tampering_as_owner
from tests.incidents.factories import KNOWN, opened_case
from tests.notifications.bundles import eventful_case, exported

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = breachdesk test authority
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[stamps]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(*arguments, data=None):
    return subprocess.run(
        ["openssl", *map(str, arguments)], input=data, capture_output=True, check=True
    ).stdout


def has_ts():
    if shutil.which("openssl") is None:
        return False
    return subprocess.run(["openssl", "ts", "-help"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def authority_folder(tmp_path_factory):
    """A root and a time-stamping certificate."""
    if not has_ts():
        pytest.skip("this openssl has no `ts`: no time-stamping authority can be made")
    folder = tmp_path_factory.mktemp("authority")
    conf = folder / "conf"
    conf.write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", conf)
    openssl(
        *new,
        "-x509",
        "-days",
        3650,
        "-extensions",
        "root",
        "-subj",
        "/CN=root",
        "-keyout",
        folder / "root.key",
        "-out",
        folder / "root.pem",
    )
    openssl(*new, "-subj", "/CN=tsa", "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr")
    openssl(
        "x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "root.pem", "-CAkey", folder / "root.key",
        "-CAcreateserial", "-days", 3650, "-extfile", conf, "-extensions", "tsa", "-out", folder / "tsa.pem",
    )  # fmt: skip
    return folder


class Authority:
    """A web server on the loopback that stamps with `openssl ts`."""

    def __init__(self, folder):
        self.folder, self.asked, self.is_down, self.answers_rubbish = folder, 0, False, False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.asked += 1
                query = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(503 if outer.is_down else 200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                if not outer.is_down:
                    self.wfile.write(b"rubbish" if outer.answers_rubbish else outer.stamp(query))

            def log_message(self, *_words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stamp(self, query):
        asked = self.folder / "query"
        asked.write_bytes(query)
        reply = ("ts", "-reply", "-config", self.folder / "conf", "-section", "stamps", "-queryfile", asked)
        return openssl(*reply, "-out", "/dev/stdout")


@pytest.fixture
def authority(authority_folder, settings, tmp_path):
    one = Authority(authority_folder)
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "signing.pem"
    settings.TSA_URL = one.url
    settings.TSA_CERTIFICATES_FILE = str(authority_folder / "root.pem")
    keys.make_signing_key()
    yield one
    one.server.shutdown()
    one.server.server_close()


def swept(at: datetime):
    opened_case()
    return services.sweep(now=at)


def test_the_sweep_has_the_last_day_stamped_once(authority):
    swept(KNOWN + DAY)
    services.sweep(now=KNOWN + DAY + ASK_AGAIN)

    stamp = DayStamp.objects.get()
    assert (stamp.head, stamp.authority, authority.asked) == (DayHead.objects.get(), authority.url, 1)
    assert Event.objects.filter(action="history.day-stamped").count() == 1


def test_of_several_days_the_last_alone_is_stamped(authority):
    swept(KNOWN + 3 * DAY)
    assert [stamp.head.day.isoformat() for stamp in DayStamp.objects.all()] == ["2026-11-23"]


def test_an_authority_that_is_down_is_asked_again_later_and_not_at_once(authority):
    authority.is_down = True
    report = swept(KNOWN + DAY)
    services.sweep(now=KNOWN + DAY + timedelta(seconds=5))
    assert (report.closed, report.faults, authority.asked) == (1, 0, 1)
    assert "503" in StampErrand.objects.get().obstacle

    authority.is_down = False
    services.sweep(now=KNOWN + DAY + ASK_AGAIN)

    assert DayStamp.objects.count() == 1
    assert StampErrand.objects.get().obstacle == ""


def test_what_is_no_stamp_is_not_kept(authority):
    authority.answers_rubbish = True
    assert swept(KNOWN + DAY).faults == 0
    assert not DayStamp.objects.exists()
    assert StampErrand.objects.get().attempts == 1


def test_a_stamp_of_an_authority_nobody_trusts_is_not_kept(authority, settings, tmp_path):
    conf = authority.folder / "conf"
    openssl(
        "req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes", "-config", conf, "-extensions", "root",
        "-subj", "/CN=other", "-keyout", tmp_path / "other.key", "-out", tmp_path / "other.pem",
    )  # fmt: skip
    settings.TSA_CERTIFICATES_FILE = str(tmp_path / "other.pem")
    swept(KNOWN + DAY)
    assert not DayStamp.objects.exists()


def test_without_an_address_nobody_is_asked(authority, settings):
    settings.TSA_URL = ""
    swept(KNOWN + DAY)
    assert (authority.asked, StampErrand.objects.count()) == (0, 0)
    assert stamp_last_day(now=KNOWN + DAY) is None


def test_verify_history_looks_at_the_stamps(authority, capsys):
    swept(KNOWN + DAY)
    vouch_for_rows(actor=None, at=KNOWN + DAY, reason="시험에 쓰는 사람과 기관")
    call_command("verify_history")
    assert "시점확인 1개: 모두 맞습니다." in capsys.readouterr().out

    other = authority.stamp(
        openssl("ts", "-query", "-data", "/dev/stdin", "-sha256", "-cert", data=b"another head")
    )
    with tampering_as_owner("audit_daystamp"):
        DayStamp.objects.update(answer=other)

    with pytest.raises(SystemExit):
        call_command("verify_history")
    assert "하루의 머리 2026-11-21: 시점확인이 맞지 않습니다" in capsys.readouterr().err


def test_the_database_refuses_to_change_a_stamp(authority):
    swept(KNOWN + DAY)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DayStamp.objects.update(authority="x")


def test_the_bundle_takes_stamps_along_that_openssl_accepts(authority, tmp_path):
    one = eventful_case()
    stamp_last_day(now=KNOWN + 2 * DAY)
    made = exported(one)
    (tmp_path / "b.zip").write_bytes(made.content)
    files = verify.read_bundle(tmp_path / "b.zip")
    for path in [path for path in files if path.startswith("proof/stamps/")]:
        (tmp_path / path.rsplit("/", 1)[1]).write_bytes(files[path])
    day = DayStamp.objects.get().head

    said = openssl(
        "ts", "-verify", "-data", tmp_path / f"{day.day}.txt", "-in", tmp_path / f"{day.day}.tsr",
        "-CAfile", authority.folder / "root.pem",
    )  # fmt: skip

    assert b"Verification: OK" in said
    assert files[f"proof/stamps/{day.day}.txt"] == signed_bytes(day)
    assert all(place is None for _name, place, *_words in verify.findings_of(files, {made.key_id}))
