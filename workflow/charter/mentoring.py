"""What a charter says of mentoring: kinds of mentorship, how long they last, and the reviews that they owe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from workflow.charter.duties import DutyKind, KindId
from workflow.charter.measurement import Cadence, ExtensionRule
from workflow.charter.terms import ClassRef, Count, Id, Positive, PostKindRef, Words, one

TermDays = Annotated[int, Meta(ge=1, le=3_660)]


class TermExtension(msgspec.Struct, frozen=True, kw_only=True):
    """How often the term of a mentorship may be extended, and by how many days each time at most."""

    at_most: Positive
    days: TermDays


class MentorshipKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of mentorship. With `model`, the mentor must be a designated model person of this kind.

    The mentee holds a post of one of the `mentee_post_kinds` and is in one of the `mentee_classes`; none: anybody. The
    term has `days_at_least` to `days_at_most` days. Without `extension` it cannot be extended.
    """

    id: Id
    words: Words
    model: bool = False
    mentee_post_kinds: tuple[PostKindRef, ...] = ()
    mentee_classes: tuple[ClassRef, ...] = ()
    days_at_least: TermDays = 1
    days_at_most: TermDays
    extension: TermExtension | None = None


class ReviewRule(msgspec.Struct, frozen=True, kw_only=True):
    """Every mentorship owes a review for each period through which it runs; that is a duty with this id."""

    id: KindId
    words: Words
    cadence: Cadence = "quarterly"
    yellow_working_days: Count = 5
    extension: ExtensionRule | None = None

    @property
    def duty(self) -> DutyKind:
        """The duty to review. No unit owes it by its kind, but the mentorship does."""
        return DutyKind(
            id=self.id,
            words=self.words,
            cadence=self.cadence,
            unit_kinds=(),
            yellow_working_days=self.yellow_working_days,
            extension=self.extension,
        )


class MentoringRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[mentoring]`: how many people a mentor leads at once, of all kinds together, and whether a mentorship that takes
    a model person ends when the designation is withdrawn."""

    mentees_at_most: Positive = 5
    ends_with_designation: bool = True
    review: ReviewRule | None = None
    kinds: Annotated[tuple[MentorshipKind, ...], Meta(min_length=1)]

    def kind(self, id: str) -> MentorshipKind:
        return one(self.kinds, id, "mentoring.kinds")


Flaw = tuple[str, str, str]


def flaws_of_mentorship_kind(item: MentorshipKind) -> Iterator[Flaw]:
    if item.days_at_most < item.days_at_least:
        yield "days_at_most", str(item.days_at_most), f"at least days_at_least ({item.days_at_least})"
    if "." in item.id:
        yield "id", f'"{item.id}"', "an id without a dot"


def flaws_of_mentoring(item: MentoringRule) -> Iterator[Flaw]:
    ids = [kind.id for kind in item.kinds]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        yield "kinds", f"{id} more than once", "each id once"
