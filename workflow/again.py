"""What decides things again has in common: it follows the charters, and names what came out otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from msgspec import Struct

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
from workflow.slices import Event, Refused

Decision = tuple[str, Any, Any]
"""What was decided, as it is recorded, and as it had to be."""


def learned(fact: Event) -> bool:
    """Learn a charter, if `fact` publishes one; whether it does. Of a text that is none, `ReadingsAgain` tells."""
    if isinstance(fact, CharterPublished):
        with suppress(CharterError):
            learn(fact.text)
    return isinstance(fact, CharterPublished)


class FollowedCharters(CharterInForce):
    """The charters, as the log tells of them."""

    HEARD = (CharterPublished, CharterAdopted)

    def took(self, fact: Event) -> bool:
        """Take note of `fact`, if it is about a charter; whether it is."""
        if isinstance(fact, CharterAdopted):
            self.note(fact)
        return learned(fact) or isinstance(fact, CharterAdopted)


def by_charter(fact: Any, charters: CharterInForce) -> Iterator[Decision]:
    """The charter by which something was decided is the one that was in force."""
    yield "charter", fact.charter, charters.on(fact.effective).version
    yield "charter_digest", fact.charter_digest, charters.digest_on(fact.effective)


def whole(fact: Struct, due: Struct) -> Iterator[Decision]:
    """All fields of a fact, or of a part of it, and of what they had to be."""
    for name in fact.__struct_fields__:
        yield name, getattr(fact, name), getattr(due, name)


def differing(name: str, fact: Event, decisions: Iterable[Decision]) -> str:
    """What is wrong with a fact about the thing of that name; "" if it had to be so. Decides as it goes along."""
    try:
        wrong = [f"{what} is recorded as {was}, and had to be {due}" for what, was, due in decisions if was != due]
    except (Refused, UnknownCharter, LookupError, ValueError, ArithmeticError) as error:
        why = repr(error) if isinstance(error, KeyError) else error  # of a key alone nobody could tell what is wrong
        return f"{name}: {fact.TOPIC} could not be decided again: {why}"
    return f"{name}: {'; '.join(wrong)}" if wrong else ""
