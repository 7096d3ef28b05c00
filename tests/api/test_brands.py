"""Brands, qualities and honours through HTTP: a year of a brand, what lists show, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.office import Office

DAY = "2025-06-16"
EVIDENCE = {"evidence": ["minutes"], "effective": DAY}
QUALITIES = ("learning", "service", "hard_work", "innovation", "integrity")


def points(*given: Any) -> list[dict[str, Any]]:
    return [
        {"criterion": each, "points": number}
        for each, number in zip(("fusion", "results", "recognition"), given, strict=True)
    ]


def qualities(*given: Any) -> list[dict[str, Any]]:
    return [
        {"quality": each, "points": number, "evidence": [f"proof of {each}"]}
        for each, number in zip(QUALITIES, given, strict=True)
    ]


def staffed(office: Office) -> Office:
    """P1 heads G3; P8 and P9 are from elsewhere."""
    office.adopt_charter()
    for unit, kind, parent in (
        ("DCP", "institution", None),
        ("G3", "department", "DCP"),
        ("G4", "department", "DCP"),
        ("LG", "leading_group", None),
        ("OC", "organ_committee", "LG"),
        ("B2", "branch", "OC"),
    ):
        office.establish(unit, kind, parent, "2025-01-06")
    for person in ("P1", "P8", "P9"):
        body = {"person": person, "personnel_class": "prosecutor", "name": f"Name {person}", "effective": "2025-06-10"}
        office.done("/v1/people", body)
    post = {"post": "G3-HEAD", "unit": "G3", "kind": "department_head", "title_zh": "主任", "effective": "2025-06-10"}
    office.done("/v1/posts", post)
    held = {"appointment": "A1", "person": "P1", "post": "G3-HEAD", "kind": "substantive", "effective": "2025-06-10"}
    office.done("/v1/appointments", held)
    return office


APPLICATION: dict[str, Any] = {"year": 2025, "title_zh": "炬", "title_en": "Beacon", "goals": "To be seen."} | EVIDENCE
PLACES = (("U", "DCP", "umbrella_brand", None), ("S", "G4", "sub_brand", "U"), ("B", "G3", "business_brand", "S"))


def apply(office: Office, brand: str, unit: str, level: str, parent: str | None) -> Any:
    body = APPLICATION | {"brand": brand, "unit": unit, "level": level, "parent": parent}
    return office.post("/v1/brands", body)


def listed(office: Office, brand: str) -> None:
    for reviewer in ("P8", "P9"):
        review = {"year": 2025, "reviewer": reviewer, "points": points(40, "35.5", 10), "finding": "Good."}
        office.done(f"/v1/brands/{brand}/review", review | {"effective": DAY}, role="assessor")
    office.done(f"/v1/brands/{brand}/list", {"year": 2025, "effective": DAY}, role="supervisor")


@pytest.fixture
def branded(office: Office) -> Office:
    """An umbrella, a sub-brand and a business brand, all listed today."""
    staffed(office)
    for place in PLACES:
        made = apply(office, *place)
        assert (made.status_code, made.headers["Location"]) == (201, f"/v1/brands/{place[0]}"), made.json
        listed(office, place[0])
    return office


@pytest.fixture
def manned(desk: Office) -> Office:
    """The same on SQLite only, with nothing but an application for the umbrella."""
    staffed(desk)
    assert apply(desk, *PLACES[0]).status_code == 201
    return desk


CHECK = {"checker": "P8", "finding": "Seen."} | EVIDENCE


def test_a_year_of_a_brand_from_its_application_to_its_end(branded: Office):
    tree = branded.seen("/v1/brands/U/tree")["tree"]
    assert (tree["brand"]["brand"], tree["below"][0]["below"][0]["brand"]["score"]) == ("U", "85.50")
    mend = CHECK | {"result": "mend", "mend_by": "2025-07-01"}
    branded.done("/v1/brands/B/check", mend, role="assessor")
    item = branded.seen("/v1/register", kind="brand_check", unit="G3")["items"][0]
    assert (item["id"], item["about"], item["due"], item["state"]) == ("B.2025", "B", "2025-07-01", "to_mend")
    branded.done("/v1/brands/B/mend", CHECK, role="assessor")
    honour = {"honour": "H1", "brand": "B", "level": "county", "title": "Best", "issuer": "County", "matter": "M1"}
    branded.done("/v1/honours", honour | EVIDENCE)
    gone = {"effective": DAY, "reason": "Merged."}
    refused = branded.post("/v1/brands/S/retire", gone, role="supervisor")
    assert (refused.status_code, (refused.json or {})["code"]) == (422, "brand.children")
    branded.done("/v1/brands/B/retire", gone, role="supervisor")
    shown = branded.seen("/v1/brands/B")
    assert [each["act"] for each in shown["acts"]][-3:] == ["checked", "mended", "retired"]
    assert (shown["applications"][0]["state"], shown["checks"][0]["state"]) == ("listed", "mended")
    assert [each["honour"] for each in shown["honours"]] == ["H1"]
    assert shown["names"] == {"P8": "Name P8", "P9": "Name P9"}
    assert [each["brand"] for each in branded.seen("/v1/brands")["items"]] == ["S", "U"]


def test_who_answers_for_a_brand_is_who_answers_for_its_unit(branded: Office):
    (chain,) = branded.seen("/v1/chain/brand/B")["chains"]
    business = next(line for line in chain["lines"] if line["line"] == "business")
    assert [holder["person"] for step in business["steps"] for holder in step["holders"]] == ["P1"]
    assert branded.seen("/v1/chain/brand/B")["brand"]["unit"] == "G3"
    assert branded.get("/v1/chain/brand/B404").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["B", "S", "U"]),
        ({"level": "sub_brand"}, ["S"]),
        ({"unit": "G3"}, ["B"]),
        ({"within": "DCP"}, ["B", "S", "U"]),
        ({"within": "LG"}, []),
        ({"parent": "S"}, ["B"]),
        ({"limit": 1}, ["B"]),
        ({"effective_on": "2025-06-15"}, []),
    ],
)
def test_brands_are_listed_by_what_is_asked_for(branded: Office, query: dict[str, Any], found: list[str]):
    assert [each["brand"] for each in branded.seen("/v1/brands", **query)["items"]] == found


def test_applications_are_listed_by_their_state(branded: Office):
    again = {"brand": "B", "unit": "G3", "level": "business_brand", "parent": "S", "year": 2026, "person": "P1"}
    branded.done("/v1/brands", APPLICATION | again, role="leader")
    pending = branded.seen("/v1/brand-applications", state="pending", within="DCP")["items"]
    assert [(each["application"], each["state"], each["person"]) for each in pending] == [("B.2026", "applied", "P1")]
    no = {"year": 2026, "effective": DAY, "reason": "Too early."}
    branded.done("/v1/brands/B/reject", no, role="supervisor")
    (one,) = branded.seen("/v1/brand-applications", year=2026)["items"]
    assert (one["state"], one["words"]) == ("rejected", "Too early.")
    assert len(branded.seen("/v1/brand-applications", state="listed", brand="S")["items"]) == 1


def test_a_brand_moves_and_the_tree_of_the_day_before_stays(branded: Office):
    sub = ("T", "OC", "sub_brand", "U")
    assert apply(branded, *sub).status_code == 201
    branded.clock.tick(hours=1)
    listed(branded, "T")
    branded.done("/v1/brands/B/move", {"parent": "T", "effective": DAY}, role="supervisor")
    before = branded.resonance.log.head().position - 1
    assert branded.seen("/v1/brands/B")["item"]["parent"] == "T"
    then = branded.seen("/v1/brands/U/tree", as_of=f"position:{before}")["tree"]
    assert {each["brand"]["brand"]: len(each["below"]) for each in then["below"]} == {"S": 1, "T": 0}


def test_a_brand_that_is_only_applied_for_is_shown_and_has_no_tree(manned: Office):
    shown = manned.seen("/v1/brands/U")
    assert (shown["item"], shown["applications"][0]["state"]) == (None, "applied")
    assert manned.get("/v1/brands/U/tree").status_code == 404
    assert (manned.get("/v1/brands/B404").json or {})["code"] == "brand.unknown"
    assert (manned.get("/v1/qualities/B404").json or {})["code"] == "quality.unknown"


REVIEW: dict[str, Any] = {"year": 2025, "reviewer": "P8", "points": points(1, 1, 1), "finding": "F", "effective": DAY}
PLACE = {"brand": "V", "unit": "DCP", "level": "umbrella_brand"}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/brands", APPLICATION | PLACE | {"level": "galaxy"}, "brand.level"),
        ("/v1/brands", APPLICATION | PLACE | {"unit": "G3"}, "brand.unit_kind"),
        ("/v1/brands", APPLICATION | PLACE | {"evidence": []}, "request.invalid"),
        ("/v1/brands", APPLICATION | PLACE | {"year": "2025"}, "request.invalid"),
        ("/v1/brands", APPLICATION | PLACE | {"year": 2999}, "brand.year"),
        ("/v1/brands", APPLICATION | PLACE | {"more": 1}, "request.invalid"),
        ("/v1/brands", APPLICATION | PLACE | {"effective": "9999-12-31"}, "effective.too_far"),
        ("/v1/brands/U/review", REVIEW | {"points": points(1, 1, "x")}, "request.invalid"),
        ("/v1/brands/U/review", REVIEW | {"points": points(1, 1, 21)}, "brand.points"),
        ("/v1/brands/U/review", REVIEW | {"points": points(1, 1, 1)[:2]}, "brand.criteria"),
        ("/v1/brands/U/review", REVIEW | {"reviewer": "P1"}, "brand.reviewer"),
        ("/v1/brands/U/review", REVIEW | {"reviewer": "P404"}, "person.unknown"),
        ("/v1/brands/V/review", REVIEW, "brand.not_applied"),
        ("/v1/brands/U/list", {"year": 2025, "effective": DAY}, "brand.unreviewed"),
        ("/v1/brands/U/reject", {"year": 2025, "effective": DAY}, "brand.reason"),
        ("/v1/brands/U/move", {"parent": "V", "effective": DAY}, "brand.not_listed"),
        ("/v1/brands/U/move", {"parent": "a b", "effective": DAY}, "request.invalid"),
        ("/v1/brands/U/check", CHECK | {"result": "perhaps"}, "request.invalid"),
        ("/v1/brands/U/check", CHECK | {"result": "pass"}, "brand.not_listed"),
        ("/v1/brands/U/mend", CHECK, "brand.not_listed"),
        ("/v1/brands/U/retire", {"effective": DAY, "reason": "r"}, "brand.not_listed"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code_and_leaves_no_event(
    manned: Office, path: str, body: dict[str, Any], code: str
):
    before = manned.resonance.log.head().position
    role = "recorder" if path == "/v1/brands" else "supervisor"
    refused = manned.post(path, body, role=role)
    assert (refused.status_code, (refused.json or {})["code"]) == (422, code)
    assert manned.resonance.log.head().position == before


# ---- qualities ----

SCORE: dict[str, Any] = {"scorer": "P8", "points": qualities(18, "17.5", 16, 15, 19), "effective": DAY}
OF = {"unit": "B2", "period": "2025-Q1"}


def test_qualities_are_scored_once_and_corrected_by_two(manned: Office):
    made = manned.post("/v1/qualities", SCORE | OF, role="assessor", key="once")
    assert (made.status_code, made.headers["Location"]) == (201, "/v1/qualities/B2.2025-Q1"), made.json
    again = manned.post("/v1/qualities", SCORE | OF, role="assessor", key="once")
    assert (again.json, again.headers["Idempotency-Replayed"]) == (made.json, "true")
    path, better = "/v1/qualities/B2.2025-Q1/correct", SCORE | {"points": qualities(20, "17.5", 16, 15, 19)}
    alone = manned.post(path, better | {"reason": "Miscounted."}, role="assessor")
    assert (alone.json or {})["code"] == "quality.second_person"
    manned.done(path, better | {"reason": "Miscounted."}, role="assessor", second="supervisor")
    shown = manned.seen("/v1/qualities/B2.2025-Q1")
    assert (shown["item"]["total"], shown["item"]["as_scored"], len(shown["versions"])) == ("87.50", "85.50", 2)
    assert shown["names"] == {"P8": "Name P8"}
    assert len(manned.seen("/v1/qualities", within="LG", period="2025-Q1")["items"]) == 1
    assert manned.seen("/v1/qualities", unit="G3")["items"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "G3"}, "quality.unit_kind"),
        ({"period": "2025"}, "quality.period"),
        ({"period": "soon"}, "quality.period"),
        ({"period": "2025-Q2"}, "quality.early"),
        ({"points": qualities(21, 1, 1, 1, 1)}, "quality.points"),
        ({"points": qualities(1, 1, 1, 1, 1)[1:]}, "quality.qualities"),
        ({"points": [{"quality": "learning", "points": 1, "evidence": []}]}, "request.invalid"),
        ({"points": []}, "request.invalid"),
        ({"scorer": None}, "request.invalid"),
    ],
)
def test_a_score_that_cannot_be_is_refused(manned: Office, change: dict[str, Any], code: str):
    before = manned.resonance.log.head().position
    refused = manned.post("/v1/qualities", SCORE | OF | change, role="assessor")
    assert (refused.status_code, (refused.json or {})["code"]) == (422, code)
    assert manned.resonance.log.head().position == before


# ---- honours ----

HONOUR: dict[str, Any] = {"level": "city", "title": "Model", "issuer": "City", "matter": "M1"} | EVIDENCE


def test_honours_are_corrected_and_annulled_by_two(manned: Office):
    case = {"case_team": "T1", "unit": "G3", "form": "sole_prosecutor", "case_reference": "DCP-2025-0107"}
    manned.done("/v1/case-teams", case | {"members": ["P1"], "roles": ["handler"], "effective": "2025-06-12"})
    manned.done("/v1/honours", HONOUR | {"honour": "H1", "case_team": "T1", "credited": "G3"})
    right = HONOUR | {"case_team": "T1", "level": "province", "conferred_on": "2025-06-13", "reason": "Misread."}
    assert (manned.post("/v1/honours/H1/correct", right).json or {})["code"] == "honour.second_person"
    manned.done("/v1/honours/H1/correct", right, second="supervisor")
    item = manned.seen("/v1/honours/H1")["item"]
    assert (item["level"], item["credited"], item["corrected_on"]) == ("province", None, DAY)
    assert manned.seen("/v1/honours", case_team="T1", year=2025, within="DCP")["items"] == []
    manned.done("/v1/honours/H1/annul", {"effective": DAY, "reason": "Never was."}, second="supervisor")
    assert manned.seen("/v1/honours", state="annulled")["items"][0]["words"] == "Never was."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "honour.subject"),
        ({"person": "P1", "unit": "G3"}, "honour.subject"),
        ({"person": "P1", "credited": "G3"}, "honour.credited"),
        ({"brand": "U"}, "brand.not_listed"),
        ({"case_team": "a b"}, "request.invalid"),
        ({"case_team": "T404"}, "case_team.unknown"),
        ({"person": "P1", "level": "galaxy"}, "honour.level"),
        ({"person": "P1", "evidence": []}, "honour.evidence"),
        ({"person": "P1", "effective": "2025-06-17"}, "honour.future"),
        ({"person": "P1", "matter": "M7", "issuer": "CITY"}, "honour.duplicate"),
    ],
)
def test_an_honour_that_cannot_be_is_refused(manned: Office, change: dict[str, Any], code: str):
    manned.done("/v1/honours", HONOUR | {"honour": "H7", "person": "P1", "matter": "M7"})
    before = manned.resonance.log.head().position
    refused = manned.post("/v1/honours", HONOUR | change)
    assert (refused.status_code, (refused.json or {})["code"]) == (422, code)
    assert manned.resonance.log.head().position == before


def test_who_may_do_what(manned: Office):
    assert manned.post("/v1/brands", APPLICATION | PLACE, role="assessor").status_code == 403
    for path in ("review", "list", "reject", "move", "check", "mend", "retire"):
        assert manned.post(f"/v1/brands/U/{path}", {}, role="leader").status_code == 403
    assert manned.post("/v1/qualities", {}, role="recorder").status_code == 403
    assert manned.post("/v1/honours/H1/annul", {}, role="supervisor").status_code == 403
