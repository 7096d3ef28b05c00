"""Brands: the tree, the applications and checks of each year, and all that was done about a brand."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from projections.facts import At, Facts, FactTable, ReadModel, day, decimal, document, flag, integer, text
from projections.models.flags import as_long_as
from workflow.brands.events import (
    BrandApplied,
    BrandChecked,
    BrandCheckTurned,
    BrandListed,
    BrandMended,
    BrandMoved,
    BrandRejected,
    BrandRenewed,
    BrandRetired,
    BrandReviewed,
)

BRAND = FactTable(
    "brand",
    key=[text("brand")],
    columns=[
        text("unit"),
        text("level"),
        text("parent"),
        text("title_zh"),
        text("title_en"),
        integer("year"),
        decimal("score"),
        day("renewable_until"),
        text("charter"),
    ],
    indexes=[["unit"], ["parent"]],
)
"""A row holds while the brand has its place in the tree. It has to be renewed before the day `renewable_until`, null if
it stays by itself."""

APPLICATION = FactTable(
    "brand_application",
    key=[text("application")],
    columns=[
        text("brand"),
        text("unit"),
        integer("year"),
        text("state"),
        text("level"),
        text("parent"),
        text("title_zh"),
        text("title_en"),
        text("goals"),
        document("evidence"),
        text("person"),
        document("reviews"),
        decimal("score"),
        text("words"),
        text("charter"),
    ],
    indexes=[["brand"], ["unit"]],
    register=["state", "unit"],
)
"""`state`: applied, reviewed (by one at least), listed or rejected; `words` say why that."""

CHECK = FactTable(
    "brand_check",
    key=[text("application")],
    columns=[
        text("brand"),
        text("unit"),
        integer("year"),
        text("state"),
        text("colour"),
        day("listed_on"),
        day("due"),
        text("checker"),
        text("finding"),
        document("evidence"),
        flag("late"),
    ],
    indexes=[["brand"], ["unit"]],
    register=["state", "unit"],
)
"""The check in mid-term of a year's listing. `state`: to_check, to_mend, passed, mended, failed, or dropped, if the
brand was retired before. `listed_on` is the day of the listing whose check it is, for in one year a brand may be
retired and listed anew; `due` that of the check, or of the mending; `checker`, `finding` and `late` are of the last
act."""

ACT = FactTable(
    "brand_act",
    key=[text("brand"), integer("number")],
    columns=[text("act"), integer("year"), text("unit"), text("person"), text("words"), document("told")],
)
"""What happened to a brand, one row each; `number` is the position of the event, `told` what it said besides."""


def applied(facts: Facts, fact: BrandApplied, at: At) -> None:
    key = _cycle(fact)
    values: dict[str, Any] = {
        "brand": fact.brand,
        "unit": fact.unit,
        "year": fact.year,
        "state": "applied",
        "level": fact.level,
        "parent": fact.parent,
        "title_zh": fact.title_zh,
        "title_en": fact.title_en,
        "goals": fact.goals,
        "evidence": fact.evidence,
        "person": fact.person,
        "reviews": (),
        "score": None,
        "words": "",
        "charter": fact.charter,
    }
    if facts.get(APPLICATION, key) is None:
        facts.open(APPLICATION, key, valid_from=fact.effective, **values)
    else:  # once more, after it was rejected, or listed and retired
        facts.amend(APPLICATION, key, effective=fact.effective, **values)
    _did(facts, fact, "applied", at, fact.person, {"level": fact.level, "parent": fact.parent})


def reviewed(facts: Facts, fact: BrandReviewed, at: At) -> None:
    known: dict[str, Any] = facts.get(APPLICATION, _cycle(fact)) or {}
    review = {
        "reviewer": fact.reviewer,
        "points": {each.criterion: str(each.points) for each in fact.points},
        "total": str(fact.total),
        "finding": fact.finding,
        "reviewed_on": fact.effective,
    }
    reviews = [*msgspec.json.decode(known["reviews"]), review]
    facts.amend(APPLICATION, _cycle(fact), effective=fact.effective, state="reviewed", reviews=reviews)
    _did(facts, fact, "reviewed", at, fact.reviewer, {"total": str(fact.total)})


def rejected(facts: Facts, fact: BrandRejected, at: At) -> None:
    facts.amend(APPLICATION, _cycle(fact), effective=fact.effective, state="rejected", words=at.reason)
    _did(facts, fact, "rejected", at)


def listed(facts: Facts, fact: BrandListed, at: At) -> None:
    """Renewed, it goes on from that day in another row, for its term is another."""
    if isinstance(fact, BrandRenewed):
        facts.close(BRAND, fact.brand, effective=fact.effective)
    facts.open(
        BRAND,
        fact.brand,
        valid_from=fact.effective,
        valid_to=fact.until,
        unit=fact.unit,
        level=fact.level,
        parent=fact.parent,
        title_zh=fact.title_zh,
        title_en=fact.title_en,
        year=fact.year,
        score=fact.score,
        renewable_until=fact.until,
        charter=fact.charter,
    )
    facts.amend(APPLICATION, _cycle(fact), effective=fact.effective, state="listed", score=fact.score)
    if fact.check_due is not None:
        values: dict[str, Any] = {
            "brand": fact.brand,
            "unit": fact.unit,
            "year": fact.year,
            "state": "to_check",
            "colour": "green",
            "listed_on": fact.effective,
            "due": fact.check_due,
            "checker": None,
            "finding": "",
            "evidence": None,
            "late": False,
        }
        if facts.get(CHECK, _cycle(fact)) is None:
            facts.open(CHECK, _cycle(fact), valid_from=fact.effective, **values)
        else:  # it was retired that year already
            facts.amend(CHECK, _cycle(fact), effective=fact.effective, **values)
    act = "renewed" if isinstance(fact, BrandRenewed) else "listed"
    _did(facts, fact, act, at, None, {"score": str(fact.score), "parent": fact.parent, "until": fact.until})


def moved(facts: Facts, fact: BrandMoved, at: At) -> None:
    facts.amend(BRAND, fact.brand, effective=fact.effective, parent=fact.parent)
    year = (facts.get(BRAND, fact.brand) or {}).get("year")
    told = {"parent": fact.parent, "previous": fact.previous}
    _act(facts, fact.brand, fact.effective, at, act="moved", year=year, unit=fact.unit, person=None, told=told)


_OPEN = {"check": "to_check", "mending": "to_mend"}


def turned(facts: Facts, fact: BrandCheckTurned, at: At) -> None:
    """The clock may be behind: what was done since that day is not due any more, and what was listed anew on that day
    or later has a check of its own."""
    stands = _OPEN[fact.what], fact.due.isoformat()

    def is_due(row: dict[str, Any]) -> bool:
        return (row["state"], row["due"]) == stands and row["listed_on"] < fact.effective.isoformat()

    change = as_long_as(is_due, lambda _: {"colour": fact.colour})
    facts.revise(CHECK, _cycle(fact), effective=fact.effective, change=change)
    _did(facts, fact, "turned", at, None, {"what": fact.what, "colour": fact.colour, "due": fact.due})


STATES = {"pass": "passed", "mend": "to_mend", "fail": "failed"}


def checked(facts: Facts, fact: BrandChecked, at: At) -> None:
    found: dict[str, Any] = {} if fact.mend_by is None else {"due": fact.mend_by}
    found |= {"checker": fact.checker, "finding": fact.finding, "evidence": fact.evidence, "late": fact.late}
    stands = {"state": STATES[fact.result], "colour": "red" if fact.result == "fail" else "green"}

    def change(row: dict[str, Any]) -> dict[str, Any]:
        lapsed = row["state"] == "dropped" and stands["state"] in _OPEN.values()  # since then there is nothing to mend
        return found if lapsed else found | stands

    facts.revise(CHECK, _cycle(fact), effective=fact.effective, change=change)
    _did(facts, fact, "checked", at, fact.checker, {"result": fact.result, "mend_by": fact.mend_by})


def mended(facts: Facts, fact: BrandMended, at: At) -> None:
    facts.amend(
        CHECK,
        _cycle(fact),
        effective=fact.effective,
        state="mended",
        colour="green",
        checker=fact.checker,
        finding=fact.finding,
        evidence=fact.evidence,
        late=fact.late,
    )
    _did(facts, fact, "mended", at, fact.checker, {"late": fact.late})


def retired(facts: Facts, fact: BrandRetired, at: At) -> None:
    """What was listed anew that year from a later day on is left as it is; also from that day on, if it is the clock
    that notes that the term was over."""
    known: dict[str, Any] = facts.get(BRAND, fact.brand) or {}
    on, lapsed = fact.effective.isoformat(), fact.why == "not_renewed"

    def is_meant(since: str) -> bool:
        return since < on or (since == on and not lapsed)

    # Else it was listed anew before the clock noted the end.
    if known.get("year") == fact.year and is_meant(known["valid_from"]):
        facts.close(BRAND, fact.brand, effective=fact.effective)

    def is_open(row: dict[str, Any]) -> bool:
        return row["state"] in _OPEN.values() and is_meant(row["listed_on"])

    if facts.get(CHECK, _cycle(fact)) is not None:
        change = as_long_as(is_open, lambda _: {"state": "dropped", "colour": None})
        facts.revise(CHECK, _cycle(fact), effective=fact.effective, change=change)
    _did(facts, fact, "retired", at, None, {"why": fact.why})


def _cycle(fact: Any) -> str:
    return f"{fact.brand}.{fact.year}"


def _did(
    facts: Facts, fact: Any, act: str, at: At, person: str | None = None, told: dict[str, Any] | None = None
) -> None:
    values = {"act": act, "year": fact.year, "unit": fact.unit, "person": person, "told": told or {}}
    _act(facts, fact.brand, fact.effective, at, **values)


def _act(facts: Facts, brand: str, effective: date, at: At, **values: Any) -> None:
    facts.open(ACT, brand, at.position, valid_from=effective, words=at.reason, **values)


MODEL = ReadModel(
    "brands",
    version=6,
    tables=[BRAND, APPLICATION, CHECK, ACT],
    handlers={
        BrandApplied: applied,
        BrandReviewed: reviewed,
        BrandRejected: rejected,
        BrandListed: listed,
        BrandRenewed: listed,
        BrandMoved: moved,
        BrandCheckTurned: turned,
        BrandChecked: checked,
        BrandMended: mended,
        BrandRetired: retired,
    },
)
