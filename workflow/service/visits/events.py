"""What happened to petitioners and their visits.

A petitioner is somebody from outside; name, phone and address are sealed under a key of their own. `charter` and
`charter_digest` are of the charter by which dates were decided.
"""

from __future__ import annotations

from datetime import date

from workflow.ids import PersonId, PetitionerId, ServiceTeamId, UnitId, VisitId
from workflow.sealed import Sealed
from workflow.slices import Event


class PetitionerRegistered(Event):
    """Somebody from outside is known by an id. `details`: name, and phone and address if given."""

    TOPIC = "petitioner.registered"
    petitioner: PetitionerId
    details: Sealed
    effective: date


class PetitionerDetailsCorrected(Event):
    """The details of a petitioner are these; the whole of them, not a difference."""

    TOPIC = "petitioner.details_corrected"
    petitioner: PetitionerId
    details: Sealed


class VisitAssigned(Event):
    """A member of a team carries a petitioner's matter to its close. It was received on `received`, is to be answered
    by `answer_due`, and its result, or what was reached so far, told by `result_due`."""

    TOPIC = "visit.assigned"
    visit: VisitId
    petitioner: PetitionerId
    team: ServiceTeamId
    person: PersonId
    unit: UnitId
    matter: str
    received: date
    answer_due: date
    result_due: date
    charter: str
    charter_digest: str
    effective: date


class VisitMade(Event):
    """The carrier saw the petitioner, and did `done`.

    `tells`: "" or what the petitioner was told by it: the answer, or the progress. Then `due` is by when, and `late`
    whether it is after that. `result_due` is when the next result or progress is due; `next_on` when they meet again.
    """

    TOPIC = "visit.made"
    visit: VisitId
    petitioner: PetitionerId
    person: PersonId
    unit: UnitId
    done: str
    tells: str
    due: date | None
    late: bool
    result_due: date
    next_on: date | None
    evidence: tuple[str, ...]
    effective: date


class VisitLeftBehind(Event):
    """Its carrier is not in the team any more; by `due` it is to be handed over to somebody who is."""

    TOPIC = "visit.left_behind"
    visit: VisitId
    petitioner: PetitionerId
    team: ServiceTeamId
    person: PersonId
    unit: UnitId
    due: date
    effective: date


class VisitHandedOver(Event):
    """From `effective` on `person` carries it, and before `previous` did. `notes`: what was told about it."""

    TOPIC = "visit.handed_over"
    visit: VisitId
    petitioner: PetitionerId
    team: ServiceTeamId
    person: PersonId
    previous: PersonId
    unit: UnitId
    notes: str
    effective: date


class VisitClosed(Event):
    """The matter is closed with a result, which was due on `due`."""

    TOPIC = "visit.closed"
    visit: VisitId
    petitioner: PetitionerId
    person: PersonId
    unit: UnitId
    result: str
    due: date
    late: bool
    evidence: tuple[str, ...]
    effective: date


class VisitReopened(Event):
    """A closed matter is carried on by a member of its team; the reason is in the entry."""

    TOPIC = "visit.reopened"
    visit: VisitId
    petitioner: PetitionerId
    team: ServiceTeamId
    person: PersonId
    unit: UnitId
    result_due: date
    effective: date


class VisitAnnulled(Event):
    """It was recorded by mistake: nothing is to be done. The reason and the second person are in the entry."""

    TOPIC = "visit.annulled"
    visit: VisitId
    petitioner: PetitionerId
    person: PersonId
    unit: UnitId
    effective: date


class VisitFlagged(Event):
    """Something about the visit turned yellow or red: `why` is answer, result or handover, and was due on `due`."""

    TOPIC = "visit.flagged"
    visit: VisitId
    unit: UnitId
    why: str
    due: date
    colour: str
    charter: str
    charter_digest: str
    effective: date
