"""The part of a charter about who there is: units, posts, people, appointments, the responsibility chain."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workflow.charter.terms import ClassRef, Count, Id, LineRef, Positive, PostKindRef, UnitKindRef, Words

Rank = Literal["head", "deputy", "overseer", "member"]
AppointmentKindId = Literal["substantive", "acting", "concurrent", "seconded"]
LevelBy = Literal["holder", "head_of", "overseer_of"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of work that has a chain of its own."""

    id: Id
    words: Words


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """How many people a unit should have. It warns, and refuses nothing.

    `members_at_least` counts voting members, `members_at_most` all, of the unit and of the units below it.
    From `committee_from` members up, a committee of `committee_at_least` to `committee_at_most` is wanted.
    """

    members_at_least: Count = 0
    members_at_most: Positive | None = None
    committee_from: Positive | None = None
    committee_at_least: Positive | None = None
    committee_at_most: Positive | None = None


class UnitKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of unit. One without `parents` stands at the root of the tree of units."""

    id: Id
    line: LineRef
    words: Words
    parents: tuple[UnitKindRef, ...] = ()
    composition: Composition | None = None


class PersonnelClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class of staff."""

    id: Id
    words: Words


class MembershipKind(msgspec.Struct, frozen=True, kw_only=True):
    """A way of being a member of a unit of one of the `unit_kinds`. Only `voting` members make a quorum."""

    id: Id
    words: Words
    voting: bool
    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]


class PostKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of post.

    `rank`: a head answers for the unit, a deputy stands in for its head, an overseer has other units among
    the duties of the post (the deputy in charge of departments, say), a member works in it. `seats` is how
    many may hold one post substantively at a time. Without `classes` anybody may hold it.
    `membership_required` is a unit kind: the holder must be a member of the post's own unit, or of the
    nearest unit above it, of that kind; being a member of a unit below that one counts. "" asks for none.
    """

    id: Id
    words: Words
    rank: Rank
    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    seats: Positive = 1
    classes: tuple[ClassRef, ...] = ()
    membership_required: UnitKindRef = ""


class AppointmentKind(msgspec.Struct, frozen=True, kw_only=True):
    """Words and limits of one of the four kinds of appointment. None is no limit.

    `max_days` is the longest one may last, first and last day included; `max_posts` how many of this kind one
    person may hold at once.
    """

    id: AppointmentKindId
    words: Words
    max_days: Positive | None = None
    max_posts: Positive | None = None


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """One level of the responsibility chain of a line, and how it is found for a thing that has a unit.

    by = "holder"       the holder of the thing's own post, if that is of one of the `post_kinds`
    by = "head_of"      the head of the nearest unit of kind `unit_kind`, from the thing's unit upward
    by = "overseer_of"  the holder of the post that has the nearest unit of kind `unit_kind` among its duties
    """

    id: Id
    line: LineRef
    words: Words
    by: LevelBy
    unit_kind: UnitKindRef = ""
    post_kinds: tuple[PostKindRef, ...] = ()


class ExOfficio(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a `head_of` holds the post of kind `post_kind` in the `leads` that a grid binds to it.

    `requires_membership`: only if the head is a member of the unit led. `at_most`: how many units one person
    leads that way.
    """

    id: Id
    words: Words
    head_of: UnitKindRef
    leads: UnitKindRef
    post_kind: PostKindRef
    requires_membership: bool
    at_most: Positive = 1
