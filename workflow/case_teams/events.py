"""What happened to case teams (row 10 of the domain).

Of the case itself nothing is kept but a reference and the stage reached. Every event bears the tag of its team: by it
all of them are kept from who is recused.
"""

from __future__ import annotations

from datetime import date

from workflow.ids import CaseReference, CaseTeamId, PersonId, UnitId
from workflow.sealed import Sealed
from workflow.slices import Event


class CaseTeamFormed(Event):
    """A unit has a team for a case. `members` have the `roles` beside them; `named_by` named the `lead`, if there is
    one. The charter of that day decides to the end."""

    TOPIC = "case_team.formed"
    case_team: CaseTeamId
    unit: UnitId
    form: str
    case_reference: CaseReference
    members: tuple[PersonId, ...]
    roles: tuple[str, ...]
    lead: PersonId | None
    named_by: PersonId | None
    charter: str
    charter_digest: str
    effective: date


class CaseTeamDissolved(Event):
    TOPIC = "case_team.dissolved"
    case_team: CaseTeamId
    unit: UnitId
    effective: date


class MemberJoined(Event):
    TOPIC = "case_team.member_joined"
    case_team: CaseTeamId
    unit: UnitId
    person: PersonId
    role: str
    effective: date


class MemberLeft(Event):
    """Who led leaves the lead vacant. `recused`: because of the recusal before this event."""

    TOPIC = "case_team.member_left"
    case_team: CaseTeamId
    unit: UnitId
    person: PersonId
    led: bool
    recused: bool
    effective: date


class CaseHandedOver(Event):
    """`giver` handed `items`, as the charter names them, over to `receiver`."""

    TOPIC = "case_team.handed_over"
    case_team: CaseTeamId
    unit: UnitId
    number: int
    giver: PersonId
    receiver: PersonId
    items: tuple[str, ...]
    effective: date


class LeadChanged(Event):
    """`lead` leads from now on. `handover` is the number of that from `previous`; None: without, the entry says why."""

    TOPIC = "case_team.lead_changed"
    case_team: CaseTeamId
    unit: UnitId
    lead: PersonId
    previous: PersonId | None
    named_by: PersonId
    handover: int | None
    effective: date


class CaseStageReached(Event):
    """`back`: to an earlier stage; the entry says why."""

    TOPIC = "case_team.stage_reached"
    case_team: CaseTeamId
    unit: UnitId
    stage: str
    back: bool
    effective: date


class OverlayLinked(Event):
    """A unit of another line accompanies the team. It has no say in it."""

    TOPIC = "case_team.overlay_linked"
    case_team: CaseTeamId
    unit: UnitId
    overlay: UnitId
    effective: date


class OverlayUnlinked(Event):
    TOPIC = "case_team.overlay_unlinked"
    case_team: CaseTeamId
    unit: UnitId
    overlay: UnitId
    effective: date


class RecusalDeclared(Event):
    """The person has no part in the case, by their own word. The ground is sealed."""

    TOPIC = "recusal.declared"
    case_team: CaseTeamId
    unit: UnitId
    person: PersonId
    details: Sealed
    effective: date


class RecusalOrdered(Event):
    """The person has no part in the case: `by`, who holds the `level`, says so. The ground is sealed."""

    TOPIC = "recusal.ordered"
    case_team: CaseTeamId
    unit: UnitId
    person: PersonId
    by: PersonId
    level: str
    details: Sealed
    effective: date


class RecusalLifted(Event):
    TOPIC = "recusal.lifted"
    case_team: CaseTeamId
    unit: UnitId
    person: PersonId
    effective: date


class InterferenceRecorded(Event):
    """Somebody tried to interfere; `person` says so. Who it was is sealed. For inspectors only."""

    TOPIC = "interference.recorded"
    case_team: CaseTeamId
    unit: UnitId
    number: int
    person: PersonId
    kind: str
    details: Sealed
    effective: date
