"""What happened to units, posts, people, appointments and grids (rows 1 and 2 of the domain).

Kinds, lines, classes and rules are named by the charter; here they are only text.
"""

from __future__ import annotations

from datetime import date

from workflow.ids import AppointmentId, GridId, MembershipId, PersonId, PostId, UnitId
from workflow.sealed import Sealed
from workflow.slices import Event


class UnitEstablished(Event):
    """A unit exists from `effective` on, below `parent` (none: a root)."""

    TOPIC = "unit.established"
    unit: UnitId
    kind: str
    name_zh: str
    name_en: str
    parent: UnitId | None
    effective: date


class UnitRenamed(Event):
    TOPIC = "unit.renamed"
    unit: UnitId
    name_zh: str
    name_en: str
    effective: date


class UnitMoved(Event):
    """From `effective` on the unit stands below `parent`, before that below `previous`."""

    TOPIC = "unit.moved"
    unit: UnitId
    parent: UnitId | None
    previous: UnitId | None
    effective: date


class UnitDissolved(Event):
    """The unit no longer exists from `effective` on."""

    TOPIC = "unit.dissolved"
    unit: UnitId
    effective: date


class PostEstablished(Event):
    """A post in a unit, to be held by people. `seats` is how many may hold it at a time."""

    TOPIC = "post.established"
    post: PostId
    unit: UnitId
    kind: str
    title_zh: str
    title_en: str
    seats: int
    effective: date


class PostAbolished(Event):
    TOPIC = "post.abolished"
    post: PostId
    unit: UnitId
    effective: date


class PostDutiesSet(Event):
    """From `effective` on the post answers for these `units` besides its own, e.g. a deputy in charge."""

    TOPIC = "post.duties_set"
    post: PostId
    units: tuple[UnitId, ...]
    effective: date


class PersonRegistered(Event):
    """A person is known from `effective` on. `details`: name, and phone and number if given."""

    TOPIC = "person.registered"
    person: PersonId
    personnel_class: str
    details: Sealed
    effective: date


class PersonDetailsCorrected(Event):
    """The details of a person are these; the whole of them, not a difference."""

    TOPIC = "person.details_corrected"
    person: PersonId
    details: Sealed


class PersonnelClassChanged(Event):
    TOPIC = "person.class_changed"
    person: PersonId
    personnel_class: str
    effective: date


class PersonLeft(Event):
    """The person is no longer in service from `effective` on."""

    TOPIC = "person.left"
    person: PersonId
    effective: date


class MembershipStarted(Event):
    """A person belongs to a unit that holds members, from `effective` on."""

    TOPIC = "membership.started"
    membership: MembershipId
    person: PersonId
    unit: UnitId
    kind: str
    effective: date


class MembershipEnded(Event):
    TOPIC = "membership.ended"
    membership: MembershipId
    person: PersonId
    unit: UnitId
    effective: date


class AppointmentStarted(Event):
    """A person holds a post from `effective` on, until `until` (exclusive) if it has a term.

    `kind` is substantive, acting, concurrent or seconded.
    """

    TOPIC = "appointment.started"
    appointment: AppointmentId
    person: PersonId
    post: PostId
    unit: UnitId
    kind: str
    effective: date
    until: date | None = None


class AppointmentEnded(Event):
    """The person no longer holds the post from `effective` on. `cause`: what ended it, in the charter's words."""

    TOPIC = "appointment.ended"
    appointment: AppointmentId
    person: PersonId
    post: PostId
    unit: UnitId
    effective: date
    cause: str = ""


class GridBound(Event):
    """A grid binds one department to one group, so that both works answer to one chain."""

    TOPIC = "grid.bound"
    grid: GridId
    department: UnitId
    group: UnitId
    effective: date


class GridUnbound(Event):
    TOPIC = "grid.unbound"
    grid: GridId
    department: UnitId
    group: UnitId
    effective: date


class ExOfficioLeadershipStarted(Event):
    """By holding `appointment` in the department, the person leads the bound group too: `rule` of the charter.

    `acting` is true where the appointment itself is an acting one.
    """

    TOPIC = "ex_officio.started"
    grid: GridId
    group: UnitId
    department: UnitId
    person: PersonId
    appointment: AppointmentId
    rule: str
    acting: bool
    effective: date


class ExOfficioLeadershipEnded(Event):
    TOPIC = "ex_officio.ended"
    grid: GridId
    group: UnitId
    department: UnitId
    person: PersonId
    appointment: AppointmentId
    rule: str
    why: str
    effective: date


class ExOfficioLeadershipNotApplicable(Event):
    """The rule was looked at and does not make anybody leader of the group.

    `why`: head_not_member, vacancy, heads_two (already leads as many groups as the charter allows) or designated
    (somebody was appointed to lead the group explicitly). `person` is the head whom it concerns, if there is one.
    """

    TOPIC = "ex_officio.not_applicable"
    grid: GridId
    group: UnitId
    department: UnitId
    person: PersonId | None
    rule: str
    why: str
    effective: date
