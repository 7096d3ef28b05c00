"""What a charter says of service to the people: teams, check-ins, visits, activities, needs; and of field hearings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from workflow.charter.terms import ClassRef, Count, Days, Id, Positive, PostKindRef, UnitKindRef, Words
from workflow.ids import UnitId

Flaw = tuple[str, str, str]


class ServiceKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of check-in or activity, of hearers or of those who are told, or of result."""

    id: Id
    words: Words


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """How many members of a team one unit may have."""

    unit: Id
    at_most: Positive


class TeamKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of team. Its members come for units of `unit_kinds`, to which or below which they belong.

    `size_at_most` of them in all (None: any number); with `places`, from the units named there only, so many of each.
    """

    id: Id
    words: Words
    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    size_at_most: Positive | None = None
    places: tuple[Places, ...] = ()

    def places_of(self, unit: UnitId) -> int | None:
        """How many members a unit may have; None: any number."""
        if not self.places:
            return None
        return next((each.at_most for each in self.places if each.unit == unit), 0)


class VisitRule(msgspec.Struct, frozen=True, kw_only=True):
    """A petition is answered within so many working days of its receipt, and has its result, or a report of progress,
    within so many months. What its carrier left behind is handed over within `handover_working_days`."""

    answer_working_days: Days
    result_months: Annotated[int, Meta(ge=1, le=60)]
    handover_working_days: Days
    yellow_working_days: Count


class NeedRule(msgspec.Struct, frozen=True, kw_only=True):
    """Needs are assigned, then resolved, within so many working days; then rated from 1 to `best`.

    Up to `bad_at_most` a need is reopened, at most `reopenings` times; from `satisfied_from` on people are satisfied.
    """

    assign_working_days: Days
    resolve_working_days: Days
    yellow_working_days: Count
    best: Annotated[int, Meta(ge=2, le=100)]
    satisfied_from: Positive
    bad_at_most: Count
    reopenings: Count


class ServiceRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[service]`: nobody serves more than `hours_a_day`, whatever they do."""

    hours_a_day: Decimal
    check_ins: tuple[ServiceKind, ...] = ()
    activities: tuple[ServiceKind, ...] = ()
    teams: tuple[TeamKind, ...] = ()
    visits: VisitRule
    needs: NeedRule

    @property
    def kinds(self) -> tuple[ServiceKind, ...]:
        """All that hours are served in."""
        return (*self.check_ins, *self.activities)


class HearingRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[hearings]`: a hearing is about a case; all of `tell` are told `notice_days` calendar days before it.

    Its host is of one of the `host_classes` of staff, or holds a post of one of the `host_post_kinds`.
    """

    notice_days: Annotated[int, Meta(ge=0, le=366)]
    yellow_working_days: Count
    host_classes: tuple[ClassRef, ...] = ()
    host_post_kinds: tuple[PostKindRef, ...] = ()
    tell: tuple[ServiceKind, ...] = ()
    hearers: Annotated[tuple[ServiceKind, ...], Meta(min_length=1)]
    results: Annotated[tuple[ServiceKind, ...], Meta(min_length=1)]


def flaws_of_service(item: ServiceRule) -> Iterator[Flaw]:
    if not 0 < item.hours_a_day <= 24:
        yield "hours_a_day", str(item.hours_a_day), "more than 0, and at most 24"
    for key in ("check_ins", "activities", "teams"):
        yield from _each_once(item, key)


def flaws_of_team_kind(item: TeamKind) -> Iterator[Flaw]:
    for unit, times in Counter(each.unit for each in item.places).items():
        if times > 1:
            yield "places", f"{unit} more than once", "each unit once"


def flaws_of_needs(item: NeedRule) -> Iterator[Flaw]:
    if item.satisfied_from > item.best:
        yield "satisfied_from", str(item.satisfied_from), f"at most best ({item.best})"
    if item.bad_at_most >= item.satisfied_from:
        yield "bad_at_most", str(item.bad_at_most), f"less than satisfied_from ({item.satisfied_from})"


def flaws_of_hearings(item: HearingRule) -> Iterator[Flaw]:
    if not item.host_classes and not item.host_post_kinds:
        yield "host_classes", "nobody", "host_classes or host_post_kinds"
    for key in ("tell", "hearers", "results"):
        yield from _each_once(item, key)


def _each_once(item: msgspec.Struct, key: str) -> Iterator[Flaw]:
    for id, times in Counter(each.id for each in getattr(item, key)).items():
        if times > 1:
            yield key, f"{id} more than once", "each id once"
