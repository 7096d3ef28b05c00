"""Field hearings: when, where and by whom they are to be held, who was told, and what came of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, document, flag, integer, text
from projections.models.flags import acted, flagged
from workflow.hearings.events import (
    HearingCancelled,
    HearingFlagged,
    HearingHeld,
    HearingHostChanged,
    HearingNotified,
    HearingPlanned,
    HearingPlanSet,
    HearingPostponed,
)

HEARING = FactTable(
    "hearing",
    key=[text("hearing")],
    columns=[
        text("unit"),
        text("reference"),
        text("place"),
        text("host"),
        day("on_day"),
        text("state"),
        text("colour"),
        document("flags"),
        day("notice_due"),
        day("earliest"),
        document("told"),
        document("hearers"),
        text("result"),
        flag("local_resolution"),
        text("act"),
        text("words"),
        document("evidence"),
    ],
    indexes=[["unit", "on_day"], ["host"], ["reference"]],
    register=["state", "unit"],
)
"""`state`: planned, notified, held or cancelled. `notice_due` is null once people were told; it may be held from
`earliest` on. Of the last act: `act` (planned, notified, postponed, host_changed, held, cancelled), its reason and
evidence."""

HEARING_PLAN = FactTable(
    "hearing_plan",
    key=[text("plan")],
    columns=[text("unit"), integer("year"), document("quarters")],
    indexes=[["unit", "year"]],
)


def plan_set(facts: Facts, fact: HearingPlanSet, at: At) -> None:
    if facts.get(HEARING_PLAN, fact.plan) is None:
        facts.open(
            HEARING_PLAN,
            fact.plan,
            valid_from=fact.effective,
            unit=fact.unit,
            year=fact.year,
            quarters=fact.quarters,
        )
    else:
        facts.amend(HEARING_PLAN, fact.plan, effective=fact.effective, quarters=fact.quarters)


def planned(facts: Facts, fact: HearingPlanned, at: At) -> None:
    facts.open(
        HEARING,
        fact.hearing,
        valid_from=fact.effective,
        unit=fact.unit,
        reference=fact.reference,
        place=fact.place,
        host=fact.host,
        on_day=fact.on,
        state="planned",
        colour="green",
        flags=None,
        notice_due=fact.notice_due,
        earliest=None,
        told=None,
        hearers=None,
        result=None,
        local_resolution=False,
        act="planned",
        words="",
        evidence=None,
    )


def notified(facts: Facts, fact: HearingNotified, at: At) -> None:
    changes: dict[str, Any] = {"state": "notified", "told": fact.told, "earliest": fact.earliest, "notice_due": None}
    _acted(facts, fact.hearing, fact.effective, "notified", evidence=fact.evidence, **changes)


def postponed(facts: Facts, fact: HearingPostponed, at: At) -> None:
    changes: dict[str, Any] = {"state": "planned", "on_day": fact.on, "notice_due": fact.notice_due}
    changes |= {"told": None, "earliest": None}
    _acted(facts, fact.hearing, fact.effective, "postponed", at.reason, **changes)


def host_changed(facts: Facts, fact: HearingHostChanged, at: At) -> None:
    _acted(facts, fact.hearing, fact.effective, "host_changed", at.reason, host=fact.host)


def held(facts: Facts, fact: HearingHeld, at: At) -> None:
    changes: dict[str, Any] = {
        "state": "held",
        "hearers": fact.hearers,
        "result": fact.result,
        "local_resolution": fact.local_resolution,
    }
    _acted(facts, fact.hearing, fact.effective, "held", evidence=fact.evidence, **changes)


def cancelled(facts: Facts, fact: HearingCancelled, at: At) -> None:
    changes: dict[str, Any] = {"state": "cancelled", "notice_due": None}
    _acted(facts, fact.hearing, fact.effective, "cancelled", at.reason, **changes)


def turned(facts: Facts, fact: HearingFlagged, at: At) -> None:
    flagged(facts, HEARING, fact.hearing, fact, _dues)


def _acted(
    facts: Facts,
    hearing: str,
    effective: date,
    act: str,
    words: str = "",
    evidence: tuple[str, ...] = (),
    **more: Any,
) -> None:
    about: dict[str, Any] = {"act": act, "words": words, "evidence": evidence or None, **more}
    acted(facts, HEARING, hearing, effective, _dues, **about)


def _dues(row: dict[str, Any]) -> dict[str, Any]:
    return {"notice": row["notice_due"], "hold": row["on_day"]} if row["state"] in ("planned", "notified") else {}


MODEL = ReadModel(
    "hearings",
    version=4,
    tables=[HEARING, HEARING_PLAN],
    handlers={
        HearingPlanSet: plan_set,
        HearingPlanned: planned,
        HearingNotified: notified,
        HearingPostponed: postponed,
        HearingHostChanged: host_changed,
        HearingHeld: held,
        HearingCancelled: cancelled,
        HearingFlagged: turned,
    },
)
