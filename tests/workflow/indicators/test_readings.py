"""The rules of reporting and correcting readings, and of the warnings they raise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.given import LONG_AGO, Answer, given
from tests.workflow.indicators.known import (
    CHARTER,
    START,
    TEXT,
    adopted,
    definition,
    department,
    notice,
    raised,
    reported,
)
from workflow.charter.library import learn
from workflow.charter.loader import digest
from workflow.ids import IndicatorId, UnitId
from workflow.indicators.colour import rejudge
from workflow.indicators.events import (
    IndicatorAmended,
    IndicatorRetired,
    Judgement,
    ReadingCorrected,
    ReadingReported,
    TargetSet,
)
from workflow.indicators.readings import ReportReading
from workflow.organisation.events import UnitDissolved
from workflow.warnings.events import WarningRaised

IN_TIME = date(2025, 6, 4)
DUE = date(2025, 6, 5)
I07, G3 = IndicatorId("I07"), UnitId("G3")
first = (adopted("I07"), department("G3"))


def report(
    value: str, *, indicator: str = "I07", unit: str = "G3", period: str = "2025-05", effective: date = IN_TIME
) -> ReportReading:
    id, owner = IndicatorId(indicator), UnitId(unit)
    return ReportReading(indicator=id, unit=owner, period=period, value=Decimal(value), effective=effective)


def judgement_of(answer: Answer) -> Judgement:
    assert answer.refusal is None, str(answer.refusal)
    (judgement,) = (fact.judgement for fact in answer.facts if isinstance(fact, ReadingReported | ReadingCorrected))
    return judgement


def warned(answer: Answer) -> bool:
    assert answer.refusal is None, str(answer.refusal)
    return any(isinstance(fact, WarningRaised) for fact in answer.facts)


# ---- reporting ----


def test_a_green_reading_is_recorded_with_its_judgement_and_raises_no_warning() -> None:
    given(*first).when(report("24.5"), today=IN_TIME).then(reported("I07", "G3", "2025-05", "24.5", IN_TIME, DUE))


def test_a_yellow_reading_raises_a_warning_to_be_explained_in_five_working_days() -> None:
    reading = reported("I07", "G3", "2025-05", "30", IN_TIME, DUE)
    warning = raised(reading, "yellow", IN_TIME, date(2025, 6, 11), None)
    given(*first).when(report("30"), today=IN_TIME).then(reading, warning, notice(warning))


def test_a_red_reading_raises_a_warning_to_be_planned_in_three_working_days_and_rectified_in_fifteen() -> None:
    reading = reported("I07", "G3", "2025-05", "33", IN_TIME, DUE)
    warning = raised(reading, "red", IN_TIME, date(2025, 6, 9), date(2025, 6, 25))
    given(*first).when(report("33"), today=IN_TIME).then(reading, warning, notice(warning))
    assert (reading.reading, warning.warning) == ("I07.G3.2025-05", "W.I07.G3.2025-05")


def test_an_indicator_that_only_warns_warns() -> None:
    mode = IndicatorAmended(I07, replace(definition("I07"), mode="warning_only"), date(2025, 5, 1))
    assert warned(given(*first, mode).when(report("33"), today=IN_TIME))


def test_from_the_day_an_indicator_is_for_reference_only_it_warns_no_more() -> None:
    mode = IndicatorAmended(I07, replace(definition("I07"), mode="reference_only"), date(2025, 5, 31))
    after = given(*first, mode)
    assert judgement_of(after.when(report("33"), today=IN_TIME)).colour == "none"
    assert not warned(after.when(report("33"), today=IN_TIME))
    assert warned(after.when(report("33", period="2025-04"), today=IN_TIME))


def test_a_reading_after_the_cut_off_is_late_but_counts() -> None:
    late = date(2025, 6, 6)
    given(*first).when(report("24", effective=late), today=late).then(
        reported("I07", "G3", "2025-05", "24", late, DUE, late=True)
    )
    on_the_day = given(*first).when(report("24", effective=DUE), today=DUE)
    on_the_day.then(reported("I07", "G3", "2025-05", "24", DUE, DUE))


def test_a_quarter_is_due_on_the_tenth() -> None:
    on = date(2025, 7, 10)
    known = given(adopted("I10"), department("G3"))
    known.when(report("2", indicator="I10", period="2025-Q2", effective=on), today=on).then(
        reported("I10", "G3", "2025-Q2", "2", on, on)
    )


@pytest.mark.parametrize("period", ["", "2025", "2025-13", "2025-5", "May 2025", "2025-05.2"])
def test_a_period_is_a_month_or_a_quarter(period: str) -> None:
    given(*first).when(report("24", period=period), today=IN_TIME).refused("reading.period")


def test_a_period_is_as_long_as_the_indicator_is_reported() -> None:
    given(*first).when(report("24", period="2025-Q1"), today=IN_TIME).refused("reading.frequency")


def test_a_period_is_reported_from_its_last_day_on() -> None:
    last = date(2025, 5, 31)
    given(*first).when(report("24", effective=date(2025, 5, 30)), today=IN_TIME).refused("reading.early")
    given(*first).when(report("24", effective=last), today=IN_TIME).then(
        reported("I07", "G3", "2025-05", "24", last, DUE)
    )


def test_a_reading_is_never_reported_on_a_day_to_come() -> None:
    given(*first).when(report("24", effective=date(2025, 6, 5)), today=IN_TIME).refused("reading.future")


def test_a_reading_that_is_backdated_far_needs_a_second_person() -> None:
    today = date(2025, 6, 16)
    given(*first).when(report("24"), today=today).refused("effective.backdated")
    given(*first).when(report("24"), today=today, approver="C2", reason="Was on paper.").then(
        reported("I07", "G3", "2025-05", "24", IN_TIME, DUE)
    )


def test_a_period_has_one_reading() -> None:
    known = reported("I07", "G3", "2025-05", "24", IN_TIME, DUE)
    given(*first, known).when(report("24"), today=IN_TIME).refused("reading.exists")
    given(*first, known).when(report("24", period="2025-04"), today=IN_TIME).then(
        reported("I07", "G3", "2025-04", "24", IN_TIME, date(2025, 5, 6), late=True)
    )


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "0.0000001", "1000000000000"])
def test_a_value_is_a_plain_number(value: str) -> None:
    given(*first).when(report(value), today=IN_TIME).refused("reading.value")


def test_a_value_written_with_an_exponent_is_kept_without() -> None:
    judgement = judgement_of(given(*first).when(report("2.4E+1"), today=IN_TIME))
    assert str(judgement.value) == "24"


def test_an_indicator_is_reported_for_periods_at_whose_end_it_is_in_force() -> None:
    given(department("G3")).when(report("24"), today=IN_TIME).refused("indicator.unknown")
    begins = given(adopted("I07", since=date(2025, 5, 31)), department("G3"))
    begins.when(report("24"), today=IN_TIME).then_some()
    begins.when(report("24", period="2025-04"), today=IN_TIME).refused("indicator.not_yet")
    ends = given(*first, IndicatorRetired(I07, date(2025, 5, 31)))
    ends.when(report("24"), today=IN_TIME).refused("indicator.retired")
    assert judgement_of(ends.when(report("24", period="2025-04"), today=IN_TIME)).colour == "green"


def test_a_unit_reports_for_periods_at_whose_end_it_is_there() -> None:
    given(adopted("I07")).when(report("24"), today=IN_TIME).refused("unit.unknown")
    new = given(adopted("I07"), department("G3", since=date(2025, 5, 31)))
    assert judgement_of(new.when(report("24"), today=IN_TIME)).colour == "green"
    new.when(report("24", period="2025-04"), today=IN_TIME).refused("unit.not_yet")
    gone = given(*first, UnitDissolved(G3, date(2025, 5, 31)))
    gone.when(report("24"), today=IN_TIME).refused("unit.dissolved")
    later = given(*first, UnitDissolved(G3, date(2025, 6, 1)))
    assert judgement_of(later.when(report("24"), today=IN_TIME)).colour == "green"


def test_a_unit_reports_what_concerns_it_by_its_id_or_by_its_kind() -> None:
    given(*first, department("G4")).when(report("24", unit="G4"), today=IN_TIME).refused("indicator.scope")
    common = given(adopted("E1"), department("G4"), department("PG4", "party_group"))
    for_g4, for_pg4 = (report("9", indicator="E1", unit=unit, period="2025-Q1") for unit in ("G4", "PG4"))
    assert judgement_of(common.when(for_g4, today=IN_TIME)).colour == "green"
    common.when(for_pg4, today=IN_TIME).refused("indicator.scope")


def test_a_unit_whose_id_is_too_long_for_that_of_a_reading_is_told_so() -> None:
    given(*first).when(report("24", unit="G" * 70), today=IN_TIME).refused("reading.id")


# ---- which rules decide ----


def test_a_cumulative_reading_is_judged_by_the_target_to_date() -> None:
    known = given(adopted("I06"), department("G2"))
    judgement = judgement_of(known.when(report("19", indicator="I06", unit="G2"), today=IN_TIME))
    assert (judgement.target, judgement.attainment, judgement.colour) == (Decimal(20), Decimal("0.95"), "green")


def test_the_units_own_target_of_the_year_goes_before_the_indicators() -> None:
    own = TargetSet(IndicatorId("I06"), UnitId("G2"), 2025, Decimal(60), date(2025, 5, 31))
    known = given(adopted("I06"), department("G2"), own)
    judgement = judgement_of(known.when(report("19", indicator="I06", unit="G2"), today=IN_TIME))
    assert (judgement.target, judgement.colour) == (Decimal(25), "red")
    before = report("19", indicator="I06", unit="G2", period="2025-04")
    assert judgement_of(known.when(before, today=IN_TIME)).target == Decimal(16)


def test_a_target_of_another_year_does_not_count() -> None:
    other = TargetSet(IndicatorId("I06"), UnitId("G2"), 2024, Decimal(60), date(2024, 1, 1))
    known = given(adopted("I06"), department("G2"), other)
    assert judgement_of(known.when(report("20", indicator="I06", unit="G2"), today=IN_TIME)).target == Decimal(20)


def test_an_amended_definition_judges_the_periods_that_end_from_then_on() -> None:
    stricter = replace(definition("I07"), red=">28", yellow=">26")
    known = given(*first, IndicatorAmended(I07, stricter, date(2025, 5, 31)))
    judgement = judgement_of(known.when(report("28"), today=IN_TIME))
    assert (judgement.colour, judgement.definition_from) == ("yellow", date(2025, 5, 31))
    earlier = judgement_of(known.when(report("28", period="2025-04"), today=IN_TIME))
    assert (earlier.colour, earlier.definition_from) == ("green", START)


NEW_RULES = (
    TEXT.replace("yellow = 0.80 }", "yellow = 0.85 }")
    .replace(f'version = "{CHARTER.version}"', 'version = "next"')
    .replace("plan_working_days = 3", "plan_working_days = 1")
)
rules_change = given(
    adopted("I06"),
    department("G2"),
    charters=[(LONG_AGO, TEXT), (date(2025, 7, 1), NEW_RULES)],
)


def test_a_threshold_that_changes_on_1_july_leaves_june_untouched() -> None:
    on = date(2025, 8, 1)
    june = report("20", indicator="I06", unit="G2", period="2025-06", effective=on)  # 20 of 24: 83.33 %
    july = report("23.31", indicator="I06", unit="G2", period="2025-07", effective=on)  # 23.31 of 28: 83.25 %
    assert learn(NEW_RULES).colour.attainment.yellow == Decimal("0.85")
    before, after = (judgement_of(rules_change.when(each, today=on)) for each in (june, july))
    assert (before.colour, before.charter, before.charter_digest) == ("yellow", CHARTER.version, digest(TEXT))
    assert (after.colour, after.charter, after.charter_digest) == ("red", "next", digest(NEW_RULES))


def test_a_judgement_is_made_again_by_the_charter_it_names() -> None:
    on = date(2025, 8, 1)
    june = report("20", indicator="I06", unit="G2", period="2025-06", effective=on)
    judgement = judgement_of(rules_change.when(june, today=on))
    assert rejudge(judgement, CHARTER) == judgement
    assert rejudge(judgement, learn(NEW_RULES)).colour == "red"


def test_what_a_warning_asks_for_follows_the_charter_of_the_day_it_is_raised() -> None:
    on = date(2025, 8, 1)
    june = report("10", indicator="I06", unit="G2", period="2025-06", effective=on)
    warning = rules_change.when(june, today=on).facts[1]
    assert isinstance(warning, WarningRaised)
    assert (warning.colour, warning.respond_by) == ("red", date(2025, 8, 4))
