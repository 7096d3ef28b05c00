"""Looking at what was completed: somebody else than the doer verifies it, or returns it."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import said
from workflow.ids import CompletionId, PersonId
from workflow.organisation.views import Career, Standing
from workflow.programmes.events import ItemCompleted, ItemReturned, ItemVerified
from workflow.programmes.views import CompletionStanding, ProgrammeStanding
from workflow.slices import Command, Knows, Refused


class _Check(Command):
    """What somebody finds who looks at a completion, before the programme closes: neither the participant, nor who
    reported it, nor, of a unit, anybody who has a post in it, or had one when it was done."""

    completion: CompletionId
    verifier: PersonId
    finding: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.known = CharterInForce(), CompletionStanding(self.completion)
        self.service, self.career = Standing(self.verifier), Career(self.verifier)
        yield self.charters, self.known, self.service, self.career
        self.standing = ProgrammeStanding(self.known.must_be_known().programme)
        yield (self.standing,)

    def check(self) -> tuple[ItemCompleted, str]:
        """What was completed, and the finding. Raises Refused for who cannot look at it, and when it is too late."""
        charter_for(self, self.charters)
        completed, adopted = self.known.must_be_known(), self.standing.must_be_known()
        if self.standing.closed is not None or self.effective >= adopted.closes_on:
            sentence = f"The programme {adopted.programme} is closed from {adopted.closes_on} on."
            raise Refused("programme.closed", sentence, "completion")
        self._refuse_found()
        if self.effective > self.context.today:
            raise Refused("programme.future", f"{self.effective} is still to come.", "effective")
        if self.effective < completed.effective:
            sentence = f"It was shown on {completed.effective}, and this is earlier."
            raise Refused("completion.order", sentence, "effective")
        self._refuse_doer(completed)
        self.rule_version = adopted.charter
        return completed, said(self.finding, "completion.finding", "What was found must be said.")

    def _refuse_found(self) -> None:
        if (found := self.known.found) is not None:
            sentence = f"Somebody looked at {self.completion} already, on {found.effective}."
            raise Refused("completion.found", sentence, "completion")

    def _refuse_doer(self, completed: ItemCompleted) -> None:
        try:
            self.service.must_serve(Span(self.effective, self.effective + ONE_DAY))
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, "verifier") from None
        if is_doer(self.verifier, completed, self.career, self.effective):
            sentence = f"{self.verifier} did or reported this, and cannot be who looks at it."
            raise Refused("completion.verifier", sentence, "verifier")


class VerifyCompletion(_Check):
    """Verify that it was done as it should be: from now on it counts."""

    def execute(self) -> None:
        done, finding = self.check()
        names = done.completion, done.programme, done.item, done.person, done.unit
        self.trigger(ItemVerified(*names, self.verifier, finding, self.effective))


class ReturnCompletion(_Check):
    """Return what is not as it should be: it does not count, and may be done anew. What was verified already is
    returned by two persons, with a reason."""

    def execute(self) -> None:
        done, finding = self.check()
        names = done.completion, done.programme, done.item, done.person, done.unit
        self.trigger(ItemReturned(*names, self.verifier, finding, self.effective))

    def _refuse_found(self) -> None:
        found = self.known.found
        if not isinstance(found, ItemVerified):
            super()._refuse_found()
            return
        if self.effective < found.effective:
            sentence = f"It was verified on {found.effective}, and this is earlier."
            raise Refused("completion.order", sentence, "effective")
        if not self.context.reason.strip():
            raise Refused("completion.reason", "Why what was verified is returned must be said.", "reason")
        if self.context.approver in ("", self.context.actor):
            raise Refused("completion.second_person", "It takes two persons to return what was verified.", "approver")


def is_doer(verifier: PersonId, completed: ItemCompleted, career: Career, day: date) -> bool:
    """Whether somebody did what was completed, or said so: of a unit, all do who had a post in it when it was done, or
    have one by now."""
    within = any(held.unit == completed.unit for on in (completed.done_on, day) for held in career.on(on))
    return verifier in (completed.person, completed.reported_by) or within
