"""The words of our rule tests: given what has happened, when somebody asks, then this happens, or it is refused.

given(model_person("P007")).when(StartMentorship(...)).then(MentorshipStarted(...))
given(*mentorships("P007", count=5)).when(StartMentorship(...)).refused("mentorship.limit")
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, time

from workflow.barred import barred_from
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import learn
from workflow.charter.loader import digest, shipped
from workflow.erasure.views import refuse_sealing_for_erased
from workflow.ids import CharterId, PersonId, tags_of
from workflow.slices import Command, Context, Event, Refused, View
from workflow.writer import refuse_malformed_ids

LONG_AGO = date(2020, 1, 1)
TODAY = date(2025, 6, 16)


def charter_in_force(text: str, effective: date) -> list[Event]:
    """The events by which a charter came into force."""
    charter = learn(text)
    identity = CharterId(charter.id), charter.version, digest(text)
    return [CharterPublished(*identity, text=text), CharterAdopted(*identity, effective=effective)]


@dataclasses.dataclass
class Given:
    """What has happened, in the order in which it was recorded."""

    facts: list[Event]

    def when(
        self,
        command: Command,
        *,
        actor: str = "C1",
        today: date = TODAY,
        at: time = time.min,
        approver: str = "",
        reason: str = "",
        people: tuple[PersonId, ...] = (),
    ) -> Answer:
        command = command.again()
        about = {"approver": approver, "reason": reason}
        command.context = Context(actor=actor, command_id="test", today=today, at=at, people=people, **about)
        try:
            refuse_malformed_ids(command)
            if barred := barred_from(command.context, self._read):
                command.refuse_barred(barred, self._read)
            command.decide(self._read)
            refuse_sealing_for_erased(command, self._read)
        except Refused as refused:
            return Answer([], refused)
        return Answer(command.facts, None)

    def _read(self, views: Sequence[View]) -> None:
        for position, fact in enumerate(self.facts, 1):
            for view in views:
                if type(fact) in view.listens_to() and set(tags_of(view)) <= set(tags_of(fact)):
                    view.note(fact, position)


@dataclasses.dataclass
class Answer:
    """What came of a command."""

    facts: list[Event]
    refusal: Refused | None

    def then(self, *expected: Event) -> None:
        """Exactly these events happened, in this order."""
        assert self.refusal is None, str(self.refusal)
        assert self.facts == list(expected)

    def then_some(self, *expected: Event) -> None:
        """These events happened, and maybe others."""
        assert self.refusal is None, str(self.refusal)
        missing = [fact for fact in expected if fact not in self.facts]
        assert not missing, f"{missing} not among {self.facts}"

    def nothing(self) -> None:
        """It was allowed, and there was nothing to do."""
        assert self.refusal is None, str(self.refusal)
        assert self.facts == []

    def refused(self, code: str) -> Refused:
        """A rule said no; nothing happened."""
        assert self.refusal is not None, f"not refused, but: {self.facts}"
        assert self.refusal.code == code, str(self.refusal)
        return self.refusal


def given(
    *facts: Event,
    charter: str | None = "procuratorate",
    charters: Sequence[tuple[date, str]] = (),
) -> Given:
    """`charter` names a shipped one, in force since long ago; `charters` are (from when, whole text) instead of it."""
    adopted: list[Event] = []
    if charters:
        adopted = [each for effective, text in charters for each in charter_in_force(text, effective)]
    elif charter is not None:
        adopted = charter_in_force(shipped(charter), LONG_AGO)
    return Given([*adopted, *facts])
