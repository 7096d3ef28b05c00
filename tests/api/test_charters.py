"""Putting a charter in force together with its indicators: what is new, what changed, what is no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from api.charters import adopted, apply_charter, last_adopted
from api.settings import Settings
from api.wiring import Resonance, bootstrap
from workflow.charter import CharterError, parse, shipped
from workflow.charter.adoption import AdoptCharter
from workflow.entry import read_envelope
from workflow.ids import IndicatorId
from workflow.indicators.commands import AmendIndicator
from workflow.indicators.definitions import definition_of
from workflow.slices import Refused
from workflow.writer import RefusedTogether

ONE = shipped("procuratorate")
JANUARY, JULY = date(2025, 1, 1), date(2025, 7, 1)


def changed(*changes: tuple[str, str], version: str = "2") -> str:
    text = ONE
    for old, new in (('version = "1"', f'version = "{version}"'), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[Resonance]:
    settings = Settings.read({"RESONANCE_VAR": str(tmp_path)})
    with bootstrap(settings, now=lambda: datetime(2025, 6, 16, 1, 0, tzinfo=UTC)) as wired:
        wired.migrate()
        yield wired


def apply(
    wired: Resonance, text: str, effective: date = JANUARY, approver: str = "B", reason: str = "decided"
) -> list[str]:
    """What applying a charter comes to, by type and indicator."""
    outcomes = apply_charter(wired, text, effective, "A", approver, reason)
    facts = [fact for outcome in outcomes for fact in outcome.events]
    return [f"{fact.TOPIC} {getattr(fact, 'indicator', '')}".rstrip() for fact in facts]


def test_the_first_brings_all_its_indicators(wired):
    assert last_adopted(wired) is None
    told = apply(wired, ONE)
    ids = [indicator.id for indicator in parse(ONE, "1").indicators]
    assert told == ["charter.published", "charter.adopted", *(f"indicator.adopted {id}" for id in ids)]
    last = last_adopted(wired)
    assert last is not None
    assert last.version == "1"


def test_again_changes_nothing_and_for_another_day_is_refused(wired):
    apply(wired, ONE)
    head = wired.log.head()
    assert apply(wired, ONE) == []
    with pytest.raises(Refused) as caught:
        apply(wired, ONE, JULY)
    assert caught.value.code == "charter.version"
    assert wired.log.head() == head
    assert [(each.version, each.effective) for each in adopted(wired)] == [("1", JANUARY)]


def test_a_later_one_amends_what_it_defines_otherwise_and_leaves_the_rest(wired):
    apply(wired, ONE)
    text = changed(("办文按时办结率", "别的名字"))
    assert apply(wired, text, JULY) == ["charter.published", "charter.adopted", "indicator.amended I01"]


def test_a_later_one_retires_what_it_defines_no_more_and_adopts_what_is_new(wired):
    apply(wired, ONE)
    text = changed(('id = "I01"', 'id = "I91"'))
    told = ["charter.published", "charter.adopted", "indicator.adopted I91", "indicator.retired I01"]
    assert apply(wired, text, JULY) == told
    with pytest.raises(RefusedTogether) as caught:  # an indicator that was retired does not come back
        apply(wired, changed(version="3"), JULY)
    assert [refused.code for refused in caught.value.refusals.values()] == ["indicator.exists"]


def test_what_was_amended_otherwise_stays(wired):
    apply(wired, ONE)
    definition = replace(definition_of(parse(ONE, "1").indicator("I01")), name_en="Ours")
    amend = AmendIndicator(indicator=IndicatorId("I01"), definition=definition, effective=date(2025, 6, 16))
    wired.handle(amend, wired.context("A", approver="B", reason="ours"))
    assert apply(wired, changed(), JULY) == ["charter.published", "charter.adopted"]


def test_indicators_of_a_charter_that_was_adopted_alone_are_adopted_with_the_next(wired):
    wired.handle(AdoptCharter(text=ONE, effective=JANUARY), wired.context("A", approver="B"))
    told = apply(wired, changed(), JULY)
    assert told.count("charter.adopted") == 1
    assert len([each for each in told if each.startswith("indicator.adopted ")]) == 32


def test_if_the_charter_is_refused_only_that_is_told(wired):
    with pytest.raises(Refused) as caught:
        apply(wired, ONE, approver="A")
    assert caught.value.code == "charter.second_person"
    with pytest.raises(CharterError):
        apply(wired, "version = ")
    assert wired.log.head().position == 0


def test_if_indicators_are_refused_nothing_is_adopted(wired):
    with pytest.raises(RefusedTogether) as caught:
        apply(wired, ONE, reason="")
    assert {refused.code for refused in caught.value.refusals.values()} == {"effective.backdated"}
    assert wired.log.head().position == 0


def test_who_and_why_is_recorded_with_each(wired):
    apply(wired, ONE)
    for entry in wired.log.entries():
        envelope = read_envelope(entry.bytes)
        assert (envelope.actor, envelope.approver, envelope.reason) == ("A", "B", "decided")
