"""Adopting a charter: the rules themselves change by an event, dated, and by two persons."""

from __future__ import annotations

from datetime import date

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.loader import CharterError, digest
from workflow.charter.library import learn
from workflow.charter.views import CharterInForce
from workflow.ids import CharterId
from workflow.slices import Command, Knows, Refused


class AdoptCharter(Command):
    """Put a charter in force from `effective` on. `text` is the whole TOML text.

    The first charter may take effect on any day; a later one never before today or before the one it follows, so that
    no decision was ever made under rules that came after it.
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
        self.rule_version = charter.version
        identity = CharterId(charter.id), charter.version, digest(self.text)
        self.trigger(CharterPublished(*identity, text=self.text))
        self.trigger(CharterAdopted(*identity, effective=self.effective))
