"""What is kept from who is recused: all that is about the case, whatever it goes by."""

from __future__ import annotations

from workflow.case_teams.views import Recusals, TeamsFor
from workflow.hearings.views import HearingsAbout
from workflow.honours.views import HonoursAbout
from workflow.ids import MatterId, PersonId, is_id
from workflow.slices import Knows


class Barred:
    """What somebody is barred from, now, because they are recused from a case, as `tags`: every team that was ever
    formed for it; a matter that has the id of such a team, or the reference of the case; the hearings and the honours
    about it."""

    def __init__(self, person: PersonId) -> None:
        self.person = person
        self.tags: frozenset[str] = frozenset()

    def knows(self) -> Knows:
        recused = Recusals([self.person])
        yield from recused.knows()
        if not recused.teams:
            return
        references = recused.references
        teams, hearings = TeamsFor(references), HearingsAbout(references)
        yield teams, hearings
        same_case = recused.teams.union(teams.teams)
        matters = sorted(same_case | references)
        honours = [HonoursAbout(case_team=team) for team in sorted(same_case)]
        honours += [HonoursAbout(matter=MatterId(matter)) for matter in matters if is_id(matter)]
        yield tuple(honours)
        tags = {f"case-team:{team}" for team in same_case} | {f"matter:{matter}" for matter in matters}
        tags |= {f"hearing:{hearing}" for hearing in hearings.hearings}
        self.tags = frozenset(tags.union(f"honour:{honour}" for each in honours for honour in each.honours))
