"""What the types of a charter cannot say about one item: how its keys go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from holidays.registry import COUNTRIES

from workflow.charter.assessment import (
    AssessmentRule,
    Grade,
    Group,
    HonourLevel,
    Part,
    flaws_of_assessment,
    flaws_of_grade,
    flaws_of_group,
    flaws_of_honour_level,
    flaws_of_part,
)
from workflow.charter.case_teams import (
    CaseTeamRule,
    Form,
    Places,
    flaws_of_case_teams,
    flaws_of_form,
    flaws_of_places,
)
from workflow.charter.cases import CaseRule, flaws_of_cases
from workflow.charter.duties import Attendance, ReportKind, Sync
from workflow.charter.measurement import (
    Attainment,
    CountRule,
    Indicator,
    Limit,
    MissingRule,
    RedLoop,
    Reference,
    Rung,
    Scope,
    WarningRule,
)
from workflow.charter.mentoring import MentoringRule, MentorshipKind, flaws_of_mentoring, flaws_of_mentorship_kind
from workflow.charter.model import Calendar, Institution
from workflow.charter.plans import PlanRule
from workflow.charter.programmes import ProgrammeTemplate, flaws_of_template
from workflow.charter.recognition import (
    BrandRule,
    Criterion,
    Quality,
    QualityRule,
    flaws_of_brands,
    flaws_of_criterion,
    flaws_of_qualities,
    flaws_of_quality,
)
from workflow.charter.service import (
    HearingRule,
    NeedRule,
    ServiceRule,
    TeamKind,
    flaws_of_hearings,
    flaws_of_needs,
    flaws_of_service,
    flaws_of_team_kind,
)
from workflow.charter.structure import Composition, Level
from workflow.charter.study import Audience

Flaw = tuple[str, str, str]
"""(key of the item, what was found, what is allowed)"""

_COUNTRIES = {code for _, code, *_ in COUNTRIES.values()}


def flaws_of_item(item: msgspec.Struct) -> Iterator[Flaw]:
    """What is wrong inside one table, each of whose keys is fine by itself."""
    check = _CHECKS.get(type(item))
    if check is not None:
        yield from check(item)
    for field in item.__struct_fields__:
        values = getattr(item, field)
        if isinstance(values, tuple) and values and not isinstance(values[0], msgspec.Struct | Decimal):
            for value in repeated(values):
                yield field, f"{value} more than once", "each once"


_H = TypeVar("_H", bound=Hashable)


def repeated(values: Iterable[_H]) -> list[_H]:
    """Those that occur more than once, each once."""
    return [value for value, times in Counter(values).items() if times > 1]


def _composition(item: Composition) -> Iterator[Flaw]:
    if item.members_at_most is not None and item.members_at_most < item.members_at_least:
        yield "members_at_most", str(item.members_at_most), f"at least {item.members_at_least}"
    committee = (item.committee_from, item.committee_at_least, item.committee_at_most)
    if any(n is None for n in committee) and any(n is not None for n in committee):
        yield (
            "committee_from",
            "part of a committee rule",
            "committee_from, _at_least and _at_most, or none of them",
        )
    elif item.committee_at_least and item.committee_at_most and item.committee_at_most < item.committee_at_least:
        yield "committee_at_most", str(item.committee_at_most), f"at least {item.committee_at_least}"


def _institution(item: Institution) -> Iterator[Flaw]:
    try:
        ZoneInfo(item.timezone)
    except (ValueError, OSError, LookupError):
        yield "timezone", f'"{item.timezone}"', "an IANA time zone, such as Asia/Shanghai"


def _calendar(item: Calendar) -> Iterator[Flaw]:
    if item.country not in _COUNTRIES:
        yield (
            "country",
            f'"{item.country}"',
            "a country's ISO 3166-1 alpha-2 code whose holidays are known, such as CN",
        )
    for day in sorted(set(item.extra_working_days) & set(item.extra_holidays)):
        yield "extra_holidays", f"{day}, which is an extra working day too", "a day in one of the two"


def _level(item: Level) -> Iterator[Flaw]:
    needs, refuses = ("post_kinds", "unit_kind") if item.by == "holder" else ("unit_kind", "post_kinds")
    if not getattr(item, needs):
        what = "ids of post_kinds" if item.by == "holder" else "the id of one of the unit_kinds"
        yield needs, "nothing", f'{what}, because by = "{item.by}"'
    if getattr(item, refuses):
        yield refuses, "a value", f'nothing, because by = "{item.by}"'


def _attainment(item: Attainment) -> Iterator[Flaw]:
    if not 0 < item.yellow < item.green:
        yield "yellow", str(item.yellow), f"more than 0 and less than green ({item.green})"
    if item.green > 1:
        yield "green", str(item.green), "at most 1, which is on target"


def _count_rule(item: CountRule) -> Iterator[Flaw]:
    if item.yellow_max < item.green_max:
        yield "yellow_max", str(item.yellow_max), f"at least green_max ({item.green_max})"


def _missing_rule(item: MissingRule) -> Iterator[Flaw]:
    if item.red_from_working_day < item.yellow_from_working_day:
        found, least = str(item.red_from_working_day), item.yellow_from_working_day
        yield "red_from_working_day", found, f"at least yellow_from_working_day ({least})"


def _red_loop(item: RedLoop) -> Iterator[Flaw]:
    if item.fixed_working_days < item.plan_working_days:
        found, least = str(item.fixed_working_days), item.plan_working_days
        yield "fixed_working_days", found, f"at least plan_working_days ({least})"


def _reference(item: Reference) -> Iterator[Flaw]:
    if item.high <= item.low:
        yield "high", str(item.high), f"more than low ({item.low})"


def _scope(item: Scope) -> Iterator[Flaw]:
    if bool(item.units) == bool(item.unit_kinds):
        found = "both units and unit_kinds" if item.units else "neither units nor unit_kinds"
        yield "units", found, "one of the two"


def _indicator(item: Indicator) -> Iterator[Flaw]:
    if item.weight < 0:
        yield "weight", str(item.weight), "0 or more"
    if item.direction == "reference":
        yield from _reference_indicator(item)
    else:
        yield from _targeted_indicator(item)
    if item.counts is not None and item.profile != "each":
        yield "counts", "a table", f'nothing, because profile = "{item.profile}"'
    weights = item.seasonal_weights
    if item.profile != "seasonal" and weights:
        yield "seasonal_weights", f"a list of {len(weights)}", f'nothing, because profile = "{item.profile}"'
    elif item.profile == "seasonal" and (len(weights) != 12 or min(weights) < 0 or sum(weights) == 0):
        yield (
            "seasonal_weights",
            f"a list of {len(weights)}",
            "twelve numbers, none below 0, not all of them 0",
        )


def _reference_indicator(item: Indicator) -> Iterator[Flaw]:
    because = 'because direction = "reference"'
    if item.reference is None:
        yield "reference", "nothing", f"a table with low and high, {because}"
    if item.mode != "reference_only":
        yield "mode", f'"{item.mode}"', f"reference_only, {because}"
    if item.profile != "each":
        yield "profile", f'"{item.profile}"', f"each, {because}"
    for key in ("target", "yellow", "red"):
        if getattr(item, key) is not None:
            yield key, str(getattr(item, key)), f"nothing, {because}"
    if item.count_rule:
        yield "count_rule", "true", f"false, {because}"


def _targeted_indicator(item: Indicator) -> Iterator[Flaw]:
    if item.reference is not None:
        yield "reference", "a table", f'nothing, because direction = "{item.direction}"'
    if item.target is None:
        yield "target", "nothing", "a number"
        return
    if item.target < 0:
        yield "target", str(item.target), "0 or more"
    if item.count_rule != (item.target == 0 and item.direction == "lower"):
        allowed = 'true exactly when direction = "lower" and target = 0, which no ratio can be taken of'
        yield "count_rule", str(item.count_rule).lower(), allowed
    elif item.target == 0 and item.direction == "higher":
        yield "target", "0", 'more than 0, because direction = "higher"'
    yield from _limits(item, item.target)


def _limits(item: Indicator, target: Decimal) -> Iterator[Flaw]:
    """Limits lie on the bad side of the target, and red lies beyond yellow."""
    sides = ("<", "<=") if item.direction == "higher" else (">", ">=")
    for key, limit in (("yellow", item.yellow), ("red", item.red)):
        if limit is None:
            continue
        if limit.comparator not in sides:
            yield key, f'"{limit}"', f'{" or ".join(sides)}, because direction = "{item.direction}"'
        elif item.profile == "each" and limit.reached_by(target):
            yield key, f'"{limit}"', f"a limit that the target ({target}) itself does not reach"
    if item.yellow is not None and item.red is not None and not _beyond(item.red, item.yellow):
        yield "red", f'"{item.red}"', f'a limit beyond yellow ("{item.yellow}")'


def _beyond(red: Limit, yellow: Limit) -> bool:
    """Whether fewer values reach `red` than `yellow`; both face the same way, or that is reported already."""
    if red.value == yellow.value:
        return len(red.comparator) < len(yellow.comparator)
    return red.value < yellow.value if red.comparator.startswith("<") else red.value > yellow.value


def _rung(item: Rung) -> Iterator[Flaw]:
    if item.action == "accountability_interview" and not item.by:
        yield "by", "nothing", "the level that holds the interview"
    if item.action != "accountability_interview" and item.working_days is not None:
        yield "working_days", str(item.working_days), "nothing, because no interview is to be held"


def _warning_rule(item: WarningRule) -> Iterator[Flaw]:
    for id in repeated(rung.id for rung in item.ladder):
        yield "ladder", f"{id} more than once", "each id once"


def _plan_rule(item: PlanRule) -> Iterator[Flaw]:
    for id in repeated(each.measure for each in item.measures):
        yield "measures", f"{id} more than once", "each measure once"


def _attendance(item: Attendance) -> Iterator[Flaw]:
    if (item.more_than is None) == (item.at_least is None):
        found = "neither more_than nor at_least" if item.more_than is None else "both more_than and at_least"
        yield "more_than", found, "one of the two"
    elif item.more_than is not None and not 0 <= item.more_than < 1:
        yield "more_than", str(item.more_than), "0 or more, and less than 1, which is all of them"
    elif item.at_least is not None and not 0 < item.at_least <= 1:
        yield "at_least", str(item.at_least), "more than 0, and at most 1, which is all of them"


def _report_kind(item: ReportKind) -> Iterator[Flaw]:
    for line in repeated(part.line for part in item.parts):
        yield "parts", f"{line} more than once", "one part for a line"


def _audience(item: Audience) -> Iterator[Flaw]:
    if item.membership_kinds and item.post_kinds:
        yield "post_kinds", "membership_kinds too", "one of the two, or neither: whoever holds a post"


def _sync(item: Sync) -> Iterator[Flaw]:
    for id in repeated(stage.id for stage in item.stages):
        yield "stages", f"{id} more than once", "each id once"


_CHECKS: dict[type, Callable[[Any], Iterator[Flaw]]] = {
    Attainment: _attainment,
    Attendance: _attendance,
    Audience: _audience,
    ReportKind: _report_kind,
    Sync: _sync,
    Calendar: _calendar,
    Composition: _composition,
    CountRule: _count_rule,
    Indicator: _indicator,
    Institution: _institution,
    Level: _level,
    MissingRule: _missing_rule,
    PlanRule: _plan_rule,
    RedLoop: _red_loop,
    Reference: _reference,
    Rung: _rung,
    Scope: _scope,
    WarningRule: _warning_rule,
    AssessmentRule: flaws_of_assessment,
    Part: flaws_of_part,
    Group: flaws_of_group,
    Grade: flaws_of_grade,
    HonourLevel: flaws_of_honour_level,
    ServiceRule: flaws_of_service,
    NeedRule: flaws_of_needs,
    TeamKind: flaws_of_team_kind,
    HearingRule: flaws_of_hearings,
    MentoringRule: flaws_of_mentoring,
    MentorshipKind: flaws_of_mentorship_kind,
    ProgrammeTemplate: flaws_of_template,
    BrandRule: flaws_of_brands,
    Criterion: flaws_of_criterion,
    Quality: flaws_of_quality,
    QualityRule: flaws_of_qualities,
    CaseRule: flaws_of_cases,
    CaseTeamRule: flaws_of_case_teams,
    Form: flaws_of_form,
    Places: flaws_of_places,
}
