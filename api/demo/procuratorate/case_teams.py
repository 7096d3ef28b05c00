"""Six case teams over two years, and a handler who is recused, whereupon the team re-forms (story c)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from api.demo.steps import Step
from workflow.case_teams.forming import DissolveCaseTeam, FormCaseTeam
from workflow.case_teams.interference import RecordInterference
from workflow.case_teams.members import ChangeLead, HandOverCase, JoinCaseTeam, LeaveCaseTeam
from workflow.case_teams.moving import LinkOverlay, ReachCaseStage, UnlinkOverlay
from workflow.case_teams.recusals import DeclareRecusal, LiftRecusal, OrderRecusal
from workflow.ids import CaseReference, CaseTeamId, PersonId, UnitId

CHIEF = "P001"
RECUSED_TEAM, RECUSED, INSTEAD = "T2", "P035", "P037"
RECUSED_ON, REFORMED_ON = date(2025, 4, 10), date(2025, 4, 11)
INTERFERED_ON = date(2025, 6, 18)

SENT_BACK = "退回补充侦查。"
WAY = (
    ("accepted", ""),
    ("reviewed", ""),
    ("accepted", SENT_BACK),
    ("reviewed", ""),
    ("decided", ""),
    ("reviewed", SENT_BACK),
    ("decided", ""),
    ("heard", ""),
    ("concluded", ""),
)
"""The stages of a case that is twice sent back, and why."""


@dataclass(frozen=True)
class Team:
    """A team from its first day on: handlers, of whom the first leads, if the form has a lead; helpers in turn, so many
    at a time; and its case, every `pace` days one stage further on its way."""

    id: str
    unit: str
    form: str
    reference: str
    since: date
    handlers: tuple[str, ...]
    assistants: tuple[str, ...]
    clerks: tuple[str, ...]
    pace: int
    led: bool = True
    until: date | None = None

    @property
    def group(self) -> str:
        return f"P{self.unit}"

    @property
    def user(self) -> str:
        return f"head-{self.unit}"


TEAMS = (
    Team(  # the IP team
        "T1",
        "G4",
        "case_team",
        "DCP-2024-0011",
        date(2024, 1, 15),
        ("P050", "P051"),
        ("P055", "P056", "P057"),
        ("P060", "P061"),
        80,
    ),
    Team(  # the campaign team
        "T2",
        "G3",
        "task_force",
        "DCP-2024-0023",
        date(2024, 2, 19),
        ("P033", "P034", "P035"),
        ("P038", "P039", "P040"),
        ("P045", "P046"),
        77,
    ),
    Team(
        "T3",
        "G5",
        "case_team",
        "DCP-2024-0042",
        date(2024, 3, 11),
        ("P064", "P065", "P066"),
        ("P068", "P069", "P070"),
        ("P073", "P074"),
        66,
        until=date(2025, 12, 8),
    ),
    Team(
        "T4",
        "G6",
        "case_team",
        "DCP-2024-0057",
        date(2024, 4, 8),
        ("P077", "P078"),
        ("P079", "P080"),
        ("P081", "P082"),
        70,
    ),
    Team(
        "T5",
        "G7",
        "sole_prosecutor",
        "DCP-2024-0063",
        date(2024, 5, 6),
        ("P085",),
        ("P087", "P088", "P089"),
        ("P090", "P091"),
        55,
        led=False,
        until=date(2025, 11, 24),
    ),
    Team(
        "T6",
        "G3",
        "case_team",
        "DCP-2024-0071",
        date(2024, 6, 3),
        ("P032", "P036"),
        ("P041", "P042", "P043"),
        ("P046", "P047"),
        63,
    ),
)

LAST_ROTATION = date(2025, 10, 31)


def steps() -> Iterator[Step]:
    """All of it, team by team; what the teams do of themselves, and then what happens to some of them."""
    found = [step for team in TEAMS for step in _life(team)]
    yield from sorted([*found, *_handovers(), *_recusals()], key=lambda step: step.day)


def _life(team: Team) -> Iterator[Step]:
    helpers = (team.assistants[0], team.clerks[0])
    members = tuple(PersonId(each) for each in (*team.handlers, *helpers))
    form = FormCaseTeam(
        case_team=CaseTeamId(team.id),
        unit=UnitId(team.unit),
        form=team.form,
        case_reference=CaseReference(team.reference),
        members=members,
        roles=(*("handler" for _ in team.handlers), "assistant", "clerk"),
        lead=members[0] if team.led else None,
        named_by=PersonId(CHIEF) if team.led else None,
        effective=team.since,
    )
    yield Step(team.since, "clerk", form)
    linked = team.since + timedelta(days=7)
    yield Step(linked, team.user, LinkOverlay(case_team=form.case_team, overlay=UnitId(team.group), effective=linked))
    yield from _way(team)
    yield from _rotations(team)
    if team.until is not None:
        before = team.until - timedelta(days=3)
        unlink = UnlinkOverlay(case_team=form.case_team, overlay=UnitId(team.group), effective=before)
        yield Step(before, team.user, unlink)
        yield Step(team.until, "clerk", DissolveCaseTeam(case_team=form.case_team, effective=team.until))


def _way(team: Team) -> Iterator[Step]:
    for number, (stage, why) in enumerate(WAY):
        day = team.since + timedelta(days=1 + number * team.pace)
        reach = ReachCaseStage(case_team=CaseTeamId(team.id), stage=stage, effective=day)
        yield Step(day, team.user, reach, why)


def _rotations(team: Team) -> Iterator[Step]:
    """Every quarter the assistant, and every half year the clerk, makes room for the next one."""
    for role, helpers, days in (("assistant", team.assistants, 91), ("clerk", team.clerks, 182)):
        turn, day = 0, team.since + timedelta(days=days)
        while day <= min(LAST_ROTATION, team.until or LAST_ROTATION):
            old, new = helpers[turn % len(helpers)], helpers[(turn + 1) % len(helpers)]
            id = CaseTeamId(team.id)
            yield Step(day, team.user, LeaveCaseTeam(case_team=id, person=PersonId(old), effective=day))
            yield Step(day, team.user, JoinCaseTeam(case_team=id, person=PersonId(new), role=role, effective=day))
            turn, day = turn + 1, day + timedelta(days=days)


def _handovers() -> Iterator[Step]:
    """The lead of two teams changes, each time with a handover; and once back."""
    for team, giver, receiver, day in (
        ("T6", "P032", "P036", date(2025, 2, 12)),
        ("T3", "P064", "P065", date(2025, 5, 20)),
        ("T6", "P036", "P032", date(2025, 9, 9)),
    ):
        id, user = CaseTeamId(team), f"head-{'G3' if team == 'T6' else 'G5'}"
        hand_over = HandOverCase(
            case_team=id,
            giver=PersonId(giver),
            receiver=PersonId(receiver),
            items=("files", "terms", "appointments"),
            effective=day,
        )
        yield Step(day, user, hand_over)
        later = day + timedelta(days=1)
        lead = ChangeLead(case_team=id, lead=PersonId(receiver), named_by=PersonId(CHIEF), effective=later)
        yield Step(later, "clerk", lead)


def _recusals() -> Iterator[Step]:
    """A handler is recused and another one joins; one declares it who is not a member, one is ordered and lifted."""
    team = CaseTeamId(RECUSED_TEAM)
    declare = DeclareRecusal(case_team=team, person=PersonId(RECUSED), ground="kinship", effective=RECUSED_ON)
    yield Step(RECUSED_ON, "clerk", declare)
    join = JoinCaseTeam(case_team=team, person=PersonId(INSTEAD), role="handler", effective=REFORMED_ON)
    yield Step(REFORMED_ON, "head-G3", join)
    interference = RecordInterference(
        case_team=team, person=PersonId("P033"), kind="inquiry", who="某局工作人员", effective=INTERFERED_ON
    )
    yield Step(INTERFERED_ON, "head-G3", interference)
    day, id = date(2025, 3, 4), CaseTeamId("T4")
    yield Step(day, "clerk", DeclareRecusal(case_team=id, person=PersonId("P076"), ground="interest", effective=day))
    day, id, person = date(2024, 9, 10), CaseTeamId("T3"), PersonId("P067")
    order = OrderRecusal(case_team=id, person=person, by=PersonId("P062"), ground="other", effective=day)
    yield Step(day, "head-G5", order)
    day = date(2024, 10, 15)
    lift = LiftRecusal(case_team=id, person=person, effective=day)
    yield Step(day, "supervisor", lift, "经核实不存在回避情形。", "head-G5")
