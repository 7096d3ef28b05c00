"""Adopting a charter: the rules themselves change by an event, dated, and by two persons."""

from __future__ import annotations

from datetime import date

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import learn
from workflow.charter.loader import CharterError, digest
from workflow.charter.views import CharterInForce
from workflow.dates import FARTHEST_AHEAD
from workflow.ids import CharterId
from workflow.slices import Command, Knows, Refused


class AdoptCharter(Command):
    """Put a charter in force from `effective` on. `text` is the whole TOML text.

    It takes two persons, and a reason unless it is the first. The first may take effect on any day until a year ahead,
    a later one never before today or before the one it follows, so that no decision was ever made under rules that
    came after it.
    """

    text: str
    effective: date

    def knows(self) -> Knows:
        self.charters = CharterInForce()
        yield (self.charters,)

    def execute(self) -> None:
        try:
            charter = learn(self.text)
        except CharterError as error:
            raise Refused("charter.invalid", str(error), "text") from None
        if self.context.approver in ("", self.context.actor):
            raise Refused("charter.second_person", "A charter is adopted by two persons.", "approver")
        last = max((effective for effective, _ in self.charters.adoptions), default=None)
        if charter.version in self.charters.versions:
            raise Refused("charter.version", f"Version {charter.version} was adopted already.", "text")
        if last is not None and self.effective < max(last, self.context.today):
            raise Refused("charter.retroactive", "New rules never take effect in the past.", "effective")
        if last is not None and not self.context.reason.strip():
            raise Refused("charter.reason", "Why the rules are changed must be said.", "reason")
        if self.effective - self.context.today > FARTHEST_AHEAD:
            # A slip of the pen here would keep all rules after it waiting for as long.
            raise Refused("effective.too_far", f"{self.effective} is more than a year ahead.", "effective")
        self.rule_version = charter.version
        identity = CharterId(charter.id), charter.version, digest(self.text)
        self.trigger(CharterPublished(*identity, text=self.text))
        self.trigger(CharterAdopted(*identity, effective=self.effective))
