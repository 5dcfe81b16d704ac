"""The API as a whole: its document, its limits, and how it says no."""

import json
import re

import pytest
from django.conf import settings
from django.urls import reverse

from config import api
from core.accounts.models import Role
from incidents.api.bodies import LARGEST_BODY
from tests.core.accounts.factories import MembershipFactory
from tests.core.accounts.tokens import Program, program_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
METHODS = {"get", "post", "put", "patch", "delete"}
DOORS = {
    ("get", "/api/v1/topics"),
    ("post", "/api/v1/assess/{topic}"),
    ("get", "/api/v1/cases"),
    ("post", "/api/v1/cases"),
    ("get", "/api/v1/cases/{reference}"),
    ("get", "/api/v1/cases/{reference}/deadlines"),
    ("post", "/api/v1/cases/{reference}/facts"),
}


@pytest.fixture
def person():
    return MembershipFactory(role=Role.HANDLER).user


@pytest.fixture
def document(client):
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return answer.json()


def operations(document):
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def references(part):
    if isinstance(part, dict):
        yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_the_document_names_every_door(document):
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"] and document["info"]["version"]
    assert set(operations(document)) == DOORS


def test_every_reference_in_the_document_leads_somewhere(document):
    wanted = set(references(document))
    shapes = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert wanted
    assert wanted - shapes == set()


def test_every_operation_is_complete(document):
    known = operations(document)
    assert len({one["operationId"] for one in known.values()}) == len(known)
    for (method, path), operation in known.items():
        assert method in METHODS
        named = {part["name"] for part in operation["parameters"] if part["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path))
        assert all(part["required"] for part in operation["parameters"] if part["in"] == "path")
        assert {"200", "401", "403"} <= set(operation["responses"])
        assert all(answer["description"] for answer in operation["responses"].values())
        assert ("requestBody" in operation) is (method == "post")
        assert operation["security"] == [{"BearerToken": []}]
    assert document["components"]["securitySchemes"]["BearerToken"] == {"type": "http", "scheme": "bearer"}


def test_the_document_tells_the_shape_of_every_topic(document):
    body = document["paths"]["/api/v1/assess/{topic}"]["post"]["requestBody"]["content"]["application/json"]
    assert [schema["title"] for schema in body["schema"]["anyOf"]] == list(body["examples"])


def test_what_is_answered_has_the_shape_the_document_tells(document, person):
    opened = program_of(person).post("/cases", {}).json()
    shape = document["components"]["schemas"]["CaseDetailOut"]
    assert set(opened) == set(shape["properties"]) == set(shape["required"])


# Sizes


@pytest.mark.parametrize("path", ["/assess/duties", "/cases", "/cases/2026-001/facts"])
def test_a_body_over_a_mebibyte_is_refused(person, path):
    answer = program_of(person).post(path, b" " * (LARGEST_BODY + 1))
    assert (answer.status_code, answer.json()["error"]["path"]) == (413, "")
    assert f"{LARGEST_BODY:,}" in answer.json()["error"]["hint"]


def test_a_body_of_a_mebibyte_is_read(person):
    text = json.dumps({"start": "2026-10-01", "length": "P3D", "counting": "DAYS"})
    assert program_of(person).post("/assess/period", text.ljust(LARGEST_BODY)).status_code == 200


def test_a_body_of_unsaid_length_is_refused_rather_than_taken_for_an_empty_one(person):
    program = program_of(person)
    program.client.defaults["HTTP_TRANSFER_ENCODING"] = "chunked"
    assert program.post("/cases", {"organization": 1}).status_code == 411


def test_a_body_larger_than_any_page_takes_is_refused_in_the_same_shape(person):
    answer = program_of(person).post("/assess/duties", b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert (answer.status_code, set(answer.json())) == (413, {"error", "errors"})


# How it says no


@pytest.mark.parametrize("text", ["{", '{"organization": 1, "organization": 2}', "[" * 100_000, b"\xff"])
def test_what_is_no_document_is_422(person, text):
    answer = program_of(person).post("/cases", text)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]


def test_an_unknown_address_is_404_in_the_same_shape(person):
    answer = program_of(person).get("/nothing")
    assert (answer.status_code, set(answer.json())) == (404, {"error", "errors"})


def test_a_method_that_is_not_there_is_405(person):
    assert program_of(person).get("/assess/duties").status_code == 405


def test_korean_is_answered_as_it_is_read_and_english_to_those_who_ask():
    korean, english = Program().get("/cases"), Program(**{"Accept-Language": "en"}).get("/cases")
    assert "토큰이 없습니다." in korean.content.decode()
    assert (korean["Content-Language"], english["Content-Language"]) == ("ko", "en")


def test_an_answer_to_a_token_is_kept_by_no_cache_and_sets_no_cookie(person):
    answer = program_of(person).get("/cases")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_what_was_sent_is_not_repeated_in_a_fault_of_shape(person):
    answer = program_of(person).post("/cases", {"organization": "900101-1234567"})
    assert "900101" not in answer.content.decode()


def test_every_kind_of_fault_of_shape_has_words():
    kinds = ("missing", "extra_forbidden", "enum", "string_too_long", "greater_than_equal", "int_type")
    about = {"ge": 1, "max_length": 3, "expected": "a or b"}
    assert all(message and hint for message, hint in (api._words(kind, about) for kind in kinds))
    assert api._words("less_than_equal", {"le": 200})[1] == "≤ 200"


# The page


def test_the_page_names_every_operation_and_every_shape(client, person, document):
    client.force_login(person)
    page = client.get(reverse("api-reference")).content.decode()
    for (method, path), operation in operations(document).items():
        assert f"{method.upper()} {path}" in page
        assert f'id="{operation["operationId"]}"' in page
    assert all(f'id="shape-{name}"' in page for name in document["components"]["schemas"])


def test_the_page_loads_nothing_from_elsewhere(client, person):
    client.force_login(person)
    page = client.get(reverse("api-reference")).content.decode()
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page)
    assert loaded
    assert [address for address in loaded if not address.startswith("/")] == []


def test_the_page_asks_who_you_are(client):
    assert reverse("account_login") in client.get(reverse("api-reference")).url
