"""What a charter says of case teams: their forms and who is in them, their stages, and what recusal takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workflow.charter.terms import ClassRef, Count, Id, LevelRef, Positive, UnitKindRef, Words, one


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something that has an id and words and nothing else: a stage, what is handed over, a ground, an interference."""

    id: Id
    words: Words


class MemberRole(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody does in a case team, and of which personnel classes they are."""

    id: Id
    words: Words
    classes: Annotated[tuple[ClassRef, ...], Meta(min_length=1)]


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """How many members of a role a team has. None: no limit."""

    role: Id
    at_least: Count = 0
    at_most: Positive | None = None


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form of case team. Roles that `members` does not name, it does not have.

    With `lead_by` it has a lead, of the role `lead_role`, who is named by the holder of that level of the chain.
    """

    id: Id
    words: Words
    members: Annotated[tuple[Places, ...], Meta(min_length=1)]
    lead_by: LevelRef = ""
    lead_role: str = ""


class CaseTeamRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[case_teams]`: teams that handle a case in a unit of one of `unit_kinds`.

    Of the case only its reference is known, and the stage reached. Units of
    `overlay_kinds` can be linked to a team, which gives them no say in it. Recusal is ordered by the holder of one of
    the levels `recusal_ordered_by`. A team that is not composed as its form wants has the colour `broken_colour`.
    """

    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    overlay_kinds: tuple[UnitKindRef, ...] = ()
    recusal_ordered_by: Annotated[tuple[LevelRef, ...], Meta(min_length=1)]
    broken_colour: Literal["yellow", "red"]
    roles: Annotated[tuple[MemberRole, ...], Meta(min_length=1)]
    forms: Annotated[tuple[Form, ...], Meta(min_length=1)]
    stages: Annotated[tuple[Named, ...], Meta(min_length=1)]
    handover: Annotated[tuple[Named, ...], Meta(min_length=1)]
    grounds: Annotated[tuple[Named, ...], Meta(min_length=1)]
    interference: Annotated[tuple[Named, ...], Meta(min_length=1)]

    def form(self, id: str) -> Form:
        """Raises KeyError with the key."""
        return one(self.forms, id, "case_teams.forms")

    def classes_of(self, role: str) -> tuple[str, ...]:
        """The personnel classes of a role; none of one that there is not."""
        return next((each.classes for each in self.roles if each.id == role), ())


Flaw = tuple[str, str, str]


def flaws_of_case_teams(rule: CaseTeamRule) -> Iterator[Flaw]:
    for section in ("roles", "forms", "stages", "handover", "grounds", "interference"):
        ids = Counter(each.id for each in getattr(rule, section))
        for id in (id for id, times in ids.items() if times > 1):
            yield section, f"{id} more than once", "each id once"
    roles = {role.id for role in rule.roles}
    for form in rule.forms:
        for place in form.members:
            if place.role not in roles:
                yield "forms", f'the role "{place.role}" in {form.id}', f"one of {', '.join(sorted(roles))}"


def flaws_of_form(form: Form) -> Iterator[Flaw]:
    named = [place.role for place in form.members]
    if len(set(named)) < len(named):
        yield "members", "a role more than once", "each role once"
    if bool(form.lead_by) != bool(form.lead_role):
        yield "lead_role", f'"{form.lead_role}"', "lead_by and lead_role, or neither"
    elif form.lead_role and form.lead_role not in named:
        yield "lead_role", f'"{form.lead_role}"', f"one of {', '.join(named)}"


def flaws_of_places(places: Places) -> Iterator[Flaw]:
    if places.at_most is not None and places.at_most < places.at_least:
        yield "at_most", str(places.at_most), f"at least {places.at_least}"
