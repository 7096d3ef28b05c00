"""Deciding every assessment again: who is assessed, scores from the readings known then, grades within their quotas,
due dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workflow.assessments.events import BonusRecorded, MatterStruck, PartScore, Result
from workflow.assessments.following import LISTENS_TO, Following, OfAssessment
from workflow.assessments.views import BonusesFor
from workflow.ids import MatterId, PersonId, UnitId
from workflow.slices import Event, Refused

_IN_WORDS = {
    "subjects": "who is assessed",
    "charter": "the version of the charter",
    "charter_digest": "the charter",
    "base": "the score",
    "reds": "how many are red",
    "stays": "what days count",
    "counted": "what readings count",
    "points": "the bonus",
    "notice_until": "the end of notice",
    "appeals_until": "the end of appeals",
    "revision": "the revision",
    "decide_by": "the due date",
    "late": "whether it was late",
}


class AssessmentsAgain:
    """Who is assessed, scores, bonuses of honours, results, and by when appeals are lodged and decided."""

    def __init__(self) -> None:
        self.decisions = 0
        self._following = Following()
        self._bonuses: dict[tuple[MatterId, PersonId | None, UnitId | None], BonusesFor] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return LISTENS_TO

    def follow(self, fact: Event) -> str:
        if not isinstance(fact, OfAssessment):
            self._following.note(fact)  # type: ignore[arg-type]  # it listens to nothing else
            return ""
        wrong: list[str] = []
        try:
            due = self._following.anew(fact)
            if due is not None:
                self.decisions += 1
                wrong = [
                    f"{what} is recorded as {was}, and had to be {had_to_be}"
                    for what, was, had_to_be in _compared(fact, due)
                    if was != had_to_be
                ]
            if isinstance(fact, BonusRecorded | MatterStruck):
                wrong += self._counted_elsewhere(fact)
            self._following.note(fact)  # right or wrong, what comes after was decided by it
        except (Refused, ValueError, LookupError, ArithmeticError, AssertionError) as error:
            return f"{fact.assessment}: {fact.TOPIC} could not be decided again: {error!r}"
        return f"{fact.assessment}: {'; '.join(wrong)}" if wrong else ""

    def _counted_elsewhere(self, fact: BonusRecorded | MatterStruck) -> Iterator[str]:
        """What is wrong with a bonus for a matter that counts in another assessment already."""
        about = fact.matter, fact.person, fact.unit
        bonuses = self._bonuses.setdefault(about, BonusesFor(*about))
        other = bonuses.elsewhere(fact.assessment) if isinstance(fact, BonusRecorded) else None
        if other is not None:
            yield f"{fact.matter} counts in {other} already"
        bonuses.note(fact)


def _compared(fact: Event, due: Event) -> Iterator[tuple[str, Any, Any]]:
    """What a decision says, as it is recorded, and as it had to be."""
    for field in fact.__struct_fields__:
        was, had_to_be = getattr(fact, field), getattr(due, field)
        if field == "parts":
            yield from _parts(was, had_to_be)
        elif field == "results":
            yield from _results(was, had_to_be)
        else:
            yield _IN_WORDS.get(field, field), was, had_to_be


def _parts(was: Sequence[PartScore], had_to_be: Sequence[PartScore]) -> Iterator[tuple[str, Any, Any]]:
    for part, again in zip(was, had_to_be, strict=True):
        yield f"the score of {part.part}", part, again


def _results(was: Sequence[Result], had_to_be: Sequence[Result]) -> Iterator[tuple[str, Any, Any]]:
    again = {each.subject: each for each in had_to_be}
    yield "who is graded, in order,", [each.subject for each in was], list(again)
    for each in was:
        if each.subject in again:
            due = again[each.subject]
            yield f"the grade of {each.subject}", each.grade, due.grade
            yield f"the result of {each.subject}", each, due
