"""The part of a charter about what units owe: duties, dual reports, and the cycles in which their lines keep step."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from workflow.charter.measurement import Cadence, ExtensionRule
from workflow.charter.terms import Count, Id, LevelRef, LineRef, Positive, PostKindRef, UnitKindRef, Words

# It begins the ids of what is owed, and a dot tells where it ends.
KindId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\Z")]


class Attendance(msgspec.Struct, frozen=True, kw_only=True):
    """Who must be there, and how many of them make a quorum: `more_than` or `at_least` such a share (0.5 = half).

    The holders of the `post_kinds` in the unit; without any, the voting members of the unit and of those below it.
    """

    post_kinds: tuple[PostKindRef, ...] = ()
    more_than: Decimal | None = None
    at_least: Decimal | None = None

    def met(self, present: int, entitled: int) -> bool:
        """Whether so many of those who must be there are enough. Nobody never is."""
        if self.more_than is not None:
            return present > self.more_than * entitled
        return present > 0 and present >= (self.at_least or 0) * entitled


class DutyKind(msgspec.Struct, frozen=True, kw_only=True):
    """Something that every unit of some kinds owes once in a period.

    It is yellow when at most `yellow_working_days` are left and it is not done; None: as many as `[due]` says for its
    cadence. Without `extension` its due date cannot be extended.
    """

    id: KindId
    words: Words
    cadence: Cadence
    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    yellow_working_days: Count | None = None
    attendance: Attendance | None = None
    extension: ExtensionRule | None = None


class ReportPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a report: what it tells about one line."""

    line: LineRef
    words: Words


class ReportKind(msgspec.Struct, frozen=True, kw_only=True):
    """A report about several lines at once. To submit it in time is a duty of the unit, of the same id.

    `signed_by` are the levels of the chain whose holders sign it; `received_by` those that accept or return it, one on
    each line.
    """

    id: KindId
    words: Words
    cadence: Cadence
    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    parts: Annotated[tuple[ReportPart, ...], Meta(min_length=1)]
    signed_by: Annotated[tuple[LevelRef, ...], Meta(min_length=1)]
    received_by: Annotated[tuple[LevelRef, ...], Meta(min_length=1)]
    yellow_working_days: Count | None = None
    extension: ExtensionRule | None = None

    @property
    def duty(self) -> DutyKind:
        """The duty to submit it."""
        return DutyKind(
            id=self.id,
            words=self.words,
            cadence=self.cadence,
            unit_kinds=self.unit_kinds,
            yellow_working_days=self.yellow_working_days,
            extension=self.extension,
        )


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage of a cycle."""

    id: Id
    words: Words


class Sync(msgspec.Struct, frozen=True, kw_only=True):
    """`[sync]`: the `stages` through which the work of all `lines` moves, in order, and by how many of them one line
    may be ahead of another."""

    lines: Annotated[tuple[LineRef, ...], Meta(min_length=1)]
    at_most_ahead: Positive
    stages: Annotated[tuple[Stage, ...], Meta(min_length=1)]
