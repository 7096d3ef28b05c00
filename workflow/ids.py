"""Typed ids, and the tags that are made from them: the one place where a tag is spelled."""

from __future__ import annotations

import re
import types
from functools import cache
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

AppointmentId = NewType("AppointmentId", str)
CharterId = NewType("CharterId", str)
CycleId = NewType("CycleId", str)
DutyId = NewType("DutyId", str)
GridId = NewType("GridId", str)
IndicatorId = NewType("IndicatorId", str)
MembershipId = NewType("MembershipId", str)
PersonId = NewType("PersonId", str)
PostId = NewType("PostId", str)
ProposalId = NewType("ProposalId", str)
ReadingId = NewType("ReadingId", str)
ReportId = NewType("ReportId", str)
UnitId = NewType("UnitId", str)
WarningId = NewType("WarningId", str)
AppealId = NewType("AppealId", str)
AssessmentId = NewType("AssessmentId", str)
HonourId = NewType("HonourId", str)
MatterId = NewType("MatterId", str)

SessionId = NewType("SessionId", str)
CompletionId = NewType("CompletionId", str)
MentorshipId = NewType("MentorshipId", str)
ProgrammeId = NewType("ProgrammeId", str)

PlanId = NewType("PlanId", str)
TargetId = NewType("TargetId", str)
TaskId = NewType("TaskId", str)

ActivityId = NewType("ActivityId", str)
CheckInId = NewType("CheckInId", str)
HearingId = NewType("HearingId", str)
HearingPlanId = NewType("HearingPlanId", str)
NeedId = NewType("NeedId", str)
PetitionerId = NewType("PetitionerId", str)
ServiceDayId = NewType("ServiceDayId", str)
ServiceTeamId = NewType("ServiceTeamId", str)
VisitId = NewType("VisitId", str)
BrandId = NewType("BrandId", str)
QualityScoreId = NewType("QualityScoreId", str)
CaseTeamId = NewType("CaseTeamId", str)
CaseReference = NewType("CaseReference", str)

KINDS: dict[object, str] = {
    AppointmentId: "appointment",
    CharterId: "charter",
    CycleId: "cycle",
    DutyId: "duty",
    GridId: "grid",
    IndicatorId: "indicator",
    MembershipId: "membership",
    PersonId: "person",
    PostId: "post",
    ProposalId: "proposal",
    ReadingId: "reading",
    ReportId: "report",
    UnitId: "unit",
    WarningId: "warning",
    PlanId: "plan",
    TargetId: "target",
    TaskId: "task",
    AppealId: "appeal",
    AssessmentId: "assessment",
    HonourId: "honour",
    MatterId: "matter",
    ActivityId: "activity",
    CheckInId: "check-in",
    HearingId: "hearing",
    HearingPlanId: "hearing-plan",
    NeedId: "need",
    PetitionerId: "petitioner",
    ServiceDayId: "service-day",
    ServiceTeamId: "service-team",
    VisitId: "visit",
    SessionId: "session",
    CompletionId: "completion",
    MentorshipId: "mentorship",
    ProgrammeId: "programme",
    BrandId: "brand",
    QualityScoreId: "quality-score",
    CaseTeamId: "case-team",
    CaseReference: "case",
}

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"
"""An id is up to 80 ASCII letters, digits, dots, dashes and underscores: safe in a tag, a path and a file name."""

REFERENCE_PATTERN = r"^[\w.()（）〔〕\[\]/-]{1,80}$"
"""The reference of a case is given elsewhere, in whatever script: up to 80 letters and digits, with dots, dashes,
underscores, slashes and brackets between them. It stands in no path and in no file name."""

_id = re.compile(ID_PATTERN, re.ASCII).fullmatch
_reference = re.compile(REFERENCE_PATTERN).fullmatch


def is_id(text: str) -> bool:
    """Whether `text` may serve as an id."""
    return _id(text) is not None


def is_well_formed(kind: str, value: str) -> bool:
    """Whether `value` may be the id of a thing of this kind: for a case, its reference."""
    return (_reference(value) if kind == "case" else _id(value)) is not None


def tag(kind: str, value: str) -> str:
    """The tag of one thing, `kind:id`. Raises ValueError for an id that is not well formed."""
    if not is_well_formed(kind, value):
        raise ValueError(f"{value!r} is not a well-formed {kind} id")
    return f"{kind}:{value}"


@cache
def id_fields(cls: Any) -> tuple[tuple[str, str, bool], ...]:
    """The fields of a class that hold typed ids: (field, kind, whether the field holds several)."""
    found = []
    for field, hint in get_type_hints(cls).items():
        several = get_origin(hint) is tuple
        candidates = get_args(hint) if several or get_origin(hint) in (Union, types.UnionType) else (hint,)
        kinds = [KINDS[c] for c in candidates if c in KINDS]
        if kinds:
            found.append((field, kinds[0], several))
    return tuple(found)


def tags_of(thing: Any) -> list[str]:
    """The tags of an event or a view: one for each typed id it holds, in the order of its fields, each once."""
    tags: dict[str, None] = {}
    for field, kind, several in id_fields(thing.__class__):
        value = getattr(thing, field)
        if several:
            tags.update((tag(kind, each), None) for each in value)
        elif value is not None:
            tags[tag(kind, value)] = None
    return list(tags)
