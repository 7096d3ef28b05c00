"""Carrying out the items of a programme: how far one has come, and what was done."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.dates import Span
from workflow.evidence import said, shown
from workflow.ids import CompletionId, PersonId
from workflow.organisation.views import Standing
from workflow.programmes.events import ItemCompleted, ItemProgressed
from workflow.programmes.turns import ActOfParticipant, item_of
from workflow.slices import Knows, Refused

MOST_AT_ONCE = 100
MOST_OF_AN_ITEM = 999
"""By one participant: the ids of completions have room for so many."""


class ReportItemProgress(ActOfParticipant):
    """Note how far an item has come: not before the day of the last note."""

    item: str
    note: str

    def execute(self) -> None:
        adopted, template = self.begin()
        item = item_of(template, self.item)
        self.must_take_part(min(max(self.effective, adopted.first_day), adopted.last_day))
        before = self.participation.taking.noted.get(item.id, date.min)
        if self.effective < before:
            raise Refused("programme.order", f"The last note is of {before}, and this is earlier.", "effective")
        note = said(self.note, "programme.note", "How far it has come must be said.")
        self.trigger(ItemProgressed(self.programme, item.id, self.person, self.unit, note, self.effective))


class CompleteItem(ActOfParticipant):
    """Show that an item was done `quantity` times on `done_on`, a day of the period on which the participant took part.

    `reported_by` says so for them, or a clerk records it. It counts once somebody else has verified it.
    """

    item: str
    done_on: date
    evidence: tuple[str, ...]
    quantity: int = 1
    reported_by: PersonId | None = None

    def knows(self) -> Knows:
        yield from super().knows()
        self.reporter = None if self.reported_by in (None, self.person) else Standing(self.reported_by)
        yield () if self.reporter is None else (self.reporter,)

    def execute(self) -> None:
        adopted, template = self.begin()
        item = item_of(template, self.item)
        if not adopted.first_day <= self.done_on <= adopted.last_day:
            sentence = f"What counts is done from {adopted.first_day} to {adopted.last_day}."
            raise Refused("programme.outside", sentence, "done_on")
        if self.done_on > self.effective:
            raise Refused("programme.done_on", "It is done before it is shown, or on that day.", "done_on")
        self.must_take_part(self.done_on)
        on = Span(self.done_on, self.done_on + ONE_DAY)
        if self.service is not None:
            self.service.must_serve(on)
        if self.place is not None:
            self.place.must_stand(on)
        if self.reporter is not None:
            _must_serve(self.reporter, self.effective, "reported_by")
        if not 1 <= self.quantity <= MOST_AT_ONCE:
            raise Refused("programme.quantity", f"It is done once, or up to {MOST_AT_ONCE} times.", "quantity")
        evidence = shown(self.evidence, "programme.evidence")
        self.trigger(
            ItemCompleted(
                self._id(),
                self.programme,
                item.id,
                self.person,
                self.unit,
                self.quantity,
                self.done_on,
                evidence,
                self.reported_by,
                self.effective,
            )
        )

    def _id(self) -> CompletionId:
        """The next of this item by this participant."""
        before = sum(each.item == self.item for each in self.participation.taking.completions.values())
        if before >= MOST_OF_AN_ITEM:
            raise Refused("programme.too_many", f"{self.item} was completed {before} times already.", "item")
        return CompletionId(f"{self.programme}.{self.participant}.{self.item}.{before + 1}")


def _must_serve(service: Standing, day: date, pointer: str) -> None:
    try:
        service.must_serve(Span(day, day + ONE_DAY))
    except Refused as refused:
        raise Refused(refused.code, refused.sentence, pointer) from None
