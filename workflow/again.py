"""What decides things again has in common: it follows the charters, and names what came out otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
from workflow.slices import Event, Refused

Decision = tuple[str, Any, Any]
"""What was decided, as it is recorded, and as it had to be."""


class FollowedCharters(CharterInForce):
    """The charters, as the log tells of them."""

    HEARD = (CharterPublished, CharterAdopted)

    def took(self, fact: Event) -> bool:
        """Take note of `fact`, if it is about a charter; whether it is."""
        if isinstance(fact, CharterPublished):
            with suppress(CharterError):  # told by the re-performance of readings
                learn(fact.text)
        elif isinstance(fact, CharterAdopted):
            self.note(fact)
        return isinstance(fact, self.HEARD)


def differing(name: str, fact: Event, decisions: Iterable[Decision]) -> str:
    """What is wrong with a fact about the thing of that name; "" if it had to be so. Decides as it goes along."""
    try:
        wrong = [f"{what} is recorded as {was}, and had to be {due}" for what, was, due in decisions if was != due]
    except (Refused, UnknownCharter, LookupError, ValueError, ArithmeticError) as error:
        return f"{name}: {fact.TOPIC} could not be decided again: {error!r}"
    return f"{name}: {'; '.join(wrong)}" if wrong else ""
