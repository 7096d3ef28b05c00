"""The hospital's demonstration: other kinds, other words, one line, and no party; nothing local is in the code."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.demo.hospital import assessments, plans
from api.demo.hospital.answers import EXTENDED, LATE
from api.demo.hospital.demonstration import FIRST_DAY, HOSPITAL, LAST_DAY, stricter_hand_hygiene
from api.demo.hospital.organisation import people, staff_of
from api.demo.loading import Loaded, demonstration_in
from projections.audit import faithfulness, reperformance
from projections.models import MODELS
from tests.api.loaded import envelopes, facts, installation, told
from tests.api.office import Clock, Office
from tests.api.shell import Shell
from workflow.assessments.events import AppealDecided, AssessmentPublished
from workflow.charter import difference, parse, shipped
from workflow.charter.events import CharterAdopted
from workflow.entry import Envelope
from workflow.indicators.events import ReadingReported
from workflow.organisation.events import ExOfficioLeadershipStarted
from workflow.plans.events import PlanTargetSet, TaskShared
from workflow.warnings.events import InterviewDue, InterviewHeld, NoticeIssued, WarningEscalated

NURSE = staff_of("M1-NURSE")[1]


@pytest.fixture(scope="module")
def history(hospital: Path) -> list[Envelope]:
    with installation(hospital, HOSPITAL) as (wired, _):
        return envelopes(wired)


@pytest.fixture(scope="module")
def desk(hospital: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office of the hospital, as its history left it."""
    folder = shutil.copytree(hospital, tmp_path_factory.mktemp("desk") / "hospital")
    with installation(folder, HOSPITAL) as (wired, _):
        yield Office(wired, Clock())


def seen(desk: Office, path: str, **query: Any) -> Any:
    return desk.seen(path, **{"effective_on": LAST_DAY.isoformat()} | query)


def test_all_of_the_domain_is_there_but_what_its_charter_does_not_have(history):
    counts = Counter(each.type for each in history)
    expected = {
        "charter.adopted": 2,
        "indicator.adopted": 11,
        "indicator.amended": 1,
        "unit.established": 12,
        "post.established": 32,
        "grid.bound": 4,
        "person.registered": 49,
        "membership.started": 18,
        "reading.reported": 443,
        "warning.interview_held": 1,
        "warning.extension_granted": 1,
        "duty.extended": 1,
        "duty.excused": 1,
        "plan.adopted": 1,
        "task.shared": 1,
        "cycle.opened": 2,
        "cycle.closed": 1,
        "assessment.finalised": 1,
        "honour.conferred": 1,
        "dual_report.submitted": 0,
    }
    assert {name: counts[name] for name in expected} == expected
    assert 1_500 < len(history) < 3_000


def test_everything_was_recorded_on_its_day_in_its_own_time_zone_by_its_own_users(history):
    times = [datetime.fromisoformat(each.time) for each in history]
    assert times == sorted(times)
    assert {at.astimezone(HOSPITAL.zone).hour for at in times} == {9}
    assert times[-1].astimezone(HOSPITAL.zone).date() <= LAST_DAY
    heads = {f"lead-{unit}" for unit in ("M1", "M2", "S1", "E1", "MED", "SURGERY", "EMERGENCY")}
    actors = {each.actor for each in history}
    assert actors - heads == {"records-office", "quality-office", "peer-review", "presidency", "clock"}


def test_nothing_in_its_log_is_of_a_party_or_a_procuratorate(hospital):
    """Whatever the code says on its own, in events, ids and reasons, is general."""
    with installation(hospital, HOSPITAL) as (wired, _):
        log = b"".join(entry.bytes for entry in wired.log.entries()).decode().lower()
    local = ("party", "procurat", "prosecut", "branch", "petition", "shanghai", "党", "检察", "支部", "信访")
    assert [word for word in local if word in log] == []


class TestTheOneLine:
    def test_a_nurse_answers_upward_on_one_line_and_nothing_is_missing(self, desk):
        (chain,) = seen(desk, f"/v1/chain/person/{NURSE}")["chains"]
        (line,) = chain["lines"]
        assert (line["line"], line["missing"], chain["broken"]) == ("quality", None, False)
        assert [(step["level"], [each["person"] for each in step["holders"]]) for step in line["steps"]] == [
            ("clinician", [NURSE]),
            ("head_nurse", staff_of("M1-HEAD")),
            ("director", staff_of("MED-DIR")),
            ("vice_president", staff_of("GH-VP1")),
            ("president", staff_of("GH-PRES")),
        ]

    def test_a_team_and_the_committee_have_their_own_way_up_on_it(self, desk):
        (chain,) = seen(desk, "/v1/chain/unit/QT-SURGERY")["chains"]
        steps = chain["lines"][0]["steps"]
        assert [(step["level"], step["holders"][0]["rule"]) for step in steps] == [
            ("quality_team_leader", "director_leads_team"),
            ("committee_chair", "president_chairs_committee"),
            ("president", ""),
        ]

    @pytest.mark.parametrize("kind", ["unit", "post", "indicator", "warning", "task"])
    def test_of_everything_it_can_be_asked_and_has_one_line(self, desk, kind):
        of = {"unit": "GH", "post": "S1-NURSE", "indicator": "Q01", "warning": EXTENDED, "task": f"{plans.TARGET}.1"}
        chains = seen(desk, f"/v1/chain/{kind}/{of[kind]}")["chains"]
        assert chains
        assert [[line["line"] for line in chain["lines"]] for chain in chains] == [["quality"]] * len(chains)

    def test_while_the_director_of_surgery_is_on_leave_the_deputy_answers_and_leads_the_team(self, desk, history):
        (chain,) = seen(desk, "/v1/chain/unit/S1", effective_on="2025-06-16")["chains"]
        director = next(step for step in chain["lines"][0]["steps"] if step["level"] == "director")
        assert [(each["person"], each["kind"]) for each in director["holders"]] == [
            (staff_of("SURGERY-DEP")[0], "acting")
        ]
        led = [
            (f.effective.isoformat(), f.acting)
            for f in facts(history, ExOfficioLeadershipStarted)
            if f.group == "QT-SURGERY"
        ]
        assert led == [("2025-01-01", False), ("2025-05-01", True), ("2025-09-01", False)]

    def test_there_are_no_reports_on_several_lines_and_cycles_run_on_the_one(self, desk):
        assert seen(desk, "/v1/reports")["items"] == []
        cycles = {each["cycle"]: each for each in seen(desk, "/v1/cycles")["items"]}
        assert cycles["MED-2025"]["stages"] == {"quality": ["plan", "do", "check", "act"]}
        assert cycles["SURGERY-2025"]["stages"] == {"quality": ["plan", "do"]}


class TestColoursAndWarnings:
    def test_falls_red_twice_lead_to_a_review_meeting_of_its_own_ladder(self, history):
        judged = {f.period: f.judgement.colour for f in facts(history, ReadingReported) if f.reading[:6] == "Q02.M2"}
        assert [judged[f"2025-{month:02d}"] for month in range(2, 7)] == ["green", "red", "red", "yellow", "green"]
        (due,) = [f for f in facts(history, InterviewDue) if f.warning == EXTENDED]
        assert (due.rung, due.by) == ("red_twice", "vice_president")
        assert [each.level for each in due.told] == ["head_nurse", "director", "vice_president", "president"]
        (held,) = facts(history, InterviewHeld)
        assert (held.person, list(held.persons)) == (staff_of("GH-VP1")[0], staff_of("M2-HEAD"))

    def test_of_a_department_only_levels_above_it_are_told(self, history):
        notices = [f for f in facts(history, NoticeIssued) if f.unit in ("MED", "SURGERY", "EMERGENCY")]
        assert notices
        assert {each.level for f in notices for each in f.told} <= {"director", "vice_president"}

    def test_what_is_not_answered_in_time_goes_up_the_line(self, history):
        ups = facts(history, WarningEscalated)
        of_wards = [f for f in ups if f.unit in ("M1", "M2", "S1", "E1")]
        assert {f.level for f in of_wards} == {"director", "vice_president", "president", ""}
        assert not [f for f in ups if f.vacant]

    def test_what_came_late_is_answered_and_closed_and_what_never_came_stands_open(self, desk):
        red = seen(desk, "/v1/register", within="GH", colour="red")["items"]
        assert [each["id"] for each in red if each["kind"] == "warning"] == ["W.Q10.M1.2025-08.2"]
        late = [seen(desk, f"/v1/warnings/{warning}")["item"]["state"] for warning in LATE]
        assert late == ["closed_out", "closed_out"]

    def test_stricter_limits_from_october_on_make_the_same_value_amber(self, desk, history):
        adoptions = [(f.version, f.effective.isoformat()) for f in facts(history, CharterAdopted)]
        assert adoptions == [("1", "2025-01-01"), ("2", "2025-10-01")]
        changed = difference(parse(shipped("hospital"), "1"), parse(stricter_hand_hygiene(), "2"))
        assert {c.key for c in changed} == {"charter.version", "indicators.Q01.yellow", "indicators.Q01.red"}
        shown = [seen(desk, f"/v1/readings/Q01.E1.2025-{month}")["item"] for month in ("09", "10")]
        assert [(each["value"], each["colour"]) for each in shown] == [("91.5", "green"), ("91.5", "yellow")]

    def test_every_decision_stands_up_to_the_audit(self, hospital):
        with installation(hospital, HOSPITAL) as (wired, _):
            again = reperformance(wired.log)
            facts_are = faithfulness(wired.settings.database, wired.log, MODELS, lambda _: None)
        assert again.ok, again
        assert again.checked > 443
        assert facts_are.ok, facts_are


def test_a_transfer_in_mid_quarter_splits_a_task_by_days(history):
    (target,) = facts(history, PlanTargetSet)
    assert (target.title, target.measure) == ("Bedside falls-risk checks by a second nurse", "checks")
    (shared,) = facts(history, TaskShared)
    assert (shared.person, shared.days, shared.of_days, str(shared.share), str(shared.rest)) == (
        plans.LEAVER,
        45,
        91,
        "30",
        "30",
    )


def test_the_nurses_are_assessed_by_the_hospitals_own_parts_grades_and_quota(desk, history):
    (published,) = facts(history, AssessmentPublished)
    assert len(published.results) == len(assessments.RATINGS) == 10
    assert [f.subject for f in published.results if f.grade == "a"] == [assessments.HONOURED]
    assert {f.grade for f in published.results} <= {"a", "b", "improve"}
    (decided,) = facts(history, AppealDecided)
    assert (decided.person, decided.upheld) == (assessments.APPELLANT, False)
    item = seen(desk, f"/v1/assessments/{assessments.ASSESSMENT}")["item"]
    assert item["state"] == "finalised"


class TestWords:
    """Both languages, whatever the API shows."""

    def test_names_of_units_posts_indicators_and_levels(self, desk):
        (unit,) = [each for each in seen(desk, "/v1/units")["items"] if each["unit"] == "M2"]
        assert (unit["name_zh"], unit["name_en"]) == ("内科二病区", "Medical Ward 2")
        post = seen(desk, "/v1/posts/M2-HEAD")["item"]
        assert (post["title_zh"], post["title_en"]) == ("内科二病区护士长", "Head Nurse, Medical Ward 2")
        definition = seen(desk, "/v1/indicators/Q11")["item"]["definition"]
        assert (definition["name_zh"], definition["name_en"]) == (
            "出院小结按时发出率",
            "Discharge letters sent in time",
        )
        (chain,) = seen(desk, "/v1/chain/unit/M2")["chains"]
        assert chain["lines"][0]["words"] == {"zh": "质量安全线", "en": "Quality and safety line"}
        assert all(step["words"]["zh"] and step["words"]["en"] for step in chain["lines"][0]["steps"])

    def test_people_have_the_names_of_the_file(self, desk):
        assert seen(desk, f"/v1/people/{NURSE}")["item"]["name"] == "Medical Ward 1 Nurse 2"
        assert len(people()) == 49

    def test_bodies_are_composed_as_the_charter_wants(self, desk):
        for body in ("QSC", "QT-MED", "QT-SURGERY", "QT-EMERGENCY"):
            assert seen(desk, f"/v1/units/{body}")["composition"]["flaws"] == []


class TestLoading:
    def test_again_it_changes_nothing(self, hospital, tmp_path, history):
        folder = Path(shutil.copytree(hospital, tmp_path / "again"))
        with installation(folder, HOSPITAL) as (wired, again):
            assert again.load() == Loaded(len(history))
            assert wired.journal.latest() == []

    def test_elsewhere_it_is_the_same_history(self, tmp_path, history):
        with installation(tmp_path, HOSPITAL) as (wired, other):
            assert demonstration_in(wired) == ""
            other.load()
            assert told(envelopes(wired)) == told(history)
            assert demonstration_in(wired) == "hospital"

    def test_on_the_command_line_it_says_what_it_loaded(self, shell: Shell, history):
        said = shell("demo", "--charter", "hospital", "--load-only").said
        what = "The demonstration of the hospital is loaded"
        assert said == f"{what}: {len(history)} events, from {FIRST_DAY} to {LAST_DAY}.\n"
        refused = shell("demo", "--load-only")
        assert refused.status == 2
        assert "This log holds the demonstration of the hospital" in refused.complained
        assert shell.head == len(history)


def test_its_first_day_is_a_holiday_there_and_its_dates_are_its_own(history):
    due = {f.duty: f.due for f in (e.event for e in history if e.type == "duty.opened")}
    assert due["hand_hygiene_audit.M1.2025-01"] == date(2025, 2, 4)  # the 3rd is Saint Brigid's Day
    assert due["safety_round.M1.2025-W02"] == date(2025, 1, 17)
