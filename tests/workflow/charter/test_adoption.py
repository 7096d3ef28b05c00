"""Adopting a charter: by two persons, never for the past, and what is in force on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.given import LONG_AGO, TODAY, charter_in_force, given
from workflow.charter import digest, library, parse
from workflow.charter.adoption import AdoptCharter
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, by_digest, learn
from workflow.charter.views import CharterInForce
from workflow.ids import CharterId
from workflow.slices import Context, Refused


@pytest.fixture
def text(procuratorate: str) -> str:
    return procuratorate


def version(text: str, number: str) -> str:
    changed = text.replace('version = "1"', f'version = "{number}"', 1)
    assert changed != text
    return changed


def adopt(text: str, effective: date = TODAY) -> AdoptCharter:
    return AdoptCharter(text=text, effective=effective)


def adopted(text: str, *others: tuple[str, date]):
    """The charter `text`, in force since long ago, and others."""
    return given(*(each for t, day in others for each in charter_in_force(t, day)), charters=[(LONG_AGO, text)])


TWO: dict[str, Any] = {"approver": "B", "reason": "decided"}


def test_the_first_is_published_and_in_force_from_any_day_on(text):
    published = CharterPublished(CharterId("procuratorate"), "1", digest(text), text)
    for day in (LONG_AGO, TODAY, TODAY + timedelta(days=366)):
        in_force = CharterAdopted(CharterId("procuratorate"), "1", digest(text), day)
        given(charter=None).when(adopt(text, day), approver="B").then(published, in_force)


def test_what_is_no_charter_is_refused_with_every_problem(text):
    broken = text.replace('version = "1"', "version = 1\nserial = 2")
    refused = given(charter=None).when(adopt(broken), approver="B").refused("charter.invalid")
    assert refused.fields == ("text",)
    assert "version" in refused.sentence
    assert "serial" in refused.sentence
    given(charter=None).when(adopt("\ud800"), approver="B").refused("charter.invalid")


@pytest.mark.parametrize("approver", ["", "C1"])
def test_it_takes_two_persons(text, approver):
    refused = given(charter=None).when(adopt(text), actor="C1", approver=approver).refused("charter.second_person")
    assert refused.fields == ("approver",)


def test_a_later_one_needs_a_reason(text):
    for reason in ("", "  "):
        adopted(text).when(adopt(version(text, "2")), approver="B", reason=reason).refused("charter.reason")
    then = adopted(text).when(adopt(version(text, "2")), approver="B", reason="stricter")
    assert [type(fact) for fact in then.facts] == [CharterPublished, CharterAdopted]


def test_new_rules_never_take_effect_in_the_past(text):
    two = version(text, "2")
    adopted(text).when(adopt(two, TODAY - timedelta(days=1)), **TWO).refused("charter.retroactive")
    to_come = adopted(text, (two, TODAY + timedelta(days=30)))
    three = version(text, "3")
    to_come.when(adopt(three, TODAY + timedelta(days=29)), **TWO).refused("charter.retroactive")
    assert len(to_come.when(adopt(three, TODAY + timedelta(days=30)), **TWO).facts) == 2


def test_a_slip_of_the_pen_in_the_year_does_not_lock_the_rules(text):
    far = TODAY + timedelta(days=367)
    given(charter=None).when(adopt(text, far), **TWO).refused("effective.too_far")
    adopted(text).when(adopt(version(text, "2"), far), **TWO).refused("effective.too_far")


def test_a_version_is_adopted_once_even_with_another_text(text):
    adopted(text).when(adopt(text), **TWO).refused("charter.version")
    adopted(text).when(adopt(text + "\n# other\n"), **TWO).refused("charter.version")


def test_the_version_adopted_is_the_rule_version(text):
    command = adopt(text)
    command.context = Context(actor="A", command_id="c", today=TODAY, approver="B")
    command.decide(lambda views: None)
    assert command.rule_version == "1"


class TestWhatIsInForce:
    def in_force(self, *adoptions: tuple[str, date]) -> CharterInForce:
        view = CharterInForce()
        for text, day in adoptions:
            for fact in charter_in_force(text, day):
                view.note(fact)
        return view

    def test_it_is_the_one_that_came_into_force_last(self, text):
        one, two, three = text, version(text, "2"), version(text, "3")
        view = self.in_force((one, date(2025, 1, 1)), (two, date(2025, 7, 1)), (three, date(2025, 9, 1)))
        days = [date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2025, 8, 31), date(2025, 9, 1)]
        assert [view.on(day).version for day in days] == ["1", "1", "2", "2", "3"]
        assert view.digest_on(days[0]) == digest(one)

    def test_of_two_from_one_day_on_it_is_the_one_adopted_later(self, text):
        view = self.in_force((text, TODAY), (version(text, "2"), TODAY))
        assert view.on(TODAY).version == "2"

    def test_before_the_first_there_is_none(self, text):
        with pytest.raises(Refused) as caught:
            self.in_force((text, TODAY)).on(TODAY - timedelta(days=1))
        assert caught.value.code == "charter.none"


class TestTheLibrary:
    def test_a_text_is_read_once_and_known_by_its_digest(self, text):
        assert learn(text) is learn(text) is by_digest(digest(text))
        assert learn(text) == parse(text, digest(text))

    def test_what_was_not_read_is_said_by_its_digest(self, text, monkeypatch):
        monkeypatch.setattr(library, "_known", {})
        with pytest.raises(UnknownCharter) as caught:
            by_digest(digest(text))
        assert caught.value.digest == digest(text)
