"""Bad input: always a problem with a sentence and a pointer, never an event, never an error of ours."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from api.problems import MEDIA_TYPE

UNIT: dict[str, Any] = {"unit": "DCP", "kind": "institution", "name_zh": "县院", "effective": "2025-06-16"}


@pytest.fixture
def untouched(desk):
    """A desk whose log must not have grown when the test is over."""
    desk.adopt_charter()
    before = desk.resonance.log.head()
    yield desk
    assert desk.resonance.log.head() == before


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"colour": "red"}, "#/colour"),
        ({"unit": 5}, "#/unit"),
        ({"unit": "a b"}, "#/unit"),
        ({"unit": "x" * 81}, "#/unit"),
        ({"unit": None}, "#/unit"),
        ({"name_zh": ["x"]}, "#/name_zh"),
        ({"name_zh": "x" * 201}, "#/name_zh"),
        ({"name_zh": "a\u0000b"}, "#/name_zh"),
        ({"effective": "16.06.2025"}, "#/effective"),
        ({"effective": "2025-02-30"}, "#/effective"),
        ({"effective": "20250616"}, "#/effective"),
        ({"effective": 20250616}, "#/effective"),
        ({"effective": "2035-06-16"}, "#/effective"),
        ({"effective": "0001-01-01"}, "#/effective"),
        ({"effective": "9999-12-31"}, "#/effective"),
        ({"parent": "NONE", "kind": "department"}, "#/parent"),
        ({"reason": 1}, "#/reason"),
    ],
)
def test_a_field_that_is_wrong_is_pointed_to(untouched, change, pointer):
    response = untouched.post("/v1/units", UNIT | change)
    assert response.status_code == 422
    assert response.content_type == MEDIA_TYPE
    assert response.json["type"] == f"/problems/{response.json['code']}"
    assert response.json["detail"]
    assert pointer in [each["pointer"] for each in response.json["pointers"]]


def test_what_is_missing_is_named(untouched):
    response = untouched.post("/v1/units", {})
    assert response.status_code == 422
    assert {each["pointer"] for each in response.json["pointers"]} == {"#/unit", "#/kind", "#/effective"}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"unit": "\xff"}', "application/json", 400),
        (b'{"unit": ', "application/json", 400),
        (b'{"unit": "\\ud800"}', "application/json", 400),
        (b'{"seats": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b"", "application/json", 422),
        (b"unit=DCP", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b" " * 1_000_001, "application/json", 413),
        (b"x" * 10_000_000, "application/json", 413),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(untouched, body, content_type, status):
    response = untouched.client.post(
        "/v1/units", data=body, content_type=content_type, headers=untouched.bearer("recorder")
    )
    assert (response.status_code, response.content_type) == (status, MEDIA_TYPE)
    assert response.json["detail"]


def test_a_body_in_chunks_is_no_way_around_the_limit(untouched):
    body = json.dumps(UNIT).encode()
    response = untouched.client.post(
        "/v1/units",
        input_stream=io.BytesIO(body + b" " * 1_000_000 + b"{"),
        content_type="application/json",
        headers=untouched.bearer("recorder"),
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (response.status_code, response.json["code"]) == (413, "request.too_large")


def test_a_huge_number_is_refused_without_being_written_out(untouched):
    body = b'{"indicator":"I01","unit":"G1","period":"2025-04","effective":"2025-06-16","value":1e999999}'
    response = untouched.client.post(
        "/v1/readings", data=body, content_type="application/json", headers=untouched.bearer("recorder")
    )
    assert response.status_code == 422
    assert [each["pointer"] for each in response.json["pointers"]] == ["#/value"]


def test_an_event_of_61_kilobytes_is_refused(untouched):
    text = "#" + "x" * 61_000
    response = untouched.post(
        "/v1/charter", {"text": text, "effective": "2025-06-16"}, role="supervisor", second="leader"
    )
    assert response.status_code == 422
    assert response.json["pointers"][0]["pointer"] == "#/text"


def test_what_fits_the_shape_and_not_an_entry_is_too_large(untouched):
    # Each of the 60,000 characters is three bytes in UTF-8.
    text = "#" + "检" * 59_000
    response = untouched.post(
        "/v1/charter", {"text": text, "effective": "2025-06-16"}, role="supervisor", second="leader"
    )
    assert response.status_code in (413, 422)
    assert response.json["detail"]


def test_a_method_that_an_address_does_not_take_is_answered_with_those_it_takes(untouched):
    response = untouched.client.delete("/v1/units", headers=untouched.bearer("recorder"))
    assert (response.status_code, response.content_type) == (405, MEDIA_TYPE)
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/units/a%20b", "/nothing"])
def test_an_address_that_is_none_is_not_found(untouched, path):
    response = untouched.get(path)
    assert (response.status_code, response.content_type) == (404, MEDIA_TYPE)


def test_a_question_with_an_unknown_parameter_is_refused(untouched):
    response = untouched.get("/v1/trail", asof="position:1")
    assert response.status_code == 422
    assert response.json["pointers"] == [{"parameter": "asof", "detail": "Unknown field."}]


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24", "WyJhIl0", "%%%"])
def test_a_cursor_that_is_not_ours_is_refused(untouched, cursor):
    response = untouched.get("/v1/trail", cursor=cursor)
    assert (response.status_code, response.json["code"]) == (422, "request.cursor")
