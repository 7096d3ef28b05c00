"""A history to measure on: five years of a big organisation, made of the real events, the same every time.

A department has 30 people and 20 indicators, reported monthly. 14 % of the readings raise a warning, of which nearly
all are closed out; people come to other posts, the head changes every year, targets are set anew.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.loader import digest, parse, shipped
from workflow.ids import AppointmentId, CharterId, GridId, IndicatorId, MembershipId, PersonId, PostId, UnitId
from workflow.indicators.colour import judge, limit_of, target_to_date, warns
from workflow.indicators.definitions import definition_of
from workflow.indicators.events import IndicatorAdopted, Judgement, ReadingCorrected, ReadingReported, TargetSet
from workflow.indicators.views import reading_id
from workflow.organisation.events import (
    AppointmentEnded,
    AppointmentStarted,
    ExOfficioLeadershipEnded,
    ExOfficioLeadershipStarted,
    GridBound,
    MembershipStarted,
    PersonnelClassChanged,
    PersonRegistered,
    PostDutiesSet,
    PostEstablished,
    UnitEstablished,
)
from workflow.periods import Period
from workflow.sealed import Sealed
from workflow.slices import Event
from workflow.warnings.events import (
    RectificationPlanned,
    RectificationReported,
    WarningAcknowledged,
    WarningClosedOut,
    WarningRaised,
    WarningReopened,
)
from workflow.warnings.views import warning_id

FIRST_DAY = date(2020, 1, 1)
MONTHS = 60
PEOPLE = 30
EVENTS_A_DEPARTMENT = 2_250
INDICATORS = [*(f"I{n:02}" for n in (1, 2, 4, 6, 9, *range(11, 24))), "C1", "C2"]
INSTITUTION, LEADING, ORGAN = UnitId("INST"), UnitId("LG"), UnitId("OC")
RULE = "head_leads_group"

_text = shipped("procuratorate")
_digest = digest(_text)
_charter = parse(_text, "procuratorate")
_definitions = {name: replace(definition_of(_charter.indicator(name)), scope=("department",)) for name in INDICATORS}
REPORTED = [name for name, definition in _definitions.items() if not definition.counts]
"""Those that people report; the clock counts the others."""


class Done(NamedTuple):
    """What one command did, on one day."""

    day: date
    facts: list[Event]


def history(events: int) -> Iterator[Done]:
    """Commands that did at least so many events, in the order of their days."""
    chance = random.Random(20200101)
    departments = [Department(number, chance) for number in range(-(-events // EVENTS_A_DEPARTMENT))]
    yield from _founding(departments)
    month = Period.containing(FIRST_DAY, "monthly")
    for department in departments:
        yield from department.new_year(month)
    while True:
        yield from _month(month, departments, chance)
        month = month.next


def _founding(departments: list[Department]) -> Iterator[Done]:
    identity = CharterId(_charter.id), _charter.version, _digest
    facts: list[Event] = [
        CharterPublished(*identity, _text),
        CharterAdopted(*identity, FIRST_DAY),
        _unit(INSTITUTION, "institution", None),
        _unit(LEADING, "leading_group", None),
        _unit(ORGAN, "organ_committee", LEADING),
    ]
    facts += [IndicatorAdopted(IndicatorId(i), d, FIRST_DAY) for i, d in _definitions.items()]
    for number, (unit, kind) in enumerate(
        [(INSTITUTION, "chief"), (LEADING, "leading_group_secretary"), (ORGAN, "organ_secretary")], 1
    ):
        facts += _person(PersonId(f"L{number}"), "prosecutor")
        facts += _post(PostId(f"{unit}-{kind}"), unit, kind, PersonId(f"L{number}"))
    yield Done(FIRST_DAY, facts)
    for start in range(0, len(departments), 10):
        overseer, led = PersonId(f"V{start}"), departments[start : start + 10]
        branch, post = UnitId(f"B{start}"), PostId(f"{INSTITUTION}-deputy-{start}")
        facts = [_unit(branch, "branch", ORGAN), *_person(overseer, "prosecutor")]
        facts += _post(post, INSTITUTION, "deputy_chief", overseer)
        facts += _post(PostId(f"{branch}-secretary"), branch, "branch_secretary", overseer, kind="concurrent")
        yield Done(FIRST_DAY, facts)
        for department in led:
            yield from department.founding(branch)
        yield Done(FIRST_DAY, [PostDutiesSet(post, tuple(each.unit for each in led), FIRST_DAY)])


def _month(month: Period, departments: list[Department], chance: random.Random) -> Iterator[Done]:
    reported = month.last_day + timedelta(days=3)
    if month.number == 12:
        for department in departments:
            yield from department.new_year(month.next)
    for department in departments:
        yield from department.report(month, reported)
    for day in range(1, 24):
        for department in chance.sample(departments, len(departments)):
            yield from department.go_on(reported + timedelta(days=day), day)


class Department:
    """A department with its party group: its people, its readings, its warnings."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.name = f"D{number:04}"
        self.unit, self.group, self.grid = UnitId(self.name), UnitId(f"{self.name}-G"), GridId(self.name)
        self.head_post, self.handler_post = PostId(f"{self.name}-head"), PostId(f"{self.name}-handler")
        self.people = [PersonId(f"{self.name}-P{n:02}") for n in range(PEOPLE)]
        self.appointments = dict.fromkeys(self.people, 0)
        self.head = self.people[0]
        self.open: list[tuple[WarningRaised, int]] = []  # and how many steps of the loop were done
        self.reported: list[ReadingReported] = []
        self.chance = chance

    def founding(self, branch: UnitId) -> Iterator[Done]:
        facts = [_unit(self.unit, "department", INSTITUTION), _unit(self.group, "party_group", branch)]
        facts += _post(self.head_post, self.unit, "department_head")
        facts += _post(self.handler_post, self.unit, "handler", seats=PEOPLE)
        yield Done(FIRST_DAY, [*facts, GridBound(self.grid, self.unit, self.group, FIRST_DAY)])
        for n, person in enumerate(self.people):
            facts = _person(person, ("prosecutor", "assistant", "clerk")[n % 3])
            if n % 3 == 0:
                membership = MembershipId(f"M-{person}")
                facts.append(MembershipStarted(membership, person, self.group, "full", FIRST_DAY))
            post = self.head_post if person == self.head else self.handler_post
            yield Done(FIRST_DAY, [*facts, *self._appoint(person, post, FIRST_DAY)])

    def new_year(self, month: Period) -> Iterator[Done]:
        """Targets are set; after the first year, another of the first three leads the department."""
        day = month.first_day
        for name, definition in _definitions.items():
            if definition.target is not None:
                target = TargetSet(IndicatorId(name), self.unit, month.year, definition.target, day)
                yield Done(day, [target])
        if day > FIRST_DAY:
            old, new = self.head, self.people[3 * ((self.people.index(self.head) // 3 + 1) % 3)]
            facts = [*self._leave(old, self.head_post, day), *self._leave(new, self.handler_post, day)]
            self.head = new
            yield Done(day, [*facts, *self._appoint(new, self.head_post, day)])
            yield Done(day, list(self._appoint(old, self.handler_post, day)))

    def report(self, month: Period, day: date) -> Iterator[Done]:
        self.reported = []
        for name in INDICATORS:
            (colour,) = self.chance.choices(("green", "yellow", "red"), (86, 10, 4))
            reported, warned = self._reading(name, month, colour, day)
            self.reported.append(reported)
            yield Done(day, [reported, *warned])

    def go_on(self, day: date, step: int) -> Iterator[Done]:
        """One step of every open warning each five days; a few corrections and changes of people."""
        if step == 5:
            yield from self._change(day)
        if step % 5 == 0:
            still = []
            for warning, done in self.open:
                if done < 4 and (done < 1 or self.chance.random() < 0.97):
                    yield Done(day, [self._step(warning, done, day)])
                elif done == 4 and self.chance.random() < 0.02:
                    yield Done(day, [WarningReopened(warning.warning, self.unit, self.head, day)])
                    done = 1
                if done < 4:
                    still.append((warning, done + 1))
            self.open = still

    def _change(self, day: date) -> Iterator[Done]:
        for reading in self.reported:
            if self.chance.random() < 0.02:
                yield Done(day, [self._correction(reading, day)])
        if self.chance.random() < 0.3:
            person = self.chance.choice([p for p in self.people if p != self.head])
            yield Done(day, [PersonnelClassChanged(person, "prosecutor", day)])
            left = self._leave(person, self.handler_post, day)
            yield Done(day, [*left, *self._appoint(person, self.handler_post, day)])

    def _reading(self, name: str, month: Period, colour: str, day: date) -> tuple[ReadingReported, list[Event]]:
        indicator = IndicatorId(name)
        reading = reading_id(indicator, self.unit, month)
        judgement = _judgement(name, month.number, colour)
        reported = ReadingReported(
            reading, indicator, self.unit, str(month), judgement.value, judgement, day, late=False, effective=day
        )
        if not warns(judgement.colour):
            return reported, []
        warning = WarningRaised(
            warning_id(reading, 1),
            indicator,
            self.unit,
            reading,
            str(month),
            colour,
            respond_by=day + timedelta(days=7),
            rectify_by=day + timedelta(days=21),
            effective=day,
        )
        self.open.append((warning, 0))
        return reported, [warning]

    def _correction(self, reading: ReadingReported, day: date) -> Event:
        value, old = reading.value + 1, reading.judgement
        judgement = judge(value, old.target, old.definition, old.definition_from, _charter, _digest)
        identity = reading.reading, reading.indicator, self.unit, reading.period
        return ReadingCorrected(*identity, value, reading.value, judgement, day)

    def _step(self, raised: WarningRaised, done: int, day: date) -> Event:
        about = raised.warning, self.unit
        if done == 0:
            return WarningAcknowledged(*about, self.head, "Two handlers were away for three weeks.", day)
        if done == 1:
            due = day + timedelta(days=14)
            return RectificationPlanned(*about, self.head, "Redistribute the files; check weekly.", due, day)
        if done == 2:
            return RectificationReported(*about, self.head, "All files are back on schedule.", ("minutes-7",), day)
        return WarningClosedOut(*about, PersonId("L1"), "Checked a sample of ten files.", ("sample-3",), day)

    def _appoint(self, person: PersonId, post: PostId, day: date) -> Iterator[Event]:
        appointment = AppointmentId(f"A-{person}-{self.appointments[person]}")
        yield AppointmentStarted(appointment, person, post, self.unit, "substantive", day)
        if post == self.head_post:
            ids = self.grid, self.group, self.unit, person, appointment
            yield ExOfficioLeadershipStarted(*ids, RULE, acting=False, effective=day)

    def _leave(self, person: PersonId, post: PostId, day: date) -> Iterator[Event]:
        appointment = AppointmentId(f"A-{person}-{self.appointments[person]}")
        self.appointments[person] += 1
        yield AppointmentEnded(appointment, person, post, self.unit, day, "transfer")
        if post == self.head_post:
            ids = self.grid, self.group, self.unit, person, appointment
            yield ExOfficioLeadershipEnded(*ids, RULE, "appointment_ended", day)


@cache
def _judgement(name: str, month: int, colour: str) -> Judgement:
    """The real judgement of a value that gets this colour."""
    definition = _definitions[name]
    target = target_to_date(definition, definition.target, Period("monthly", FIRST_DAY.year, month))
    yellow, red = limit_of(definition.yellow), limit_of(definition.red)
    if yellow is not None and red is not None:
        values = {"green": yellow.value, "yellow": (yellow.value + red.value) / 2, "red": red.value - 3}
        value = values[colour]
    else:
        assert target is not None
        value = target * {"green": Decimal("1.05"), "yellow": Decimal("0.9"), "red": Decimal("0.5")}[colour]
    judgement = judge(value, target, definition, FIRST_DAY, _charter, _digest)
    assert judgement.colour == colour
    return judgement


def _unit(unit: UnitId, kind: str, parent: UnitId | None) -> Event:
    return UnitEstablished(unit, kind, f"单位 {unit}", f"Unit {unit}", parent, FIRST_DAY)


def _post(
    post: PostId,
    unit: UnitId,
    post_kind: str,
    holder: PersonId | None = None,
    kind: str = "substantive",
    seats: int = 1,
) -> list[Event]:
    facts: list[Event] = [PostEstablished(post, unit, post_kind, f"岗位 {post}", f"Post {post}", seats, FIRST_DAY)]
    if holder is not None:
        appointment = AppointmentId(f"A-{post}")
        facts.append(AppointmentStarted(appointment, holder, post, unit, kind, FIRST_DAY))
    return facts


def _person(person: PersonId, personnel_class: str) -> list[Event]:
    """A person, whose details have the size of sealed ones but no key that opens them."""
    box = base64.b64encode(random.Random(person).randbytes(130)).decode()
    sealed = Sealed(f"register-{person}.1", PersonRegistered.TOPIC, box, "0" * 64)
    return [PersonRegistered(person, personnel_class, sealed, FIRST_DAY)]
