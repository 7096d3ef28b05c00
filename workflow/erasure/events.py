"""What happened to the personal details of somebody: of a person of staff, or of a petitioner."""

from __future__ import annotations

from datetime import date

from workflow.ids import PersonId, PetitionerId
from workflow.slices import Event


class PersonErased(Event):
    """The person's key is destroyed. What was sealed under it opens to nobody any more, whenever it was recorded."""

    TOPIC = "person.erased"
    person: PersonId
    effective: date


class PersonRestricted(Event):
    """The person's details are kept, but neither shown nor searched, until that is lifted."""

    TOPIC = "person.restricted"
    person: PersonId
    effective: date


class PersonRestrictionLifted(Event):
    TOPIC = "person.restriction_lifted"
    person: PersonId
    effective: date


class PetitionerErased(Event):
    TOPIC = "petitioner.erased"
    petitioner: PetitionerId
    effective: date


class PetitionerRestricted(Event):
    TOPIC = "petitioner.restricted"
    petitioner: PetitionerId
    effective: date


class PetitionerRestrictionLifted(Event):
    TOPIC = "petitioner.restriction_lifted"
    petitioner: PetitionerId
    effective: date


ERASURES = PersonErased, PetitionerErased
RESTRICTIONS = PersonRestricted, PetitionerRestricted
LIFTINGS = PersonRestrictionLifted, PetitionerRestrictionLifted
