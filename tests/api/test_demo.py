"""The demonstration organisation: loaded once, loaded again, and loaded after it was interrupted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.demo.loading import (
    FIRST_DAY,
    LAST_DAY,
    ZONE,
    Demonstration,
    Loaded,
    belongs_to_demonstration,
    stricter_rules,
)
from api.demo.procuratorate.answers import EXTENDED, REOPENED
from api.demo.procuratorate.assessments import APPELLANT, HONOUR, HONOURED
from api.demo.procuratorate.measurements import CORRECTION
from api.demo.procuratorate.organisation import people
from api.settings import Settings
from api.simulation import SimulatedClock
from api.wiring import Resonance, bootstrap
from projections.audit import reperformance
from workflow.agendas import agendas
from workflow.assessments.events import AppealDecided, AssessmentPublished, AssessmentRevised, MatterStruck
from workflow.charter import difference, parse, shipped
from workflow.charter.adoption import AdoptCharter
from workflow.charter.events import CharterAdopted
from workflow.clock import Clock
from workflow.duties.events import DutyFulfilled
from workflow.entry import Envelope, read_envelope
from workflow.indicators.events import ReadingCorrected, ReadingReported
from workflow.organisation.events import (
    AppointmentStarted,
    ExOfficioLeadershipNotApplicable,
    ExOfficioLeadershipStarted,
    PersonRegistered,
)
from workflow.plans.events import TaskAssigned, TaskShared
from workflow.sealed import Sealed
from workflow.warnings.events import ExtensionGranted, InterviewDue, InterviewHeld, WarningRaised, WarningReopened

DAYS = (LAST_DAY - FIRST_DAY).days
SECOND_DAY = FIRST_DAY + timedelta(days=1)


@contextmanager
def installation(folder: Path) -> Iterator[tuple[Resonance, Demonstration]]:
    clock = SimulatedClock(ZONE, FIRST_DAY)
    with bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired:
        wired.migrate()
        yield wired, Demonstration(wired, clock)


def envelopes(wired: Resonance) -> list[Envelope]:
    return [read_envelope(entry.bytes) for entry in wired.log.entries()]


@pytest.fixture(scope="module")
def history(demonstration: Path) -> list[Envelope]:
    with installation(demonstration) as (wired, _):
        return envelopes(wired)


def facts(history: list[Envelope], kind: type[Any]) -> list[Any]:
    return [each.event for each in history if each.type == kind.TOPIC]


def told(history: list[Envelope]) -> list[tuple[Any, ...]]:
    """All that a history says, but the boxes, which are never the same, though they hold the same."""
    return [(e.time, e.type, e.tags, e.id, e.actor, e.reason, e.approver, e.ruleversion, opened(e)) for e in history]


def opened(envelope: Envelope) -> dict[str, Any]:
    values: dict[str, Any] = envelope.event.as_dict()
    return {name: None if isinstance(value, Sealed) else value for name, value in values.items()}


def test_all_of_the_domain_is_there(history):
    counts = Counter(each.type for each in history)
    expected = {
        "charter.adopted": 2,
        "indicator.adopted": 32,
        "unit.established": 24,
        "post.established": 142,
        "grid.bound": 8,
        "person.registered": 103,
        "membership.started": 75,
        "reading.reported": 1236,
        "reading.corrected": 1,
        "warning.reopened": 1,
        "plan.adopted": 3,
        "task.assigned": 10,
        "task.verified": 6,
        "task.flagged": 13,
        "warning.notice_issued": 101,
        "warning.interview_due": 2,
        "warning.interview_held": 2,
        "warning.extension_granted": 1,
        "warning.rectification_overdue": 6,
        "warning.escalated": 54,
        "duty.opened": 1772,
        "duty.lapsed": 140,
        "duty.fulfilled_late": 106,
        "duty.excused": 1,
        "duty.extended": 1,
        "dual_report.submitted": 65,
        "dual_report.returned": 1,
        "cycle.closed": 16,
    }
    assert {name: counts[name] for name in expected} == expected
    assert (counts["warning.raised"], counts["warning.acknowledged"], counts["reading.missed"]) == (103, 93, 10)


def test_each_branch_has_a_committee_of_three_to_five_of_whom_half_meet(history):
    held = facts(history, AppointmentStarted)
    seats = {f"B{n}": {each.person for each in held if each.unit == f"B{n}"} for n in range(1, 6)}
    assert {branch: len(people) for branch, people in seats.items()} == {"B1": 5, "B2": 3, "B3": 5, "B4": 3, "B5": 3}
    met = [each for each in facts(history, DutyFulfilled) if each.duty.startswith("committee_meeting.")]
    assert met
    assert all(each.entitled == len(seats[each.unit]) and 2 * each.present >= each.entitled for each in met)


def test_everything_was_recorded_on_the_day_on_which_it_happened(history):
    times = [datetime.fromisoformat(each.time) for each in history]
    assert times == sorted(times)
    for envelope, at in zip(history, times, strict=True):
        day = at.astimezone(ZONE).date()
        assert day <= LAST_DAY
        # The clock, started on the second day, finds open what is owed since the first.
        if envelope.type != "charter.adopted" and (envelope.type, day) != ("duty.opened", SECOND_DAY):
            effective = envelope.effectivedate
            # Decided on a day, some things begin later; nothing is said to have begun before it was recorded.
            assert not effective or effective >= day.isoformat(), envelope


def test_nothing_was_recorded_by_a_name(history):
    actors = {each.actor for each in history}
    assert actors == {"clerk", "clock", "supervisor", "assessor", "leader", *(f"head-G{n}" for n in range(1, 9))}


def test_names_are_sealed_and_open(demonstration, history):
    registered = facts(history, PersonRegistered)
    with installation(demonstration) as (wired, _):
        details = wired.keys.open_many((fact.person, fact.details) for fact in registered)
        assert {person: each["name"] for person, each in details.items()} == {p.id: p.name for p in people()}
        assert wired.keys.find("unit 6 head") == [p.id for p in people() if p.post == "G6-HEAD"]


def test_every_colour_stands_up_to_the_audit(demonstration):
    with installation(demonstration) as (wired, _):
        finding = reperformance(wired.log)
    assert finding.ok, finding
    assert finding.checked > 1_236  # every reading, and what came of them


def test_loading_it_again_changes_nothing(demonstration_copy):
    with installation(demonstration_copy) as (wired, again):
        before = list(wired.log.entries())
        progress: list[tuple[int, int]] = []
        assert again.load(lambda done, total: progress.append((done, total))) == Loaded(len(before))
        assert list(wired.log.entries()) == before
        assert wired.journal.latest() == []
    assert progress[-1] == (DAYS, DAYS)
    assert [done for done, _ in progress] == list(range(DAYS + 1))


class Killed(BaseException):
    """Nobody can catch this."""


def test_killed_again_and_again_and_resumed_it_comes_to_the_same(tmp_path, history):
    for stop in (2, 250):
        with installation(tmp_path) as (wired, interrupted), pytest.raises(Killed):
            interrupted.load(killed_after(stop))
        with installation(tmp_path) as (wired, _):
            assert 0 < wired.log.head().position < len(history)
    with installation(tmp_path) as (wired, resumed):
        assert resumed.load() == Loaded(len(history))
        assert told(envelopes(wired)) == told(history)


def killed_after(days: int) -> Any:
    def progress(done: int, total: int) -> None:
        if done == days:
            raise Killed

    return progress


class TestWhoseLogItIs:
    def test_an_empty_log_may_become_the_demonstration(self, tmp_path):
        with installation(tmp_path) as (wired, _):
            assert belongs_to_demonstration(wired)

    def test_its_own_log_is_known(self, demonstration):
        with installation(demonstration) as (wired, _):
            assert belongs_to_demonstration(wired)

    def test_the_log_of_others_is_left_alone(self, tmp_path):
        with installation(tmp_path) as (wired, _):
            adopt = AdoptCharter(text=shipped("hospital"), effective=date(2024, 1, 1))
            wired.handle(adopt, wired.context("A", approver="B"))
            assert not belongs_to_demonstration(wired)


class TestTheStories:
    def test_a_the_head_of_g6_is_no_party_member_and_the_deputy_acts(self, history):
        outcomes = [f for f in facts(history, ExOfficioLeadershipNotApplicable) if f.department == "G6"]
        head = next(p.id for p in people() if p.post == "G6-HEAD")
        assert outcomes[-1].person == head
        assert not [f for f in facts(history, ExOfficioLeadershipStarted) if f.department == "G6"]
        (acting,) = [f for f in facts(history, AppointmentStarted) if f.post == "PG6-LEAD"]
        assert (acting.kind, acting.person) == ("acting", next(p.id for p in people() if p.post == "G6-D1"))

    def test_b_the_deputy_of_g7_leads_while_the_head_is_away(self, history):
        led = [
            (f.effective.isoformat(), f.acting) for f in facts(history, ExOfficioLeadershipStarted) if f.group == "PG7"
        ]
        assert led == [("2024-01-01", False), ("2025-03-01", True), ("2025-07-01", False)]

    def test_d_a_transfer_in_mid_quarter_splits_the_tasks_of_both_by_days(self, history):
        shared = [(f.task, f.person, f.days, f.of_days, str(f.share), str(f.rest)) for f in facts(history, TaskShared)]
        assert shared == [
            ("G4.2025.T1.1", "P059", 45, 91, "6", "7"),
            ("G5.2025.T1.1", "P072", 45, 91, "10", "10"),
        ]
        successors = {f.task: f.person for f in facts(history, TaskAssigned) if f.effective == date(2025, 5, 16)}
        assert successors == {"G4.2025.T1.4": "P072", "G5.2025.T1.4": "P059"}

    def test_e_a_wrong_value_is_corrected_and_the_reported_colour_stays(self, history):
        (corrected,) = facts(history, ReadingCorrected)
        (reported,) = [f for f in facts(history, ReadingReported) if f.reading == corrected.reading]
        assert corrected.reading == "I14.G5.2025-04"
        assert (reported.judgement.colour, corrected.judgement.colour) == ("red", "yellow")
        assert (corrected.effective, corrected.value) == (CORRECTION.found_on, CORRECTION.value)
        (envelope,) = [e for e in history if e.type == "reading.corrected"]
        assert (envelope.actor, envelope.approver, envelope.reason) == ("clerk", "assessor", CORRECTION.reason)

    def test_f_the_red_of_march_is_closed_out_and_reopened(self, history):
        (reopened,) = facts(history, WarningReopened)
        assert reopened.warning == REOPENED
        steps = [e.type for e in history if f"warning:{REOPENED}" in e.tags.split()]
        assert steps == [
            "warning.raised",
            "warning.notice_issued",
            "warning.escalated",
            "warning.escalated",
            "warning.acknowledged",
            "warning.rectification_planned",
            "warning.rectification_reported",
            "warning.closed_out",
            "warning.reopened",
            "warning.rectification_overdue",
        ]
        assert [f.colour for f in facts(history, WarningRaised) if f.warning == EXTENDED] == ["red"]
        (due,) = [f for f in facts(history, InterviewDue) if f.warning == EXTENDED]
        (held,) = [f for f in facts(history, InterviewHeld) if f.warning == EXTENDED]
        assert (due.rung, due.by, (held.person,)) == ("red_twice", "deputy_in_charge", due.told[1].persons)
        assert [f.warning for f in facts(history, ExtensionGranted)] == [EXTENDED]

    def test_h_an_appeal_is_upheld_and_the_results_are_revised(self, history):
        (appeal,) = facts(history, AppealDecided)
        assert (appeal.person, appeal.upheld, appeal.late) == (APPELLANT, True, False)
        assert [f.why for f in facts(history, AssessmentRevised)] == ["appeal", "honour"]

    def test_i_an_honour_is_revoked_and_its_bonus_reversed(self, history):
        first, then = facts(history, AssessmentPublished)[0].results, facts(history, AssessmentRevised)[-1].results
        assert [f.subject for f in first if f.grade == "excellent"] == [HONOURED]
        assert [f.subject for f in then if f.grade == "excellent"] == [APPELLANT]
        (struck,) = facts(history, MatterStruck)
        assert (struck.person, struck.honour) == (HONOURED, HONOUR)

    def test_g_stricter_rules_are_in_force_from_july_on_and_the_second_quarter_is_untouched(self, history):
        adoptions = [(f.version, f.effective.isoformat()) for f in facts(history, CharterAdopted)]
        assert adoptions == [("1", "2024-01-01"), ("2", "2025-07-01")]
        changed = [c.key for c in difference(parse(shipped("procuratorate"), "1"), parse(stricter_rules(), "2"))]
        assert len(changed) == 2
        judged = {f.period: f.judgement for f in facts(history, ReadingReported) if f.reading.startswith("I06.G2.2025")}
        assert (judged["2025-06"].charter, judged["2025-06"].colour) == ("1", "yellow")
        assert (judged["2025-07"].charter, judged["2025-07"].colour) == ("2", "red")


class TwoAtOnce:
    """Two clocks that do what is due at the same time."""

    def __init__(self, wired: Resonance) -> None:
        self._clocks = [Clock(wired.log, wired.handle_all, agendas()) for _ in range(2)]

    def until(self, day: date) -> None:
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda clock: clock.until(day), self._clocks))


def test_lived_again_and_by_two_clocks_at_once_it_is_the_same_history(tmp_path, history, monkeypatch):
    with installation(tmp_path) as (wired, again):
        monkeypatch.setattr(again, "_ticking", TwoAtOnce(wired))
        again.load()
        assert told(envelopes(wired)) == told(history)
