"""A charter: everything that is local to an organisation, as immutable data with the lookups that rules need.

The shape of a charter's text follows from the types: the loader walks them, so a section added to `Charter`
is read, held to its keys, and compared without another line. What a type cannot say is in `checks`. A section
or key added later needs a default, or the charters adopted before it could no longer be read.
`docs/charter.md` explains every key to the person who writes one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workflow.charter.assessment import AssessmentRule, HonourLevel
from workflow.charter.case_teams import CaseTeamRule
from workflow.charter.cases import CaseRule
from workflow.charter.duties import DutyKind, ReportKind, Sync
from workflow.charter.measurement import (
    ColourRule,
    Due,
    Indicator,
    IndicatorSet,
    Measure,
    WarningRule,
)
from workflow.charter.mentoring import MentoringRule
from workflow.charter.plans import PlanRule
from workflow.charter.programmes import ProgrammeTemplate
from workflow.charter.recognition import BrandRule, QualityRule
from workflow.charter.service import HearingRule, ServiceRule
from workflow.charter.structure import (
    AppointmentKind,
    ExOfficio,
    Level,
    Line,
    MembershipKind,
    PersonnelClass,
    PostKind,
    UnitKind,
)
from workflow.charter.study import StudyTier
from workflow.charter.terms import Id, Text, Words, one
from workflow.ids import UnitId

Language = Literal["zh", "en"]
RoleId = Literal["admin", "recorder", "leader", "assessor", "supervisor", "auditor"]


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """The words this organisation has for a term of the code."""

    id: Id
    zh: Text
    en: Text


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """`[charter]`: which charter this is. `version` is the author's own numbering."""

    id: Id
    version: Id
    title: Words


class Institution(msgspec.Struct, frozen=True, kw_only=True):
    """`[institution]`: `timezone` is an IANA name; effective dates and cut-offs are meant in it."""

    timezone: Text
    languages: Annotated[tuple[Language, ...], Meta(min_length=1)]


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """`[calendar]`: whose public holidays hold (ISO 3166-1 alpha-2 code), and which days differ from them."""

    country: Text
    extra_working_days: tuple[date, ...] = ()
    extra_holidays: tuple[date, ...] = ()


class Dates(msgspec.Struct, frozen=True, kw_only=True):
    """`[dates]`: how many working days back an effective date may lie without a second person."""

    backdating_working_days: Annotated[int, Meta(ge=0, le=366)]


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """What one of the six roles is called here."""

    id: RoleId
    words: Words


class Charter(msgspec.Struct, frozen=True, kw_only=True):
    """A whole charter. Each field is the section of that name. Lookups by id raise KeyError with the key."""

    charter: Heading
    institution: Institution
    lines: Annotated[tuple[Line, ...], Meta(min_length=1)]
    unit_kinds: Annotated[tuple[UnitKind, ...], Meta(min_length=1)]
    personnel_classes: Annotated[tuple[PersonnelClass, ...], Meta(min_length=1)]
    membership_kinds: tuple[MembershipKind, ...] = ()
    post_kinds: Annotated[tuple[PostKind, ...], Meta(min_length=1)]
    appointment_kinds: tuple[AppointmentKind, ...]
    chain: Annotated[tuple[Level, ...], Meta(min_length=1)]
    ex_officio: tuple[ExOfficio, ...] = ()
    colour: ColourRule
    measures: tuple[Measure, ...] = ()
    indicator_sets: tuple[IndicatorSet, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    warnings: WarningRule
    due: Due
    duties: tuple[DutyKind, ...] = ()
    reports: tuple[ReportKind, ...] = ()
    sync: Sync | None = None
    study: tuple[StudyTier, ...] = ()
    calendar: Calendar
    dates: Dates
    plans: PlanRule | None = None
    cases: CaseRule | None = None
    case_teams: CaseTeamRule | None = None
    roles: tuple[Role, ...]
    assessment: AssessmentRule | None = None
    honours: tuple[HonourLevel, ...] = ()
    service: ServiceRule | None = None
    hearings: HearingRule | None = None
    mentoring: MentoringRule | None = None
    programmes: tuple[ProgrammeTemplate, ...] = ()
    brands: BrandRule | None = None
    qualities: QualityRule | None = None
    vocabulary: Annotated[tuple[Term, ...], Meta(extra={"keyed_by_id": True})] = ()

    @property
    def id(self) -> str:
        return self.charter.id

    @property
    def version(self) -> str:
        return self.charter.version

    @property
    def title(self) -> Words:
        return self.charter.title

    def is_case(self, reference: str) -> bool:
        """Whether a case may have this reference."""
        return self.cases is not None and self.cases.matches(reference)

    def line(self, id: str) -> Line:
        return one(self.lines, id, "lines")

    def unit_kind(self, id: str) -> UnitKind:
        return one(self.unit_kinds, id, "unit_kinds")

    def personnel_class(self, id: str) -> PersonnelClass:
        return one(self.personnel_classes, id, "personnel_classes")

    def membership_kind(self, id: str) -> MembershipKind:
        return one(self.membership_kinds, id, "membership_kinds")

    def post_kind(self, id: str) -> PostKind:
        return one(self.post_kinds, id, "post_kinds")

    def appointment_kind(self, id: str) -> AppointmentKind:
        return one(self.appointment_kinds, id, "appointment_kinds")

    def level(self, id: str) -> Level:
        return one(self.chain, id, "chain")

    def measure(self, id: str) -> Measure:
        return one(self.measures, id, "measures")

    def indicator_set(self, id: str) -> IndicatorSet:
        return one(self.indicator_sets, id, "indicator_sets")

    def indicator(self, id: str) -> Indicator:
        return one(self.indicators, id, "indicators")

    def report(self, id: str) -> ReportKind:
        return one(self.reports, id, "reports")

    def duty(self, id: str) -> DutyKind:
        """A kind of duty: one of `duties`, or that of a kind of report or of the reviews, which bears its id."""
        return one(self.owed(), id, "duties")

    def owed(self) -> tuple[DutyKind, ...]:
        """All kinds of duty, those of the reports, of study and of the reviews of mentorships among them."""
        study = (tier.duty for tier in self.study if tier.duty is not None)
        review = self.mentoring.review if self.mentoring is not None else None
        reviews = (review.duty,) if review is not None else ()
        return (*self.duties, *(report.duty for report in self.reports), *study, *reviews)

    def is_review(self, duty_kind: str) -> bool:
        """Whether a kind of duty is to review a mentorship: then mentorships owe it, and no unit does."""
        rule = self.mentoring.review if self.mentoring is not None else None
        return rule is not None and rule.id == duty_kind

    def yellow_working_days(self, kind: DutyKind) -> int:
        """With how many working days left a duty turns yellow."""
        own = kind.yellow_working_days
        return self.due.yellow_working_days(kind.cadence) if own is None else own

    def honour_level(self, id: str) -> HonourLevel:
        return one(self.honours, id, "honours")

    def programme(self, id: str) -> ProgrammeTemplate:
        return one(self.programmes, id, "programmes")

    def role(self, id: str) -> Role:
        return one(self.roles, id, "roles")

    def term(self, id: str) -> Term:
        return one(self.vocabulary, id, "vocabulary")

    def levels(self, line: str) -> tuple[Level, ...]:
        """The levels of the chain of a line, bottom to top."""
        self.line(line)
        return tuple(level for level in self.chain if level.line == line)

    def kinds_above(self, unit_kind: str) -> set[str]:
        """The kinds that may stand above a unit of this kind, however far; none for a kind that is not known."""
        above: set[str] = set()
        following = {unit_kind}
        while following:
            following = {parent for k in self.unit_kinds if k.id in following for parent in k.parents} - above
            above |= following
        return above

    def passes(self, unit_kind: str, level: Level) -> bool:
        """Whether the way upward from a unit of this kind passes a level: it is found by such a unit or one above."""
        return level.unit_kind == unit_kind or level.unit_kind in self.kinds_above(unit_kind)

    def head_of(self, unit_kind: str) -> PostKind | None:
        """The kind of post that heads a unit of this kind. A charter has at most one."""
        self.unit_kind(unit_kind)
        return next((p for p in self.post_kinds if p.rank == "head" and unit_kind in p.unit_kinds), None)

    def overseers(self) -> tuple[PostKind, ...]:
        """The kinds of post that have other units among their duties."""
        return tuple(p for p in self.post_kinds if p.rank == "overseer")

    def ex_officio_rule(self, head_of: str, leads: str) -> ExOfficio | None:
        """The rule for a grid that binds units of these two kinds; None: no grid may."""
        return next((r for r in self.ex_officio if (r.head_of, r.leads) == (head_of, leads)), None)

    def indicators_in(self, set_id: str) -> tuple[Indicator, ...]:
        """The indicators of a set."""
        self.indicator_set(set_id)
        return tuple(i for i in self.indicators if i.set == set_id)

    def indicators_for(self, unit: UnitId, unit_kind: str) -> tuple[Indicator, ...]:
        """The indicators that concern a unit of this kind."""
        return tuple(i for i in self.indicators if i.scope.covers(unit, unit_kind))
