"""Dual reports: submitted and signed by those who hold the levels, received on each line, returned and begun anew."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import Given, given
from tests.workflow.duties.known import DEPUTY, HEAD, ORGAN, ORGANISATION, RULE, SECRETARY, fulfilled, opened, turned
from tests.workflow.indicators.known import START, department, holds, person, post
from workflow.charter.loader import shipped
from workflow.duties.events import DutyExcused
from workflow.ids import AppointmentId, DutyId, PersonId, PostId, ReportId, UnitId
from workflow.organisation.events import AppointmentEnded, PostDutiesSet, UnitDissolved
from workflow.reperformance import Reperformance
from workflow.reports.commands import AcceptReport, CountersignReport, ReturnReport, SubmitReport
from workflow.reports.events import (
    DualReportAccepted,
    DualReportCountersigned,
    DualReportReturned,
    DualReportSubmitted,
    Part,
)
from workflow.slices import Event

Q2, G3 = "dual_report.G3.2025-Q2", UnitId("G3")
DUE, DAY = date(2025, 7, 10), date(2025, 7, 8)
PARTS = (Part("party", "Two lectures."), Part("business", "Forty cases."))
NAMES = ReportId(Q2), G3


def submit(**changes: Any) -> SubmitReport:
    asked = {"kind": "dual_report", "unit": G3, "period": "2025-Q2", "parts": PARTS, "evidence": ("minutes",)}
    return SubmitReport(**{**asked, "person": HEAD, "effective": DAY, **changes})


def submitted(version: int = 1, on: date = DAY, person: PersonId = HEAD, **changes: Any) -> DualReportSubmitted:
    about = {"levels": ("department_head",), "complete": False, **changes}
    return DualReportSubmitted(
        ReportId(Q2),
        "dual_report",
        G3,
        "2025-Q2",
        version,
        PARTS,
        ("minutes",),
        person,
        charter=RULE[0],
        charter_digest=RULE[1],
        effective=on,
        **about,
    )


def done(on: date = DAY, **more: Any) -> Event:
    return fulfilled(Q2, on, on, person=HEAD, report=ReportId(Q2), **more)


def countersign(person: PersonId = SECRETARY, on: date = DAY) -> CountersignReport:
    return CountersignReport(report=ReportId(Q2), person=person, effective=on)


def accept(line: str = "business", person: PersonId = DEPUTY, on: date = DAY) -> AcceptReport:
    return AcceptReport(report=ReportId(Q2), line=line, person=person, effective=on)


def send_back(line: str = "party", person: PersonId = ORGAN, on: date = DAY) -> ReturnReport:
    return ReturnReport(report=ReportId(Q2), line=line, person=person, effective=on)


countersigned = DualReportCountersigned(*NAMES, 1, SECRETARY, ("branch_secretary",), True, DAY)
by_deputy = DualReportAccepted(*NAMES, 1, "business", "deputy_in_charge", DEPUTY, False, DAY)
by_organ = DualReportAccepted(*NAMES, 1, "party", "organ_secretary", ORGAN, True, DAY)
returned = DualReportReturned(*NAMES, 1, "party", "organ_secretary", ORGAN, DAY)
SIGNED = (opened(Q2), submitted(), done(), countersigned)


def known(*facts: Event) -> Given:
    return given(*ORGANISATION, *facts)


# ---- submitted ----


def test_a_report_fulfils_the_duty_to_report_in_the_same_append():
    known(opened(Q2)).when(submit(), today=DAY).then(submitted(), done())


def test_one_that_the_clock_has_not_opened_is_opened_with_it():
    known().when(submit(), today=DAY).then(submitted(), opened(Q2), done())


def test_a_report_after_the_due_date_is_late():
    after = date(2025, 7, 11)
    lapsed = turned(Q2, "red", DUE, after)
    known(opened(Q2), lapsed).when(submit(effective=after), today=after, at=time(9)).then(
        submitted(on=after), done(after, late=True, at=time(9))
    )


def test_a_report_whose_duty_was_excused_fulfils_nothing():
    excused = DutyExcused(DutyId(Q2), G3, "decided", DAY)
    known(opened(Q2), excused).when(submit(), today=DAY).then(submitted())


@pytest.mark.parametrize(
    "parts",
    [
        (),
        PARTS[:1],
        (*PARTS, PARTS[0]),
        (PARTS[0], Part("kitchen", "Soup.")),
        (PARTS[0], Part("business", " ")),
    ],
)
def test_a_report_has_a_text_for_each_line(parts: tuple[Part, ...]):
    known(opened(Q2)).when(submit(parts=parts), today=DAY).refused("report.parts")


def test_the_parts_may_come_in_any_order():
    known(opened(Q2)).when(submit(parts=PARTS[::-1]), today=DAY).then(submitted(), done())


def test_a_report_takes_evidence():
    known(opened(Q2)).when(submit(evidence=()), today=DAY).refused("report.evidence")
    known(opened(Q2)).when(submit(evidence=(" ",)), today=DAY).refused("report.evidence")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "gossip"}, "report.kind"),
        ({"period": "2025-06"}, "report.kind"),
        ({"period": "soon"}, "report.period"),
        ({"unit": UnitId("B2")}, "duty.not_owed"),
        ({"unit": UnitId("G9")}, "duty.not_owed"),
        ({"person": SECRETARY, "unit": UnitId("G4")}, "report.not_signatory"),
        ({"person": PersonId("P9")}, "report.not_signatory"),
        ({"effective": date(2025, 7, 9)}, "report.future"),
        ({"effective": date(2025, 6, 30), "period": "2025-Q3"}, "effective.backdated"),
    ],
)
def test_a_report_that_nobody_owes_or_may_sign_is_refused(changes: dict[str, Any], code: str):
    known(opened(Q2)).when(submit(**changes), today=DAY).refused(code)


def test_a_report_is_not_submitted_before_its_period():
    on = date(2025, 6, 30)
    known().when(submit(effective=on, period="2025-Q3"), today=on).refused("report.order")


def test_a_report_is_submitted_once_unless_it_was_returned():
    known(*SIGNED).when(submit(), today=DAY).refused("report.exists")
    known(*SIGNED, returned).when(submit(), today=DAY).then(submitted(version=2))


def test_the_other_signatory_may_submit_it():
    by_secretary = submitted(person=SECRETARY, levels=("branch_secretary",))
    answer = known(opened(Q2)).when(submit(person=SECRETARY), today=DAY)
    answer.then_some(by_secretary)


def test_a_unit_that_was_dissolved_within_the_period_reports_nothing():
    gone = UnitDissolved(G3, date(2025, 6, 30))
    known(opened(Q2), gone).when(submit(), today=DAY).refused("duty.not_owed")


# ---- signed ----


def test_a_report_is_countersigned_by_who_holds_the_other_level():
    known(opened(Q2), submitted(), done()).when(countersign(), today=DAY).then(countersigned)
    known(opened(Q2), submitted(), done()).when(countersign(PersonId("P9")), today=DAY).refused("report.not_signatory")


def test_nobody_signs_twice():
    known(opened(Q2), submitted()).when(countersign(HEAD), today=DAY).refused("report.signed")
    known(*SIGNED).when(countersign(), today=DAY).refused("report.signed")
    acting = holds("P9", "B2-SEC", "B2", "acting")
    known(*SIGNED, acting).when(countersign(PersonId("P9")), today=DAY).refused("report.complete")


def test_an_acting_holder_signs():
    acting = holds("P9", "B2-SEC", "B2", "acting")
    signed = DualReportCountersigned(*NAMES, 1, PersonId("P9"), ("branch_secretary",), True, DAY)
    known(submitted(), acting).when(countersign(PersonId("P9")), today=DAY).then(signed)


def test_who_alone_holds_both_levels_signs_once_for_both():
    ended = AppointmentEnded(AppointmentId("P2-B2-SEC"), SECRETARY, PostId("B2-SEC"), UnitId("B2"), DAY)
    both = holds("P1", "B2-SEC", "B2", "concurrent", since=DAY)
    whole = submitted(levels=("department_head", "branch_secretary"), complete=True)
    known(opened(Q2), ended, both).when(submit(), today=DAY).then(whole, done())
    known(opened(Q2), both).when(submit(), today=DAY).then(submitted(), done())  # while P2 holds it too


# ---- received ----


def test_a_report_is_accepted_on_each_line_by_who_receives_it_there():
    known(*SIGNED).when(accept(), today=DAY).then(by_deputy)
    known(*SIGNED, by_deputy).when(accept("party", ORGAN), today=DAY).then(by_organ)


def test_nobody_accepts_for_the_other_line():
    known(*SIGNED).when(accept("party", DEPUTY), today=DAY).refused("report.not_receiver")
    known(*SIGNED).when(accept("business", ORGAN), today=DAY).refused("report.not_receiver")
    known(*SIGNED).when(accept("kitchen", ORGAN), today=DAY).refused("report.line")


def test_a_report_is_received_only_with_all_signatures():
    known(opened(Q2), submitted(), done()).when(accept(), today=DAY).refused("report.unsigned")
    known(opened(Q2), submitted(), done()).when(send_back(), today=DAY, reason="?").refused("report.unsigned")


def test_a_line_accepts_once_and_returns_nothing_after_that():
    known(*SIGNED, by_deputy).when(accept(), today=DAY).refused("report.accepted")
    known(*SIGNED, by_deputy).when(send_back("business", DEPUTY), today=DAY, reason="?").refused("report.accepted")


def test_who_signed_does_not_receive():
    both = PostDutiesSet(PostId("G3-HEAD"), (G3,), date(2024, 1, 1))
    known(*SIGNED, both).when(accept(person=HEAD), today=DAY).refused("report.own")


def test_a_report_is_returned_with_a_reason_though_the_other_line_accepted():
    known(*SIGNED, by_deputy).when(send_back(), today=DAY, reason="Too short.").then(returned)
    known(*SIGNED).when(send_back(), today=DAY).refused("report.reason")


def test_what_was_returned_is_signed_and_accepted_anew():
    facts = (*SIGNED, by_deputy, returned)
    known(*facts).when(accept("party", ORGAN), today=DAY).refused("report.returned")
    known(*facts).when(countersign(), today=DAY).refused("report.returned")
    again = (*facts, submitted(version=2))
    known(*again).when(accept(), today=DAY).refused("report.unsigned")
    second = DualReportCountersigned(*NAMES, 2, SECRETARY, ("branch_secretary",), True, DAY)
    known(*again).when(countersign(), today=DAY).then(second)
    known(*again, second).when(accept(), today=DAY).then(
        DualReportAccepted(*NAMES, 2, "business", "deputy_in_charge", DEPUTY, False, DAY)
    )


def test_each_act_comes_after_the_one_before_it_and_not_on_a_day_to_come():
    before, after = date(2025, 7, 7), date(2025, 7, 9)
    for act in (countersign(on=before), accept(on=before), send_back(on=before)):
        known(*SIGNED).when(act, today=DAY, reason="?").refused("report.order")
    known(*SIGNED).when(accept(on=after), today=DAY).refused("report.future")


def test_there_is_nothing_to_do_about_a_report_nobody_submitted():
    for act in (countersign(), accept(), send_back()):
        known(opened(Q2)).when(act, today=DAY, reason="?").refused("report.unknown")


def test_where_there_is_one_line_and_no_report_none_is_submitted():
    """The hospital's charter: of what is not in it, the refusal says so."""
    facts = department("H", "hospital"), department("D", "department", "H"), person("P1")
    asked = submit(kind="dual_report", unit=UnitId("D"), parts=(Part("quality", "No falls."),))
    refusal = given(*facts, charter="hospital").when(asked, today=asked.effective).refused("report.kind")
    assert refusal.sentence == "The charter asks for no dual_report for 2025-Q2."


def test_a_report_may_be_about_the_one_line_that_there_is():
    day = date(2025, 7, 3)
    facts = (
        department("H", "hospital"),
        department("D", "department", "H"),
        *(person(id) for id in ("P1", "P2")),
        post("D-DIR", "D", "department_director"),
        post("H-PRES", "H", "president"),
        holds("P1", "D-DIR", "D"),
        holds("P2", "H-PRES", "H"),
    )
    told = given(*facts, charters=[(START, shipped("hospital") + QUALITY_REPORT)])
    parts = (Part("quality", "No falls."),)
    answer = told.when(submit(kind="quality_report", unit=UnitId("D"), parts=parts, effective=day), today=day)
    assert [fact.TOPIC for fact in answer.facts] == ["dual_report.submitted", "duty.opened", "duty.fulfilled"]
    report = ReportId("quality_report.D.2025-Q2")
    received = AcceptReport(report=report, line="quality", person=PersonId("P2"), effective=day)
    accepted: Any
    (accepted,) = Given([*told.facts, *answer.facts]).when(received, today=day).facts
    assert (accepted.level, accepted.complete) == ("president", True)


QUALITY_REPORT = """
[[reports]]
id = "quality_report"
words = { zh = "质量报告", en = "Quality report" }
cadence = "quarterly"
unit_kinds = ["department"]
signed_by = ["director"]
received_by = ["president"]
parts = [{ line = "quality", words = { zh = "质量", en = "Quality" } }]
"""


# ---- decided again ----


def wrong(*facts: Event) -> list[str]:
    again = Reperformance()
    return [told for fact in known(*facts).facts if fact.TOPIC in again.topics and (told := again.follow(fact))]


def test_what_was_decided_by_the_rules_passes():
    second = replace(countersigned, version=2)
    assert wrong(*SIGNED, by_deputy, returned, submitted(version=2), second) == []
    assert wrong(*SIGNED, by_deputy, by_organ) == []


@pytest.mark.parametrize("place", [1, 3, 4, 5])
def test_a_falsified_completeness_is_named(place: int):
    facts: list[Any] = [*SIGNED, by_deputy, by_organ]
    was = facts[place].complete
    facts[place] = replace(facts[place], complete=not was)
    assert wrong(*facts) == [f"{Q2}: complete is recorded as {not was}, and had to be {was}"]


def test_a_signature_under_what_was_never_submitted_is_named():
    told = "dual_report.countersigned could not be decided again: version 1 was never submitted"
    assert wrong(countersigned) == [f"{Q2}: {told}"]
