"""A story of brands: an umbrella and what stands below it, checked, mended too late, not renewed, and listed anew."""

from __future__ import annotations

from typing import Any

from tests.stories.assessing import everything_is_decided_as_it_had_to_be
from tests.stories.demonstration import Organisation

UMBRELLA, SUB, BUSINESS = "BEACON", "SERVICE", "OPEN-DOOR"
PLACES = (
    (UMBRELLA, "DCP", "umbrella_brand", None),
    (SUB, "G7", "sub_brand", UMBRELLA),
    (BUSINESS, "G7", "business_brand", SUB),
)
REVIEWERS = "P006", "P007"
INSIDER = "P085"


def test_a_brand_from_its_first_application_to_its_return(organisation: Organisation):
    at = organisation
    at.live("2024-01-08")
    for place in PLACES:
        granted(at, place, 2024)
    before = at.position
    the_check_comes_and_is_overdue(at)
    it_is_mended_too_late(at)
    it_is_honoured(at)
    it_is_not_renewed(at)
    it_comes_back(at, before)
    everything_is_decided_as_it_had_to_be(at)
    at.look_again()


def granted(at: Organisation, place: tuple[str, str, str, str | None], year: int) -> None:
    """Today a unit applies, outsiders review, and the brand is listed."""
    brand, unit, level, parent = place
    body = {"brand": brand, "unit": unit, "year": year, "level": level, "parent": parent, "title_zh": "炬"}
    at.done("/v1/brands", body | {"goals": "Seen by all.", "evidence": ["plan"], "effective": at.today})
    points = [{"criterion": each, "points": n} for each, n in (("fusion", 36), ("results", 36), ("recognition", 17))]
    review: dict[str, Any] = {"year": year, "points": points, "finding": "Good.", "effective": at.today}
    path = f"/v1/brands/{brand}/review"
    if unit == "G7":
        assert at.refused(path, review | {"reviewer": INSIDER}, role="assessor") == (422, "brand.reviewer")
    listing = f"/v1/brands/{brand}/list", {"year": year, "effective": at.today}
    assert at.refused(*listing, role="supervisor") == (422, "brand.unreviewed")
    for reviewer in REVIEWERS:
        at.done(path, review | {"reviewer": reviewer}, role="assessor")
    at.done(*listing, role="supervisor")


def checked(at: Organisation, brand: str, **result: Any) -> None:
    body = {"checker": REVIEWERS[0], "finding": "Seen.", "evidence": ["minutes"], "effective": at.today} | result
    at.done(f"/v1/brands/{brand}/check", body, role="supervisor")


def open_checks(at: Organisation) -> dict[str, tuple[str, bool]]:
    items = at.look("/v1/register", kind="brand_check")["items"]
    return {each["about"]: (each["colour"], each["overdue"]) for each in items}


def the_check_comes_and_is_overdue(at: Organisation) -> None:
    at.live("2024-06-28")
    assert open_checks(at) == dict.fromkeys((UMBRELLA, SUB, BUSINESS), ("green", False))
    checked(at, UMBRELLA, result="pass")
    at.live("2024-07-01")
    assert open_checks(at) == dict.fromkeys((SUB, BUSINESS), ("yellow", False))
    checked(at, SUB, result="pass")
    at.live("2024-07-16")
    assert open_checks(at) == {BUSINESS: ("red", True)}
    assert at.look("/v1/scorecards/unit/G7")["items"][0]["rolled_up"] == "red"


def it_is_mended_too_late(at: Organisation) -> None:
    checked(at, BUSINESS, result="mend", mend_by="2024-08-05")
    at.live("2024-08-06")
    assert open_checks(at) == {BUSINESS: ("red", True)}
    by_an_insider = {"checker": INSIDER, "finding": "Done.", "evidence": ["photo"], "effective": at.today}
    assert at.refused(f"/v1/brands/{BUSINESS}/mend", by_an_insider, role="supervisor") == (422, "brand.checker")
    at.done(f"/v1/brands/{BUSINESS}/mend", by_an_insider | {"checker": REVIEWERS[1]}, role="supervisor")
    assert open_checks(at) == {}


def it_is_honoured(at: Organisation) -> None:
    honour = {"honour": "H-1", "brand": BUSINESS, "level": "county", "title": "Best", "issuer": "County"}
    at.done("/v1/honours", honour | {"matter": "DOOR-2024", "evidence": ["decree"], "effective": at.today})
    (one,) = at.look(f"/v1/brands/{BUSINESS}")["honours"]
    assert (one["honour"], one["credited"]) == ("H-1", "G7")


def it_is_not_renewed(at: Organisation) -> None:
    at.live("2025-02-10")
    granted(at, PLACES[0], 2025)
    granted(at, PLACES[1], 2025)
    at.live("2025-02-16")
    shown = at.look(f"/v1/brands/{BUSINESS}")["acts"][-1]
    assert (shown["act"], shown["told"], shown["since"]) == ("retired", {"why": "not_renewed"}, "2025-02-16")
    assert [each["brand"] for each in at.look("/v1/brands")["items"]] == [UMBRELLA, SUB]


def it_comes_back(at: Organisation, before: int) -> None:
    at.live("2025-03-03")
    retire = {"effective": at.today, "reason": "Merged."}
    granted(at, PLACES[2], 2025)
    assert at.refused(f"/v1/brands/{SUB}/retire", retire, role="supervisor") == (422, "brand.children")
    tree = at.look(f"/v1/brands/{UMBRELLA}/tree")["tree"]
    assert tree["below"][0]["below"][0]["brand"]["since"] == "2025-03-03"
    then = at.look(f"/v1/brands/{UMBRELLA}/tree", as_of=f"position:{before}")["tree"]
    assert then["below"][0]["below"][0]["brand"]["year"] == 2024
    (chain,) = at.look(f"/v1/chain/brand/{BUSINESS}")["chains"]
    assert chain["unit"]["unit"] == "G7"
