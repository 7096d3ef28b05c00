"""Readings and warnings as they are shown: scorecards, registers, and why a colour is what it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from projections.views import Moment
from projections.views.explanation import explain_reading, explain_warning
from projections.views.indicators import indicator, indicators, reading, readings, targets
from projections.views.organisation import unit
from projections.views.scorecards import Cell, Scorecard, answered_for, scorecard, scorecards_of
from projections.views.warnings import OPEN, acts, open_by_colour, warning, warnings
from tests.projections.office import CHARTER, GRIDS, OFFICE, History, facts_of, there
from tests.workflow.organisation.happened import appointed
from workflow.ids import IndicatorId, PersonId, ReadingId, UnitId, WarningId
from workflow.indicators.commands import AmendIndicator, RetireIndicator, SetTarget
from workflow.indicators.definitions import definition_of
from workflow.indicators.readings import CorrectReading
from workflow.warnings.commands import Acknowledge, CloseOut, PlanRectification, Reopen, ReportRectification

NEW_YEAR = date(2025, 1, 1)
MAY_3, MAY_4, MAY_6, JUNE_3 = date(2025, 5, 3), date(2025, 5, 4), date(2025, 5, 6), date(2025, 6, 3)
READING = ReadingId("I20.G7.2025-04")
WARNING = WarningId("W.I20.G7.2025-04")


def measured(*indicators: str) -> History:
    history = History(*OFFICE, *GRIDS, appointed("A7", "P5", "G7-HEAD"))
    for each in indicators:
        history.adopt(each, NEW_YEAR)
    return history


def correct(value: str, day: date) -> CorrectReading:
    return CorrectReading(reading=READING, value=Decimal(value), effective=day)


def closed_out(history: History) -> None:
    warning, head, chief = WARNING, PersonId("P5"), PersonId("P1")
    for act in (
        Acknowledge(warning=warning, person=head, explanation="Two were ill.", effective=MAY_6),
        PlanRectification(warning=warning, person=head, plan="Weekly checks.", due=MAY_6, effective=MAY_6),
        ReportRectification(warning=warning, person=head, report="All answered.", effective=JUNE_3),
        CloseOut(warning=warning, checker=chief, finding="Seen.", evidence=("sample-3",), effective=JUNE_3),
    ):
        history.then(act, act.effective)


def cells(card: Scorecard, indicator: str) -> dict[str, Cell]:
    (row,) = [row for row in card.rows if row.indicator == indicator]
    return {cell.period: cell for cell in [row.latest, *row.past] if cell is not None}


def test_a_scorecard_shows_each_period_and_what_is_missing_is_never_green(database_url):
    history = measured("I20", "I21")
    history.report("I20", "G7", "2025-03", "100", date(2025, 4, 2))
    history.report("I20", "G7", "2025-04", "96", MAY_4)
    with facts_of(database_url, history) as connection:
        card = there(scorecard(connection, Moment(None, date(2025, 5, 30)), "G7", CHARTER, months=4))
    found = cells(card, "I20")
    assert list(found) == ["2025-04", "2025-03", "2025-02", "2025-01"]
    assert [(cell.state, cell.colour) for cell in found.values()] == [
        ("reported", "red"),
        ("reported", "green"),
        ("missing", "red"),
        ("missing", "red"),
    ]
    assert found["2025-04"].value == Decimal(96)
    assert found["2025-04"].target == Decimal(100)
    assert found["2025-04"].attainment == Decimal("0.9600")
    assert (card.colour, card.open, card.missing) == ("red", {"red": 1}, 6)


def test_a_reading_is_awaited_then_missing_and_yellow_then_red(url):
    history = measured("I20")
    due = date(2025, 5, 6)  # the 5th of May is a holiday in China that year

    def april(day: date) -> tuple[str, str]:
        cell = cells(there(scorecard(connection, Moment(None, day), "G7", CHARTER, months=1)), "I20")["2025-04"]
        return cell.state, cell.colour

    with facts_of(url, history) as connection:
        assert april(due) == ("awaited", "none")
        assert april(date(2025, 5, 7)) == ("missing", "yellow")
        assert april(date(2025, 5, 8)) == ("missing", "yellow")
        assert april(date(2025, 5, 9)) == ("missing", "red")


def test_a_unit_owes_nothing_before_it_was_established_or_after_the_indicator_was_retired(url):
    history = measured("I20")
    history.then(RetireIndicator(indicator=IndicatorId("I20"), effective=date(2025, 3, 1)), date(2025, 3, 1))
    with facts_of(url, history) as connection:
        card = there(scorecard(connection, Moment(None, date(2025, 5, 30)), "G7", CHARTER))
        assert list(cells(card, "I20")) == ["2025-02", "2025-01"]
        other = there(scorecard(connection, Moment(None, date(2025, 5, 30)), "G6", CHARTER))
    assert (other.rows, other.colour) == ([], "none")


def test_story_e_the_reported_colour_stays_and_the_corrected_one_stands_beside_it(database_url):
    history = measured("I20")
    reported = history.report("I20", "G7", "2025-04", "96", MAY_4)
    history.then(correct("98", JUNE_3), JUNE_3)
    with facts_of(database_url, history) as connection:
        before = there(reading(connection, Moment(reported, JUNE_3), READING))
        on_may_6 = there(reading(connection, Moment(None, MAY_6), READING))
        now = there(reading(connection, Moment(None, JUNE_3), READING))
        yellow = readings(connection, Moment(None, JUNE_3), colour="yellow").items
        red = readings(connection, Moment(None, JUNE_3), colour="red").items
    assert (before.colour, before.corrected_colour, before.present_colour) == ("red", None, "red")
    assert (on_may_6.colour, on_may_6.corrected_colour) == ("red", None)
    assert (now.colour, now.corrected_colour, now.corrected_value) == ("red", "yellow", Decimal(98))
    assert ([each.reading for each in yellow], red) == ([READING], [])


def test_a_corrected_period_shows_both_colours(url):
    history = measured("I20")
    history.report("I20", "G7", "2025-04", "96", MAY_4)
    history.then(correct("98", JUNE_3), JUNE_3)
    with facts_of(url, history) as connection:
        card = there(scorecard(connection, Moment(None, JUNE_3), "G7", CHARTER))
    cell = cells(card, "I20")["2025-04"]
    assert (cell.colour, cell.corrected_colour, cell.corrected_attainment) == ("red", "yellow", Decimal("0.9800"))


def test_an_explanation_names_every_input_and_every_event(url):
    history = measured("I20")
    adopted = history.position
    history.then(
        SetTarget(
            indicator=IndicatorId("I20"), unit=UnitId("G7"), year=2025, target=Decimal(99), effective=date(2025, 2, 1)
        ),
        date(2025, 2, 1),
    )
    raised = history.report("I20", "G7", "2025-04", "96", MAY_4)
    corrected = history.then(correct("98", JUNE_3), JUNE_3)
    with facts_of(url, history) as connection:
        found = there(explain_warning(connection, Moment(None, JUNE_3), WARNING))
        before = there(explain_reading(connection, Moment(raised, JUNE_3), READING))
    assert [(each.kind, each.position, each.colour, each.rule, each.decided_by) for each in found.decisions] == [
        ("reported", raised - 2, "red", "limits", "red <97"),
        ("corrected", corrected, "yellow", "limits", "yellow <100"),
    ]
    assert found.decisions[0].attainment == Decimal("0.9697")
    assert (found.colour, before.colour, before.decisions) == ("yellow", "red", found.decisions[:1])
    assert (found.definition_from, found.definition_position) == (NEW_YEAR, adopted)
    assert found.definition == definition_of(CHARTER.indicator("I20"))
    assert found.set_target is not None
    assert (found.set_target.target, found.set_target.position) == (Decimal(99), adopted + 1)
    assert (found.charter.version, found.charter.position) == ("1", 2)
    assert [(loop.warning, [act.position for act in loop.acts]) for loop in found.warnings] == [(WARNING, [raised - 1])]


def test_story_g_an_explanation_keeps_the_definition_by_which_was_decided(url):
    history = measured("I20")
    history.report("I20", "G7", "2025-04", "98", MAY_4)
    laxer = msgspec.structs.replace(definition_of(CHARTER.indicator("I20")), yellow="<90", red="<80")
    history.then(AmendIndicator(indicator=IndicatorId("I20"), definition=laxer, effective=date(2025, 7, 1)), JUNE_3)
    with facts_of(url, history) as connection:
        found = there(explain_reading(connection, Moment(None, date(2025, 7, 2)), READING))
        defined = there(indicator(connection, Moment(None, date(2025, 7, 2)), "I20"))
    assert (found.definition.yellow, found.colour) == ("<100", "yellow")
    assert (defined.definition.yellow, defined.since) == ("<90", date(2025, 7, 1))


def test_the_register_holds_what_is_open_and_a_closed_out_warning_is_still_known(database_url):
    history = measured("I20", "I22")
    history.report("I20", "G7", "2025-04", "96", MAY_4)
    raised = history.position
    history.report("I22", "G7", "2025-04", "80", MAY_4)
    closed_out(history)
    with facts_of(database_url, history) as connection:
        now, then = Moment(None, JUNE_3), Moment(raised, JUNE_3)
        assert [each.warning for each in warnings(connection, now, states=OPEN).items] == ["W.I22.G7.2025-04"]
        assert [each.warning for each in warnings(connection, then, states=OPEN).items] == [WARNING]
        assert [each.state for each in warnings(connection, now, unit="G7").items] == ["closed_out", "raised"]
        assert [each.warning for each in warnings(connection, now, within="DCP", colour="red").items] == [WARNING]
        assert warnings(connection, now, within="G6").items == []
        assert [each.warning for each in warnings(connection, now, indicator="I22").items] == ["W.I22.G7.2025-04"]
        assert len(warnings(connection, now, period="2025-04").items) == 2
        assert open_by_colour(connection, now, "DCP") == {"yellow": 1}
        assert open_by_colour(connection, then, "DCP") == {"red": 1}
        first = warnings(connection, now, limit=1)
        assert [each.warning for each in warnings(connection, now, after=first.after or "").items] == [
            "W.I22.G7.2025-04"
        ]


def test_a_warning_shows_its_state_on_any_day_and_every_act_of_its_loop(url):
    history = measured("I20")
    first = history.report("I20", "G7", "2025-04", "96", MAY_4)
    closed_out(history)
    history.then(Reopen(warning=WARNING, person=PersonId("P1"), effective=JUNE_3), JUNE_3)
    with facts_of(url, history) as connection:
        states = []
        for day in (MAY_3, MAY_4, MAY_6, JUNE_3):
            found = warnings(connection, Moment(None, day)).items
            states.append([each.state for each in found])
        assert states == [[], ["raised"], ["planned"], ["reopened"]]
        loop = acts(connection, Moment(None, JUNE_3), WARNING)
        last = there(warning(connection, Moment(None, JUNE_3), WARNING))
        early = acts(connection, Moment(first + 1, JUNE_3), WARNING)
    assert [(each.state, each.person, each.words) for each in loop] == [
        ("raised", None, ""),
        ("acknowledged", "P5", "Two were ill."),
        ("planned", "P5", "Weekly checks."),
        ("rectified", "P5", "All answered."),
        ("closed_out", "P1", "Seen."),
        ("reopened", "P1", "As it was."),
    ]
    # After the warning came the notice that its rung calls for.
    assert [each.position for each in loop] == [first - 1, *range(first + 1, first + 6)]
    assert loop[4].evidence == ("sample-3",)
    assert [each.state for each in early] == ["raised", "acknowledged"]
    assert (last.reopened, last.open, last.raised_on) == (1, True, MAY_4)


def test_a_closed_out_warning_no_longer_colours_its_unit(url):
    history = measured("I20")
    for month in (1, 2, 3):
        history.report("I20", "G7", f"2025-0{month}", "100", date(2025, month + 1, 1))
    history.report("I20", "G7", "2025-04", "96", MAY_4)
    before = history.position
    closed_out(history)
    with facts_of(url, history) as connection:
        red = there(scorecard(connection, Moment(before, MAY_6), "G7", CHARTER))
        green = there(scorecard(connection, Moment(None, JUNE_3), "G7", CHARTER))
    assert (red.colour, green.colour) == ("red", "green")


def test_a_person_answers_for_what_they_head_lead_and_oversee(url):
    history = measured("I20")
    with facts_of(url, history) as connection:
        now = Moment(None, JUNE_3)
        assert answered_for(connection, now, "P5", CHARTER) == ["G7"]
        assert answered_for(connection, now, "P2", CHARTER) == ["G6", "G7", "B4"]
        assert answered_for(connection, now, "P9", CHARTER) == []
        assert [each.unit.unit for each in scorecards_of(connection, now, "P2", CHARTER)] == ["G6", "G7", "B4"]


def test_indicators_readings_and_targets_are_found_by_what_they_are_about(url):
    history = measured("I20", "C1", "I01")
    for month in (1, 2, 3):
        history.report("I20", "G7", f"2025-0{month}", "100", date(2025, month + 1, 1))
    with facts_of(url, history) as connection:
        now = Moment(None, JUNE_3)
        g7 = there(unit(connection, now, "G7"))
        assert [each.indicator for each in indicators(connection, now).items] == ["C1", "I01", "I20"]
        assert [each.indicator for each in indicators(connection, now, unit=g7).items] == ["C1", "I20"]
        first = indicators(connection, now, unit=g7, limit=1)
        assert [each.indicator for each in indicators(connection, now, unit=g7, after=first.after or "").items] == [
            "I20"
        ]
        assert [each.period for each in readings(connection, now, unit="G7").items] == ["2025-01", "2025-02", "2025-03"]
        assert [each.period for each in readings(connection, now, indicator="I20", period="2025-02").items] == [
            "2025-02"
        ]
        assert readings(connection, now, indicator="I2").items == []
        assert len(readings(connection, now, within="DCP").items) == 3
        assert readings(connection, now, within="G6").items == []
        assert targets(connection, now, indicator="I20") == []
