"""Who answers for what: the responsibility chain of anything, on both lines, with vacancies and acting holders."""

from __future__ import annotations

from typing import Any

from api.names import Names, names_in
from api.openapi import Blueprint
from api.paging import PageOfMomentSchema
from api.reading import Look, Shown, charter_of, found, no_case_team, read
from projections.views import chain as views
from projections.views.brands import Brand
from projections.views.case_teams import CaseTeam
from projections.views.chain import KINDS, Chain, Kind
from projections.views.hearings import Hearing
from projections.views.indicators import Indicator
from projections.views.mentoring import Mentorship
from projections.views.needs import Need
from projections.views.plans import Task
from projections.views.programmes import Programme
from projections.views.visits import Visit
from projections.views.warnings import Warning

chain = Blueprint("chain", __name__, url_prefix="/v1", description="Who answers for what.")


class ChainShown(Shown, kw_only=True):
    """The chains of one thing, each from the bottom to the top on every line. A person has one for each post and
    membership, an indicator one for each unit that it concerns, in pages. `broken`: some level has nobody.

    `overlays` are the chains of the units that accompany a case team: they answer for themselves, not for the team.
    `flaws`: how the team is not composed as its form wants.
    """

    kind: Kind
    id: str
    chains: list[Chain]
    broken: bool
    indicator: Indicator | None
    warning: Warning | None
    task: Task | None
    visit: Visit | None
    need: Need | None
    hearing: Hearing | None
    mentorship: Mentorship | None
    programme: Programme | None
    brand: Brand | None
    case_team: CaseTeam | None
    overlays: list[Chain]
    flaws: list[str]
    names: Names
    next: str | None


# Quoted, because a kind has a dash.
ANY_KIND = ", ".join(f"'{kind}'" for kind in KINDS)


@read(chain, f"/chain/<any({ANY_KIND}):kind>/<id:id>", ChainShown, PageOfMomentSchema)
def chain_of(look: Look, kind: Kind, id: str) -> dict[str, Any]:
    """The responsibility chain of a unit, a post, a person, or of anything that one of them has."""
    chains = views.chain(look.connection, look.moment, kind, id, charter_of(look), **look.paging())
    if chains is None and kind == "case-team":
        raise no_case_team("id")
    chains = found(chains, kind, id, "id")
    return {
        "kind": kind,
        "id": id,
        "chains": chains.chains,
        "broken": chains.broken,
        "indicator": chains.indicator,
        "warning": chains.warning,
        "task": chains.task,
        "visit": chains.visit,
        "need": chains.need,
        "hearing": chains.hearing,
        "mentorship": chains.mentorship,
        "programme": chains.programme,
        "brand": chains.brand,
        "case_team": chains.case_team,
        "overlays": chains.overlays,
        "flaws": chains.flaws,
        "names": names_in(look, chains.details),
        "next": look.next(chains.after),
    }
