"""Events, views and commands: what their classes promise before any database is asked."""

from __future__ import annotations

from dataclasses import field
from datetime import date

import msgspec
import pytest

from tests.given import given
from workflow.ids import PersonId, PostId, UnitId
from workflow.slices import Command, Event, Knows, Refused, Selector, View, event, parameters


class Lit(Event):
    TOPIC = "slices.lit"
    unit: UnitId
    person: PersonId
    hours: int
    posts: tuple[PostId, ...] = ()
    effective: date | None = None


class PutOut(Event):
    TOPIC = "slices.put_out"
    unit: UnitId


class Stoked(Event):
    TOPIC = "slices.stoked"
    unit: UnitId


class Fire(View):
    """Whether a unit's fire burns, and what was said of it."""

    unit: UnitId
    burns: bool = field(init=False, default=False)
    told: list[object] = field(init=False, default_factory=list)

    @event(Lit)
    def was_lit(self, hours: int, fact: Lit) -> None:
        self.burns = True
        self.told.append((hours, fact))

    @event(PutOut)
    def was_put_out(self) -> None:
        self.burns = False


class WatchedFire(Fire):
    """Knows of one more thing, and one thing otherwise."""

    @event(Stoked)
    def was_stoked(self, unit: UnitId) -> None:
        self.told.append(unit)

    @event(PutOut)
    def was_put_out(self) -> None:
        self.told.append("out")


class Light(Command):
    unit: UnitId
    person: PersonId
    hours: int = 1

    def knows(self) -> Knows:
        self.fire = Fire(self.unit)
        yield (self.fire,)
        if self.fire.burns:
            self.neighbour = Fire(UnitId("N"))
            yield (self.neighbour,)

    def execute(self) -> None:
        if self.fire.burns and self.neighbour.burns:
            raise Refused("fire.both", "Both burn already.", "unit", "hours")
        self.trigger(Lit(self.unit, self.person, self.hours))


LIT = Lit(UnitId("U"), PersonId("P"), 3)


class TestEvents:
    def test_an_event_cannot_change(self):
        with pytest.raises(AttributeError):
            LIT.hours = 4  # type: ignore[misc]  # that is the point

    def test_its_name_is_its_own_for_ever(self):
        with pytest.raises(TypeError, match="TOPIC"):
            type("Again", (Event,), {"TOPIC": "slices.lit"})
        with pytest.raises(TypeError, match="TOPIC"):
            type("Nameless", (Event,), {})
        with pytest.raises(TypeError, match="TOPIC"):
            type("Heir", (Lit,), {})
        assert Event.topics["slices.lit"] is Lit

    def test_unknown_fields_are_an_error_and_not_lost(self):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(b'{"unit":"U","burnt":1}', type=PutOut)

    def test_it_comes_back_as_it_was(self):
        assert msgspec.json.decode(msgspec.json.encode(LIT), type=Lit) == LIT
        assert LIT.as_dict() == {"unit": "U", "person": "P", "hours": 3, "posts": (), "effective": None}


class TestViews:
    def test_a_view_hears_its_events_and_lets_others_pass(self):
        fire = Fire(UnitId("U"))
        for fact in (LIT, Stoked(UnitId("U"))):
            fact.mutate(fire)
        assert (fire.burns, fire.told) == (True, [(3, LIT)])
        PutOut(UnitId("U")).mutate(fire)
        assert not fire.burns

    def test_each_view_has_its_own_state(self):
        one, other = Fire(UnitId("U")), Fire(UnitId("U"))
        one.note(LIT)
        assert (other.burns, other.told) == (False, [])

    def test_an_heir_hears_what_its_parent_hears_and_its_own_word_goes_before(self):
        fire = WatchedFire(UnitId("U"))
        for fact in (LIT, Stoked(UnitId("U")), PutOut(UnitId("U"))):
            fire.note(fact)
        assert fire.told == [(3, LIT), "U", "out"]
        assert fire.burns
        assert set(WatchedFire.listens_to()) == {Lit, Stoked, PutOut}
        assert set(Fire.listens_to()) == {Lit, PutOut}

    def test_its_boundary_is_its_types_and_the_tags_of_its_ids(self):
        boundary = Fire(UnitId("U")).consistency_boundary()
        assert boundary == Selector(types=[Lit, PutOut], tags=["unit:U"])

    def test_a_view_that_hears_nothing_would_be_all_of_history(self):
        class Deaf(View):
            unit: UnitId

        with pytest.raises(TypeError, match="listens to no event"):
            Deaf(UnitId("U")).consistency_boundary()


class TestCommands:
    def test_what_it_is_asked_with_is_given_by_name(self):
        assert parameters(Light) == ("unit", "person", "hours")
        with pytest.raises(TypeError):
            Light(UnitId("U"), PersonId("P"))  # type: ignore[call-arg]  # that is the point

    def test_what_was_triggered_bears_the_tags_of_its_ids(self):
        command = Light(unit=UnitId("U"), person=PersonId("P"))
        command.trigger(Lit(UnitId("U"), PersonId("P"), 1, posts=(PostId("A"), PostId("B"))))
        assert command.facts == [Lit(UnitId("U"), PersonId("P"), 1, posts=(PostId("A"), PostId("B")))]
        assert [tagged.tags for tagged in command.new_decisions] == [["unit:U", "person:P", "post:A", "post:B"]]

    def test_asked_again_it_has_decided_nothing_yet(self):
        command = Light(unit=UnitId("U"), person=PersonId("P"), hours=5)
        command.decide(lambda views: None)
        again = command.again()
        assert (again.unit, again.person, again.hours, again.facts) == ("U", "P", 5, [])
        assert len(command.facts) == 1

    def test_a_stage_may_ask_by_what_the_one_before_it_told(self):
        asked: list[list[str]] = []

        def read(views):
            asked.append([view.unit for view in views])
            for view in views:
                view.note(LIT)

        with pytest.raises(Refused):
            Light(unit=UnitId("U"), person=PersonId("P")).decide(read)
        assert asked == [["U"], ["N"]]

    def test_before_anything_is_read_its_boundary_is_that_of_the_first_stage(self):
        command = Light(unit=UnitId("U"), person=PersonId("P"))
        assert command.consistency_boundary() == [Fire(UnitId("U")).consistency_boundary()]

    def test_a_command_must_say_what_it_does(self):
        class Idle(Command):
            unit: UnitId

        with pytest.raises(NotImplementedError):
            Idle(unit=UnitId("U")).decide(lambda views: None)


def test_a_refusal_names_the_rule_the_reason_and_the_fields():
    burning = Lit(UnitId("N"), PersonId("P"), 1)
    refused = given(LIT, burning, charter=None).when(Light(unit=UnitId("U"), person=PersonId("P"))).refused("fire.both")
    assert (refused.sentence, refused.fields) == ("Both burn already.", ("unit", "hours"))
    assert str(refused) == "fire.both: Both burn already."
