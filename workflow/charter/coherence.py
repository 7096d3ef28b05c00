"""What the types of a charter cannot say about all of it: how its items fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, get_args

from workflow.charter.checks import repeated
from workflow.charter.measurement import Counts
from workflow.charter.model import Charter, RoleId
from workflow.charter.structure import AppointmentKindId, ExOfficio, Level

Flaw = tuple[tuple[str, ...], str, str]
"""(path from the top in which an item goes by its id, what was found, what is allowed)"""

Above = dict[str, set[str]]
"""The kinds of unit that may stand somewhere above a unit, by its kind."""


def flaws_of_whole(charter: Charter) -> Iterator[Flaw]:
    """What is wrong between items, each of which is sound by itself and refers to items that exist."""
    yield from _all_present("appointment_kinds", charter.appointment_kinds, get_args(AppointmentKindId))
    yield from _all_present("roles", charter.roles, get_args(RoleId))
    above = _kinds_above(charter)
    for kind in charter.unit_kinds:
        if kind.id in above[kind.id]:
            yield ("unit_kinds", kind.id, "parents"), "a circle back to itself", "kinds that form a tree"
    yield from _posts(charter, above)
    yield from _chain(charter, above)
    for rule in charter.ex_officio:
        yield from _ex_officio(charter, rule)
    yield from _duties(charter)
    for colour, after in repeated((rung.colour, rung.after) for rung in charter.warnings.ladder):
        yield ("warnings", "ladder"), f"two rungs for {after} × {colour}", "one for each number of periods"
    yield from _assessment(charter)
    if charter.cases is None and (charter.case_teams is not None or charter.hearings is not None):
        yield ("cases", "reference"), "none", "a regular expression, where there are case_teams or hearings"
    yield from _case_teams(charter)
    yield from _mentoring(charter)
    for indicator in charter.indicators:
        for key, found, allowed in flaws_of_counts(charter, indicator.counts):
            yield ("indicators", indicator.id, "counts", key), found, allowed


COUNTED: Mapping[str, Callable[[Charter], Sequence[str]]] = {
    "duties_met": lambda charter: [kind.id for kind in charter.owed()],
    "service_hours": lambda charter: [kind.id for kind in charter.service.kinds] if charter.service else [],
    "hearings_against_plan": lambda charter: [kind.id for kind in charter.hearings.results] if charter.hearings else [],
    "attendance": lambda charter: [tier.id for tier in charter.study],
}
"""What readings may count, and of which kinds each may: ids of the charter's. None at all means all of them.
`workflow.measures` says how each is counted."""


def flaws_of_counts(charter: Charter, counts: Counts | None) -> Iterator[tuple[str, str, str]]:
    """What is wrong with what an indicator counts: by key, what was found and what is allowed."""
    if counts is None:
        return
    if (kinds := COUNTED.get(counts.what)) is None:
        yield "what", f'"{counts.what}"', f"one of {', '.join(COUNTED)}"
        return
    for kind in counts.kinds:
        if kind not in (known := kinds(charter)):
            yield "kinds", f'"{kind}"', f"ids of what is counted: {', '.join(known) or 'there is none'}"


def _assessment(charter: Charter) -> Iterator[Flaw]:
    rule = charter.assessment
    if rule is not None and charter.level(rule.confirmed_by).by != "head_of":
        yield ("assessment", "confirmed_by"), f'"{rule.confirmed_by}"', 'a level with by = "head_of"'


def _mentoring(charter: Charter) -> Iterator[Flaw]:
    review = charter.mentoring.review if charter.mentoring is not None else None
    others = {kind.id for kind in charter.duties} | {kind.id for kind in charter.reports}
    if review is not None and review.id in others:
        yield ("mentoring", "review", "id"), "the id of a duty or a report", "an id that neither has"


def _case_teams(charter: Charter) -> Iterator[Flaw]:
    """What is linked to a team has no say in it, so no level of its line has one."""
    rule = charter.case_teams
    if rule is None:
        return
    lines = {charter.unit_kind(kind).line for kind in rule.overlay_kinds}
    for kind in rule.unit_kinds:
        if charter.unit_kind(kind).line in lines:
            yield ("case_teams", "overlay_kinds"), f"kinds on the line of {kind}", "kinds of another line"
    asked = [("recusal_ordered_by", level) for level in rule.recusal_ordered_by]
    asked += [("forms", form.lead_by) for form in rule.forms if form.lead_by]
    for key, id in asked:
        level = charter.level(id)
        if level.line in lines:
            yield ("case_teams", key), f'"{id}"', "a level on a line that has no overlay_kinds"
        elif level.by == "holder":
            yield ("case_teams", key), f'"{id}"', 'a level with by = "head_of" or "overseer_of"'


def _all_present(section: str, items: Sequence[Any], wanted: Sequence[str]) -> Iterator[Flaw]:
    present = {item.id for item in items}
    for id in wanted:
        if id not in present:
            yield (section,), f"no {id}", f"all of {', '.join(wanted)}"


def _kinds_above(charter: Charter) -> Above:
    above: Above = {kind.id: set(kind.parents) for kind in charter.unit_kinds}
    for middle in above:  # Warshall's closure
        for kinds in above.values():
            if middle in kinds:
                kinds |= above[middle]
    return above


def _posts(charter: Charter, above: Above) -> Iterator[Flaw]:
    heads = [(unit_kind, p.id) for p in charter.post_kinds if p.rank == "head" for unit_kind in p.unit_kinds]
    for unit_kind in repeated(unit_kind for unit_kind, _ in heads):
        rivals = [post_kind for kind, post_kind in heads if kind == unit_kind]
        found = f"head, as {rivals[0]} is for {unit_kind}"
        yield ("post_kinds", rivals[1], "rank"), found, "one kind of head for a kind of unit"
    for post in charter.post_kinds:
        wanted = post.membership_required
        for unit_kind in post.unit_kinds:
            if wanted and wanted != unit_kind and wanted not in above[unit_kind]:
                higher = ", ".join(sorted(above[unit_kind])) or "there is none"
                allowed = f"{unit_kind} or a kind above it: {higher}"
                yield ("post_kinds", post.id, "membership_required"), f'"{wanted}"', allowed


def _chain(charter: Charter, above: Above) -> Iterator[Flaw]:
    for line in charter.lines:
        levels = charter.levels(line.id)
        if not levels:
            yield ("lines", line.id), "no level of the chain", "at least one level in [[chain]] for each line"
        reached: list[str] = []
        for level in levels:
            yield from _level(charter, level)
            if not level.unit_kind:
                continue
            if too_high := next((kind for kind in reached if kind in above[level.unit_kind]), ""):
                allowed = f"levels from bottom to top: {too_high} or a kind that is not below it"
                yield ("chain", level.id, "unit_kind"), f'"{level.unit_kind}"', allowed
            reached.append(level.unit_kind)


def _level(charter: Charter, level: Level) -> Iterator[Flaw]:
    if level.by == "head_of" and charter.head_of(level.unit_kind) is None:
        allowed = 'a kind of unit for which a kind of post has rank = "head"'
        yield ("chain", level.id, "unit_kind"), f'"{level.unit_kind}"', allowed


def _ex_officio(charter: Charter, rule: ExOfficio) -> Iterator[Flaw]:
    path = ("ex_officio", rule.id)
    if charter.head_of(rule.head_of) is None:
        yield (
            (*path, "head_of"),
            f'"{rule.head_of}"',
            'a kind of unit for which a kind of post has rank = "head"',
        )
    head = charter.head_of(rule.leads)
    if head is None or head.id != rule.post_kind:
        allowed = f"the kind of post that heads a {rule.leads}: {head.id if head else 'there is none'}"
        yield (*path, "post_kind"), f'"{rule.post_kind}"', allowed
    if rule.requires_membership and not any(rule.leads in m.unit_kinds for m in charter.membership_kinds):
        allowed = f"false, because no kind of membership is in a {rule.leads}"
        yield (*path, "requires_membership"), "true", allowed
    if charter.ex_officio_rule(rule.head_of, rule.leads) != rule:
        yield (*path, "leads"), f'"{rule.leads}"', f"one rule for heads of {rule.head_of} and a {rule.leads}"


def _duties(charter: Charter) -> Iterator[Flaw]:
    duties = {kind.id for kind in charter.duties}
    for kind in charter.duties:
        for post_kind in kind.attendance.post_kinds if kind.attendance else ():
            elsewhere = [each for each in kind.unit_kinds if each not in charter.post_kind(post_kind).unit_kinds]
            if elsewhere:
                allowed = f"kinds of post that a {elsewhere[0]} has"
                yield ("duties", kind.id, "attendance", "post_kinds"), f'"{post_kind}"', allowed
    for report in charter.reports:
        if report.id in duties:
            yield ("reports", report.id, "id"), "the id of one of the duties", "an id that no duty has"
        lines = sorted(charter.level(level).line for level in report.received_by)
        wanted = sorted(part.line for part in report.parts)
        if lines != wanted:
            allowed = f"one level on the line of each part: {', '.join(wanted)}"
            yield ("reports", report.id, "received_by"), f"levels of {', '.join(lines)}", allowed
    for tier in charter.study:
        if tier.id in duties or tier.id in {report.id for report in charter.reports}:
            yield ("study", tier.id, "id"), "the id of one of the duties or reports", "an id that none of them has"
