"""The audit of a copy of the log in which one decision was changed: it says no, and names the event."""

from __future__ import annotations

import re
import sqlite3
from datetime import date
from decimal import Decimal

import pytest

from api.demo.procuratorate.demonstration import PROCURATORATE
from api.settings import Settings
from api.simulation import SimulatedClock
from api.wiring import bootstrap
from projections.models import MODELS
from projections.projector import Projector
from tests.api.shell import Shell
from workflow.ids import TargetId
from workflow.plans.planning import CancelTarget

ASSESSMENT = "prosecutors.G3.2025-Q2"

Change = tuple[str, str] | re.Pattern[str]
"""What is put in the place of what; or where a number stands, to which one is added."""


def one_more(name: str) -> re.Pattern[str]:
    return re.compile(f'(?<="{name}":")[0-9.]+')


CHANGED: dict[str, tuple[str, str, Change, str]] = {
    "a colour": (
        "reading.reported",
        "I07.G3.2025-03",
        ('"colour":"red"', '"colour":"green"'),
        "I07.G3.2025-03: the colour is recorded as green, and had to be red",
    ),
    "a corrected colour": (
        "reading.corrected",
        "I14.G5.2025-04",
        ('"colour":"yellow"', '"colour":"green"'),
        "I14.G5.2025-04: the colour is recorded as green, and had to be yellow",
    ),
    "the colour of what is missing": (
        "reading.missed",
        "I19.G6.2024-06",
        ('"colour":"yellow"', '"colour":"red"'),
        "I19.G6.2024-06: the colour is recorded as red, and had to be yellow",
    ),
    "who is assessed": (
        "assessment.opened",
        ASSESSMENT,
        ('"P031",', ""),
        f"{ASSESSMENT}: who is assessed is recorded as ('P032', ",
    ),
    "a score": (
        "assessment.scored",
        f'"assessment":"{ASSESSMENT}","person":"P031"',
        one_more("base"),
        ASSESSMENT + ": the score is recorded as {now}, and had to be {was}",
    ),
    "a bonus": (
        "assessment.bonus_recorded",
        ASSESSMENT,
        ('"points":"3"', '"points":"5"'),
        f"{ASSESSMENT}: the bonus is recorded as 5, and had to be 3",
    ),
    "a grade": (
        "assessment.published",
        ASSESSMENT,
        ('"grade":"excellent"', '"grade":"good"'),
        f"{ASSESSMENT}: the grade of P034 is recorded as good, and had to be excellent",
    ),
    "a total": (
        "assessment.published",
        ASSESSMENT,
        one_more("total"),
        f"{ASSESSMENT}: the result of ",
    ),
    "a place": (
        "assessment.revised",
        ASSESSMENT,
        ('"grade":"excellent","rank":null', '"grade":"excellent","rank":1'),
        f"{ASSESSMENT}: the result of ",
    ),
    "the due date of a duty": (
        "duty.opened",
        "weekly_meeting.G1.2024-W01",
        ('"due":"2024-01-08"', '"due":"2024-01-15"'),
        "weekly_meeting.G1.2024-W01: due is recorded as 2024-01-15, and had to be 2024-01-08",
    ),
    "the due date of a warning": (
        "warning.raised",
        "W.I07.G3.2025-03",
        ('"respond_by":"2025-04-08"', '"respond_by":"2025-04-18"'),
        "W.I07.G3.2025-03: recorded is 2025-04-18, 2025-04-24, and it had to be 2025-04-08, 2025-04-24",
    ),
    "what the parts sum to": (
        "task.split",
        "G4.2025.T1",
        ('"amounts":["13","6","5"]', '"amounts":["14","6","5"]'),
        "G4.2025.T1: the amount of G4.2025.T1.1 is recorded as 14, and had to be 13; "
        "the sum of the parts is recorded as 25, and had to be 24",
    ),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_decision_that_was_changed_is_named(demo: Shell, what: str):
    topic, of, change, sentence = CHANGED[what]
    where, was, now = falsified(demo, topic, of, change)
    named_and_told(demo, where, sentence.format(was=was, now=now))


def test_what_was_done_in_all_of_a_target_is_summed_up_again(demo: Shell):
    day = date(2026, 1, 21)
    settings = Settings.read({"RESONANCE_VAR": str(demo.folder)})
    with bootstrap(settings, now=SimulatedClock(PROCURATORATE.zone, day)) as wired:
        context = wired.context("leader", approver="supervisor", reason="Two departments are merged.")
        wired.handle(CancelTarget(target=TargetId("G4.2025.T1"), effective=day), context)
        Projector(wired.settings.database, wired.log, MODELS).once()
    assert demo("audit").status == 0
    *_, cancelled = demo.recorded("plan.target_cancelled")
    done = cancelled.event.as_dict()["done"]
    assert done > 0
    where, _, now = falsified(demo, "plan.target_cancelled", "G4.2025.T1", one_more("done"))
    assert now == str(done + 1)
    named_and_told(demo, where, f"G4.2025.T1: the done is recorded as {done + 1}, and had to be {done}")


def named_and_told(demo: Shell, where: int, sentence: str) -> None:
    answer = demo("audit", "--json")
    told = answer.json["reperformance"]
    assert (answer.status, told["ok"], told["first_bad"]) == (1, False, where)
    assert sentence in told["detail"]


def falsified(demo: Shell, topic: str, of: str, change: Change) -> tuple[int, str, str]:
    """Change the stored bytes of the first event of a type that mentions something: its position, what was there, and
    what is there now."""
    first = "SELECT min(position) FROM event WHERE instr(CAST(entry AS TEXT), ?) AND instr(CAST(entry AS TEXT), ?)"
    with sqlite3.connect(demo.folder / "log.sqlite") as connection:
        connection.execute("DROP TRIGGER event_no_UPDATE")
        ((where,),) = connection.execute(first, (f'"type":"{topic}"', of))
        ((before,),) = connection.execute("SELECT entry FROM event WHERE position = ?", (where,))
        entry = before.decode()
        if isinstance(change, tuple):
            was, now = change
            after = entry.replace(was, now)
        else:
            found = change.search(entry)
            assert found is not None
            was, now = found[0], str(Decimal(found[0]) + 1)
            after = entry[: found.start()] + now + entry[found.end() :]
        assert after != entry
        connection.execute("UPDATE event SET entry = ? WHERE position = ?", (after.encode(), where))
    connection.close()
    return int(where), was, now
