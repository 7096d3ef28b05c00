"""The part of a charter about assessments and honours: parts, groups, grades with their quotas, notice and appeals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from workflow.charter.structure import Rank
from workflow.charter.terms import ClassRef, Days, Id, LevelRef, Positive, SetRef, UnitKindRef, Words, one


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the score, worth `points`: measured by the scored indicators of a `set`, or `rated` by people."""

    id: Id
    words: Words
    points: Decimal
    set: SetRef = ""
    rated: bool = False


class PartPoints(msgspec.Struct, frozen=True, kw_only=True):
    """What a part is worth in one group, instead of what it is worth elsewhere."""

    part: Id
    points: Decimal


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Those who are compared with one another: units of the `unit_kinds`, or people.

    A person belongs to the first group of people that fits: by holding a post of one of the `ranks` (none: any), and
    by personnel class (none: any).
    """

    id: Id
    words: Words
    unit_kinds: tuple[UnitKindRef, ...] = ()
    ranks: tuple[Rank, ...] = ()
    classes: tuple[ClassRef, ...] = ()
    points: tuple[PartPoints, ...] = ()


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """A grade, from so many points on, for at most the share `quota` of a group (rounded down, but at least one)."""

    id: Id
    words: Words
    at_least: Decimal
    quota: Decimal | None = None


class AppealRule(msgspec.Struct, frozen=True, kw_only=True):
    """Until when an appeal may be lodged after publication, and decided after that; by how many people at least."""

    lodged_working_days: Days
    decided_working_days: Days
    reviewers_at_least: Positive


class AssessmentRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[assessment]`: how people and units are scored and graded. `grades` go from the best down.

    `confirmed_by` is the level of the chain that confirms the scores. `tie_by` is the part that decides first between
    equal totals. `ranking` says whether ranks are published; in any case quotas are kept.
    """

    bonus_at_most: Decimal
    deduction_at_most: Decimal
    veto_caps_at: Id
    tie_by: Id
    ranking: bool = False
    notice_working_days: Days
    confirmed_by: LevelRef
    appeal: AppealRule
    parts: Annotated[tuple[Part, ...], Meta(min_length=1)]
    grades: Annotated[tuple[Grade, ...], Meta(min_length=1)]
    groups: Annotated[tuple[Group, ...], Meta(min_length=1)]

    def group(self, id: str) -> Group:
        return one(self.groups, id, "assessment.groups")

    def points(self, group: str) -> dict[str, Decimal]:
        """What each part is worth in a group, in the order of the parts."""
        own = {each.part: each.points for each in self.group(group).points}
        return {part.id: own.get(part.id, part.points) for part in self.parts}


class HonourLevel(msgspec.Struct, frozen=True, kw_only=True):
    """A level of honours, and the bonus that one gives.

    Honours hold for `term_months`, none: for ever. One of a unit or a team gives each member this share of the points.
    """

    id: Id
    words: Words
    points: Decimal
    term_months: Positive | None = None
    members_share: Decimal = Decimal(0)


Flaw = tuple[str, str, str]


def flaws_of_part(item: Part) -> Iterator[Flaw]:
    if bool(item.set) == item.rated:
        yield "set", "both a set and rated" if item.rated else "neither a set nor rated", "one of the two"
    if item.points <= 0:
        yield "points", str(item.points), "more than 0"


def flaws_of_group(item: Group) -> Iterator[Flaw]:
    if item.unit_kinds and (item.ranks or item.classes):
        yield "unit_kinds", "units and people in one group", "unit_kinds alone, or ranks and classes"
    if "." in item.id:
        yield "id", f'"{item.id}"', "an id without a dot, for it begins those of assessments"
    for each in item.points:
        if each.points <= 0:
            yield "points", str(each.points), "more than 0"


def flaws_of_grade(item: Grade) -> Iterator[Flaw]:
    if item.quota is not None and not 0 < item.quota <= 1:
        yield "quota", str(item.quota), "more than 0, and at most 1, which is no limit"


def flaws_of_assessment(item: AssessmentRule) -> Iterator[Flaw]:
    for key, several in (("parts", item.parts), ("grades", item.grades), ("groups", item.groups)):
        ids = [each.id for each in several]
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            yield key, f"{id} more than once", "each id once"
    parts = {part.id for part in item.parts}
    if item.tie_by not in parts:
        yield "tie_by", f'"{item.tie_by}"', f"the id of a part: {', '.join(sorted(parts))}"
    for group in item.groups:
        named = [each.part for each in group.points]
        if not set(named) <= parts or len(set(named)) < len(named):
            yield "groups", f"points of {', '.join(named)} in {group.id}", "each part at most once"
    grades = [grade.id for grade in item.grades]
    if item.veto_caps_at not in grades:
        yield "veto_caps_at", f'"{item.veto_caps_at}"', f"the id of a grade: {', '.join(grades)}"
    least = [grade.at_least for grade in item.grades]
    if least != sorted(set(least), reverse=True) or least[-1] != 0:
        yield "grades", f"at_least {', '.join(map(str, least))}", "grades from the best down, the last from 0 points on"
    if item.grades[-1].quota is not None:
        yield "grades", f"a quota of the last one, {grades[-1]}", "none, for everybody has a grade"
    for key in ("bonus_at_most", "deduction_at_most"):
        if getattr(item, key) < 0:
            yield key, str(getattr(item, key)), "0 or more"


def flaws_of_honour_level(item: HonourLevel) -> Iterator[Flaw]:
    if item.points < 0:
        yield "points", str(item.points), "0 or more"
    if not 0 <= item.members_share <= 1:
        yield "members_share", str(item.members_share), "0, which is none, to 1, which is all"
