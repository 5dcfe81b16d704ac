"""An audit bundle proves itself to somebody who has neither our software nor a network, and only while it is whole."""

import ast
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from core.accounts.models import Role
from core.audit import keys
from core.audit.models import Event
from core.audit.outside import verify
from core.audit.verification import first_break
from core.audit.witnesses import STATES
from core.documents.models import Document
from incidents import services
from tests.core.accounts.factories import UserFactory
from tests.core.audit.tampering import tampering_as_owner
from tests.notifications.bundles import (
    DAY,
    ORIGINAL,
    PRIVILEGED,
    REASON,
    SECRETS,
    TAMPERINGS,
    Loot,
    bundle_of_this_run,
    eventful_case,
    exported,
    loot_of,
    zipped,
)
from tests.notifications.paper_cases import KNOWN
from tests.taking import allowed_export, parcel_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
SOURCE = Path(verify.__file__)


@pytest.fixture
def shared():
    """The bundles all tests read, made before a test closes days of its own."""
    return bundle_of_this_run(), bundle_of_this_run(is_redacted=True)


@pytest.fixture
def key(tmp_path, settings):
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "signing.pem"
    return keys.make_signing_key()


@pytest.fixture
def case(shared, key):
    return eventful_case()


@pytest.fixture
def whole(shared):
    """A bundle to read, and the fingerprint of its key."""
    return bundle_of_this_run()


def files_of(content, folder):
    path = folder / "bundle.zip"
    path.write_bytes(content)
    return verify.read_bundle(path)


def ask_the_program(content, folder, *arguments):
    """The verifier out of the bundle itself, in an empty environment, with the standard library alone."""
    bundle = folder / "bundle.zip"
    bundle.write_bytes(content)
    (folder / "verify.py").write_bytes(SOURCE.read_bytes())
    return subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "bundle.zip", *arguments],
        cwd=folder,
        env={},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


# what is in it


def test_the_program_in_the_bundle_finds_a_whole_bundle_whole(whole, tmp_path):
    content, key_id = whole
    answer = ask_the_program(content, tmp_path, "--key", key_id)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "판정: 모두 맞습니다." in answer.stdout
    assert "Verdict: everything holds." in answer.stdout
    assert files_of(content, tmp_path)["verify.py"] == SOURCE.read_bytes()


def test_the_program_can_import_nothing_of_ours(tmp_path):
    tried = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import core"],
        cwd=tmp_path,
        env={},
        capture_output=True,
        check=False,
    )
    assert b"ModuleNotFoundError" in tried.stderr
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert imported <= sys.stdlib_module_names


def test_a_folder_is_as_good_as_the_zip(whole, tmp_path):
    content, key_id = whole
    folder = tmp_path / "unpacked"
    for path, data in files_of(content, tmp_path).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    answer = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), "--key", key_id],
        env={},
        capture_output=True,
        check=False,
    )
    assert answer.returncode == 0


def test_without_a_fingerprint_it_says_what_is_not_known(whole, tmp_path):
    content, key_id = whole
    answer = ask_the_program(content, tmp_path)
    assert answer.returncode == 0
    assert key_id in answer.stdout
    assert "누가 서명했는지는" in answer.stdout


def test_what_is_no_bundle_is_said_to_be_none(tmp_path):
    assert ask_the_program(b"nothing of the kind", tmp_path).returncode == 2


def test_every_sealed_paper_lies_in_it_byte_for_byte(case, tmp_path):
    files = files_of(exported(case).content, tmp_path)
    papers = [data for path, data in files.items() if path.startswith("papers/")]
    assert papers == [bytes(row.pdf) for row in Document.objects.filter(case_key=case.case.reference)]


def test_evidence_lies_in_it_as_it_came_in_and_stays_out_of_a_redacted_one(case, tmp_path):
    assert files_of(exported(case).content, tmp_path)["evidence/E-01.txt"] == ORIGINAL
    redacted = files_of(exported(case, is_redacted=True).content, tmp_path)
    assert not [path for path in redacted if path.startswith("evidence/")]


def test_evidence_that_is_not_what_was_taken_in_stops_the_export(case):
    case.case.evidence.get().path.write_bytes(b"BDV1 something else")
    with pytest.raises(services.HistoryBroken, match="E-01"):
        exported(case)


def test_what_counsel_wrote_is_withheld_from_everybody_and_listed(case, tmp_path):
    files = files_of(exported(case).content, tmp_path)
    assert not [path for path, data in files.items() if PRIVILEGED.encode() in data]
    note = json.loads(files["data/withheld.json"])[0]
    assert (note["columns"]["number"], "text" in note["columns"]) == (1, False)


def test_it_lays_out_every_row_that_history_vouches_for(case, tmp_path):
    files = files_of(exported(case).content, tmp_path)
    laid = {
        row["row"]
        for path, data in files.items()
        if path.startswith("data/") and path != "data/people.json"
        for row in json.loads(data)
    }
    vouched = {
        name for event in Event.objects.of_chain(case.case.reference) for name in event.data.get(STATES, {})
    }
    assert vouched and vouched <= laid
    assert json.loads(files["data/further.json"]) == []  # each app lays out its own


def test_the_index_is_for_an_archive_and_names_every_file(case, tmp_path):
    files = files_of(exported(case).content, tmp_path)
    index = PdfReader(BytesIO(files["index.pdf"]))
    text = "".join(page.extract_text() for page in index.pages).replace("\n", "")
    assert b"pdfaid:part" in index.trailer["/Root"]["/Metadata"].get_data()
    assert all(path in text for path in files if path.startswith(("data/", "papers/")))
    assert REASON in text


def test_the_export_is_history_and_stands_in_the_bundle(case, tmp_path):
    made = exported(case)
    event = Event.objects.get(chain=case.case.reference, action="case.exported")
    assert (event.actor, event.reason, event.sequence) == (case.people[Role.AUDITOR], REASON, made.sequence)
    history = json.loads(files_of(made.content, tmp_path)["proof/history.json"])
    assert history["events"][-1]["hash"] == event.hash
    assert first_break(case.case.reference) is None


def test_a_character_no_font_has_does_not_stop_an_export(case):
    assert services.export_case(
        case_id=case.case.pk, actor=case.people[Role.CPO], reason="조사 🔥", now=KNOWN + 2 * DAY
    ).content


# redacted


def test_a_redacted_bundle_holds_nobodys_words_and_still_proves_itself(tmp_path):
    content, key_id = bundle_of_this_run(is_redacted=True)
    open_content, _key = bundle_of_this_run()
    said = b"\n".join(data for path, data in files_of(content, tmp_path).items() if path.endswith(".json"))
    openly = b"\n".join(
        data for path, data in files_of(open_content, tmp_path).items() if path.endswith(".json")
    )
    index = PdfReader(BytesIO(files_of(content, tmp_path)["index.pdf"]))
    printed = "".join(page.extract_text() for page in index.pages)

    assert all(secret.encode() in openly for secret in SECRETS)
    assert not [secret for secret in (*SECRETS, REASON) if secret.encode() in said or secret in printed]
    assert not any(path.startswith("papers/") for path in files_of(content, tmp_path))
    assert ask_the_program(content, tmp_path, "--key", key_id).returncode == 0


def test_the_hashes_of_what_was_hidden_are_those_of_the_words(tmp_path):
    hidden = loot_of(bundle_of_this_run(is_redacted=True)[0], tmp_path)
    assert not any("words" in event for event in hidden.events)
    assert sum(bool(json.loads(event["body"])["reason"]) for event in hidden.events) > 3


# who may


@pytest.mark.parametrize("role", [Role.HANDLER, Role.ADMIN])
def test_one_without_the_right_takes_nothing_out(case, role):
    with pytest.raises(services.MayNotExport):
        services.export_case(case_id=case.case.pk, actor=case.people[role], reason="x", now=KNOWN + 2 * DAY)
    assert not Event.objects.filter(action="case.exported").exists()


def test_without_a_reason_nothing_is_taken_out(case):
    with pytest.raises(services.Obstacle, match="이유"):
        services.export_case(
            case_id=case.case.pk, actor=case.people[Role.AUDITOR], reason=" ", now=KNOWN + 2 * DAY
        )


def test_a_broken_history_is_not_exported(case):
    with tampering_as_owner():
        Event.objects.filter(chain=case.case.reference, sequence=3).update(subject="x:1")
    with pytest.raises(services.HistoryBroken, match="#3"):
        exported(case)


def test_a_case_that_changes_meanwhile_is_read_again(case, monkeypatch, tmp_path):
    real, changed = services.exporting._laid_out, []

    def with_somebody_at_work(*args, **options):
        files = real(*args, **options)
        if not changed:
            changed.append(
                services.add_task(
                    case_id=case.case.pk, title="그사이", actor=case.handler, now=KNOWN + 2 * DAY
                )
            )
        return files

    monkeypatch.setattr(services.exporting, "_laid_out", with_somebody_at_work)
    made = exported(case)
    findings = verify.findings_of(files_of(made.content, tmp_path), {made.key_id})
    assert [finding for finding in findings if finding[1]] == []


# the page of the case


def test_an_auditor_downloads_a_bundle_from_the_history_tab(case, client, tmp_path):
    client.force_login(case.people[Role.AUDITOR])
    page = reverse("incidents:export-case", args=[case.case.reference])
    assert page in client.get(reverse("incidents:case-history", args=[case.case.reference])).content.decode()
    assert client.get(page).status_code == 200
    assert not Event.objects.filter(action="case.exported").exists()

    parcel = parcel_of(client, page, {"reason": REASON, "is_redacted": "on"})

    assert parcel.answer["Content-Type"] == "application/zip"
    (bundle,) = [name for name in parcel.names() if name.endswith(".zip")]
    files = files_of(parcel.opened(bundle), tmp_path)
    assert all(place is None for _name, place, *_words in verify.findings_of(files))
    assert json.loads(files["manifest.json"])["is_redacted"] is True


@pytest.mark.parametrize("role", [Role.HANDLER, Role.ADMIN])
def test_the_page_is_not_for_one_without_the_right(case, client, role):
    client.force_login(case.people[role])
    page = reverse("incidents:export-case", args=[case.case.reference])
    assert client.get(page).status_code in (403, 404)
    assert client.post(page, {"reason": REASON}).status_code in (403, 404)
    if role is Role.HANDLER:
        history = client.get(reverse("incidents:case-history", args=[case.case.reference]))
        assert page not in history.content.decode()


def test_the_page_asks_for_a_reason_and_says_when_there_is_no_key(case, client, settings, tmp_path):
    client.force_login(case.people[Role.CPO])
    page = reverse("incidents:export-case", args=[case.case.reference])
    assert client.post(page, {"reason": " "}).status_code == 422
    settings.SIGNING_KEY_FILE = tmp_path / "none.pem"
    answer = client.post(page, {"reason": REASON, "is_redacted": "on"})
    assert answer.status_code == 422
    assert "서명 키가 없습니다" in answer.content.decode()
    assert not Event.objects.filter(action="case.exported").exists()


# the commands


def test_the_command_writes_a_bundle_that_verify_history_accepts(case, key, tmp_path, capsys):
    out = tmp_path / "out.zip"
    person = case.people[Role.AUDITOR]
    asked = ["export_case", case.case.reference, "--out", out, "--as", person.email, "--reason", REASON]
    with pytest.raises(CommandError, match="승인"):
        call_command(*asked)
    approver = case.people[Role.APPROVER]
    allowed_export(case.case, asker=person, approver=approver, now=timezone.now())
    call_command(*asked)
    assert key in capsys.readouterr().out
    call_command("verify_history", "--bundle", out)
    assert "판정: 모두 맞습니다." in capsys.readouterr().out
    with pytest.raises(CommandError, match="이미 있는 파일"):
        call_command("export_case", case.case.reference, "--out", out, "--as", person.email, "--reason", "x")


@pytest.mark.parametrize("who", ["handler", "stranger", "nobody"])
def test_the_command_asks_for_the_right(case, tmp_path, who):
    email = {"handler": case.handler.email, "stranger": UserFactory().email, "nobody": "nobody@example.org"}[
        who
    ]
    with pytest.raises(CommandError):
        call_command(
            "export_case", case.case.reference, "--out", tmp_path / "x.zip", "--as", email, "--reason", "x"
        )
    assert not (tmp_path / "x.zip").exists()


def test_verify_history_refuses_a_bundle_of_another_house(case, key, tmp_path, settings, capsys):
    out = tmp_path / "out.zip"
    out.write_bytes(exported(case).content)
    settings.SIGNING_KEY_FILE = tmp_path / "others" / "signing.pem"
    keys.make_signing_key()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_history", "--bundle", out)
    assert ended.value.code == 1
    assert key in capsys.readouterr().out


# tampering


@pytest.mark.parametrize("name", sorted(TAMPERINGS))
def test_the_program_names_the_first_broken_place(whole, tmp_path, name):
    content, key_id = whole
    tamper, check, place = TAMPERINGS[name]
    loot = loot_of(content, tmp_path)
    tamper(loot)

    answer = ask_the_program(loot.packed(), tmp_path, "--key", key_id)

    assert answer.returncode == 1, answer.stdout + answer.stderr
    first = next(line for line in answer.stdout.splitlines() if "BROKEN" in line)
    assert first.startswith(f"[어긋남 BROKEN] {check}: {place.format(loot.case)}")
    assert "판정: 어긋납니다. 처음 어긋난 곳은" in answer.stdout
    assert "Verdict: BROKEN. The first broken place is" in answer.stdout


def test_one_who_signs_everything_anew_is_found_by_the_fingerprint_alone(whole, tmp_path):
    """And by nothing else, if they also invent the records: that is what the fingerprint is for."""
    content, key_id = whole
    answer = ask_the_program(loot_of(content, tmp_path).packed(), tmp_path)
    assert answer.returncode == 0
    answer = ask_the_program(loot_of(content, tmp_path).packed(), tmp_path, "--key", key_id)
    assert answer.returncode == 1
    assert "믿는 키로 서명한 것이 아닙니다" in answer.stdout


@pytest.mark.parametrize("path", ["index.pdf", "README.txt", "verify.html", "data/case.json"])
def test_a_file_that_is_not_as_listed_is_named(whole, tmp_path, path):
    content, key_id = whole
    files = files_of(content, tmp_path)
    files[path] += b" "
    answer = ask_the_program(zipped(files), tmp_path, "--key", key_id)
    assert (answer.returncode, f"manifest: {path}:" in answer.stdout) == (1, True)


@pytest.mark.parametrize(
    "path", ["manifest.json", "proof/history.json", "proof/heads.json", "manifest.sig.json"]
)
@pytest.mark.parametrize("what", [None, b"", b"{}", b"[1]", b"\xff"])
def test_what_cannot_be_read_is_broken_and_no_crash(whole, tmp_path, path, what):
    content, key_id = whole
    files = files_of(content, tmp_path)
    if what is None:
        del files[path]
    else:
        files[path] = what
    findings = verify.findings_of(files, {key_id})
    assert any(place for _name, place, *_words in findings)


# the signature by itself


def test_ed25519_agrees_with_the_vectors_of_rfc_8032():
    vectors = (
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    )
    for public, message, signature in vectors:
        signed = (bytes.fromhex(message), bytes.fromhex(signature), bytes.fromhex(public))
        assert verify.is_signed(*signed)
        assert not verify.is_signed(signed[0] + b"x", *signed[1:])


def test_ed25519_agrees_with_another_implementation():
    for _ in range(8):
        private, message = Ed25519PrivateKey.generate(), os.urandom(40)
        public, signature = private.public_key().public_bytes_raw(), private.sign(message)
        assert verify.is_signed(message, signature, public)
        changed = bytearray(signature)
        changed[os.urandom(1)[0] % 64] ^= 1
        assert not verify.is_signed(message, bytes(changed), public)


def test_a_signature_has_one_form():
    private = Ed25519PrivateKey.generate()
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"m")
    larger = int.from_bytes(signature[32:], "little") + verify.L
    assert not verify.is_signed(b"m", signature[:32] + larger.to_bytes(32, "little"), public)
    assert not verify.is_signed(b"m", signature[:63], public)
    assert not verify.is_signed(b"m", signature, b"\xff" * 32)


# the page


@pytest.fixture
def ask_the_page(new_context, tmp_path):
    """The page out of the bundle, opened as a file, with the network off."""

    def ask(content, key_id=""):
        bundle, page_file = tmp_path / "asked.zip", tmp_path / "verify.html"
        bundle.write_bytes(content)
        page_file.write_bytes(SOURCE.with_suffix(".html").read_bytes())
        context = new_context()
        context.set_offline(True)
        page, faults = context.new_page(), []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on(
            "request",
            lambda request: (
                faults.append(request.url) if not request.url.startswith(("file:", "blob:")) else None
            ),
        )
        page.goto(page_file.as_uri())
        page.locator("#keys").fill(key_id)
        page.locator("#file").set_input_files(bundle)
        page.locator("#findings li").first.wait_for(timeout=60_000)
        assert faults == []
        lines = page.locator("#findings li").all_inner_texts()
        return page.locator("#verdict").inner_text(), lines

    return ask


@pytest.mark.parametrize("is_redacted", [False, True])
def test_the_page_finds_a_whole_bundle_whole(ask_the_page, tmp_path, is_redacted):
    content, key_id = bundle_of_this_run(is_redacted=is_redacted)
    verdict, lines = ask_the_page(content, key_id)
    assert "판정: 모두 맞습니다." in verdict and "everything holds" in verdict, lines
    assert len(lines) == len(verify.CHECKS) + 1


def test_the_page_says_what_is_not_known_without_a_fingerprint(ask_the_page, whole):
    content, key_id = whole
    verdict, lines = ask_the_page(content)
    assert "누가 서명했는지는" in verdict
    assert key_id in lines[-1]


@pytest.mark.parametrize("name", sorted(TAMPERINGS))
def test_the_page_and_the_program_say_the_same(ask_the_page, whole, tmp_path, name):
    content, key_id = whole
    loot: Loot = loot_of(content, tmp_path)
    TAMPERINGS[name][0](loot)
    packed = loot.packed()
    findings = verify.findings_of(files_of(packed, tmp_path), {key_id})
    first = next(place for _name, place, *_words in findings if place is not None)

    verdict, lines = ask_the_page(packed, key_id)

    assert f"처음 어긋난 곳은 {first}입니다." in verdict, lines
    for (_name, place, korean, english), line in zip(findings, lines, strict=True):
        assert ("어긋남 BROKEN" in line) == (place is not None)
        assert korean in line and english in line


def test_the_page_refuses_what_is_no_bundle(ask_the_page):
    verdict, _lines = ask_the_page(b"nothing of the kind")
    assert "어긋납니다" in verdict
