"""What a charter says of study: its tiers, who holds sessions, how often, and who must attend."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from workflow.charter.duties import DutyKind, KindId
from workflow.charter.measurement import Cadence
from workflow.charter.terms import ClassRef, Count, PostKindRef, UnitKindRef, Words

MembershipKindRef = Annotated[str, Meta(extra={"refers_to": "membership_kinds"})]


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Who must attend, of a unit and of those below it: members of these kinds, or holders of posts of these kinds;
    with neither, whoever holds a post. `classes` leaves only people of these personnel classes."""

    membership_kinds: tuple[MembershipKindRef, ...] = ()
    post_kinds: tuple[PostKindRef, ...] = ()
    classes: tuple[ClassRef, ...] = ()


class StudyTier(msgspec.Struct, frozen=True, kw_only=True):
    """A tier of study: units of `unit_kinds` hold its sessions for an `audience`.

    With a `cadence` they owe one in each period: to hold it is a duty of the same id, yellow when at most
    `yellow_working_days` are left. Who was absent may make up for it within `make_up_working_days` of the session.
    """

    id: KindId
    words: Words
    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    audience: Audience = Audience()
    make_up_working_days: Count = 0
    cadence: Cadence | None = None
    yellow_working_days: Count = 5

    @property
    def duty(self) -> DutyKind | None:
        """The duty to hold a session in each period."""
        if self.cadence is None:
            return None
        return DutyKind(
            id=self.id,
            words=self.words,
            cadence=self.cadence,
            unit_kinds=self.unit_kinds,
            yellow_working_days=self.yellow_working_days,
        )
