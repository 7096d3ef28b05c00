"""What is known of the personal details of somebody: whether they may be used, are restricted, or were erased."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from workflow.erasure.events import (
    PersonErased,
    PersonRestricted,
    PersonRestrictionLifted,
    PetitionerErased,
    PetitionerRestricted,
    PetitionerRestrictionLifted,
)
from workflow.ids import PersonId, PetitionerId
from workflow.sealed import OUTSIDER, Unsealed, key_of
from workflow.slices import Command, Event, Read, Refused, View, event


class Hold(View):
    """Whether the details of somebody were erased, or are restricted. Of whom, its children say; they listen to the
    events of both kinds, of which only those of their own kind bear their tag."""

    KIND: ClassVar[str]

    erased: bool = field(init=False, default=False)
    restricted: bool = field(init=False, default=False)

    @event(PersonErased)
    def person_was_erased(self) -> None:
        self.erased = True

    @event(PetitionerErased)
    def petitioner_was_erased(self) -> None:
        self.erased = True

    @event(PersonRestricted)
    def person_was_restricted(self) -> None:
        self.restricted = True

    @event(PetitionerRestricted)
    def petitioner_was_restricted(self) -> None:
        self.restricted = True

    @event(PersonRestrictionLifted)
    def person_was_released(self) -> None:
        self.restricted = False

    @event(PetitionerRestrictionLifted)
    def petitioner_was_released(self) -> None:
        self.restricted = False

    def must_not_be_erased(self) -> None:
        """Raises Refused for who was erased."""
        if self.erased:
            sentence = "They were erased: nothing can be recorded of their details any more."
            raise Refused(f"{self.KIND}.erased", sentence, self.KIND)

    def must_be_usable(self) -> None:
        """Raises Refused for who was erased or is restricted."""
        self.must_not_be_erased()
        if self.restricted:
            sentence = "Their details are restricted: kept, and not to be used until that is lifted."
            raise Refused(f"{self.KIND}.restricted", sentence, self.KIND)


class PersonHold(Hold):
    KIND = "person"

    person: PersonId


class PetitionerHold(Hold):
    KIND = OUTSIDER

    petitioner: PetitionerId


def hold_of(fact: Event) -> Hold:
    """That of whom an event is about whose details are sealed under the key that `key_of` names."""
    outsider = getattr(fact, OUTSIDER, None)
    return PersonHold(fact.person) if outsider is None else PetitionerHold(outsider)  # type: ignore[attr-defined]


def refuse_sealing_for_erased(command: Command, read: Read) -> None:
    """Raises Refused if what was decided brings details of somebody who was erased: there is no key to seal them under,
    and there must not be another. Asked of every decision, so that no command can forget it."""
    holds = {key_of(fact): hold_of(fact) for fact in command.facts if unsealed(fact)}
    if holds:
        read(tuple(holds.values()))
    for hold in holds.values():
        hold.must_not_be_erased()


def unsealed(fact: Event) -> dict[str, dict[str, str]]:
    """The details in an event that nobody has sealed yet, by field."""
    fields = {name: getattr(fact, name) for name in fact.__struct_fields__}
    return {name: value.details for name, value in fields.items() if isinstance(value, Unsealed)}
