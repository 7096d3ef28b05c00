"""Three model persons of the demonstration and the nine whom they lead, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api.demo.steps import Step
from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.ids import MentorshipId, PersonId
from workflow.mentoring.designating import DesignateModelPerson
from workflow.mentoring.events import Goal
from workflow.mentoring.reviewing import ReviewMentorship
from workflow.mentoring.running import EndMentorship, ExtendMentorship, MeetGoal
from workflow.mentoring.starting import StartMentorship
from workflow.periods import Period

CLERK, SUPERVISOR, KIND = "clerk", "supervisor", "key_handler"
DESIGNATED = date(2024, 1, 8)

MODELS = {"P031": "优秀公诉人", "P049": "知识产权办案能手", "P064": "公益诉讼业务标兵"}
"""Model persons, and what each is a model for: deputies of G3 and G4, and a handler of G5."""

GOALS = (
    Goal("独立出庭公诉", "全年独立出庭三次以上"),
    Goal("提高文书质量", "案卷评查无瑕疵"),
    Goal("总结办案经验", "撰写典型案例一篇"),
)


@dataclass(frozen=True)
class Pair:
    """Who leads whom from when until when, as the start says; and until when it ran, if that was not the term."""

    id: str
    mentor: str
    mentee: str
    since: date
    until: date
    extended_to: date | None = None
    ran_until: date | None = None

    @property
    def head(self) -> str:
        """The user who heads the mentor's department."""
        return f"head-{ {'P031': 'G3', 'P049': 'G4', 'P064': 'G5'}[self.mentor] }"

    @property
    def over(self) -> date:
        return self.ran_until or self.extended_to or self.until


TRANSFERRED = Pair("MT6", "P049", "P059", date(2025, 1, 6), date(2026, 1, 6), ran_until=date(2025, 5, 17))
"""The mentee changes places with somebody of G5 (story d): the clock ends it on the night after."""
ENDED = Pair("MT7", "P049", "P052", date(2025, 2, 10), date(2026, 2, 10), ran_until=date(2025, 9, 1))
EXTENDED = Pair("MT2", "P031", "P034", date(2024, 2, 1), date(2025, 2, 1), extended_to=date(2025, 7, 31))
ASKED = date(2024, 12, 18)

PAIRS = (
    Pair("MT1", "P031", "P033", date(2024, 2, 1), date(2025, 2, 1)),
    EXTENDED,
    Pair("MT3", "P031", "P035", date(2024, 3, 1), date(2025, 3, 1)),
    Pair("MT4", "P031", "P036", date(2025, 3, 3), date(2026, 3, 3)),
    Pair("MT5", "P049", "P051", date(2024, 2, 5), date(2025, 2, 5)),
    TRANSFERRED,
    ENDED,
    Pair("MT8", "P064", "P066", date(2024, 3, 25), date(2025, 3, 25)),
    Pair("MT9", "P064", "P067", date(2025, 4, 7), date(2026, 4, 7)),
)


def steps(charter: Charter, last: date) -> Iterator[Step]:
    """All of it up to a day."""
    calendar = Calendar(charter)
    for person, citation in MODELS.items():
        model: dict[str, Any] = {"person": PersonId(person), "kind": KIND, "citation": citation}
        designate = DesignateModelPerson(**model, evidence=("表彰决定",), effective=DESIGNATED)
        yield Step(DESIGNATED, SUPERVISOR, designate, name=f"designate.{person}")
    for pair in PAIRS:
        yield from _run(pair, calendar, last)


def _run(pair: Pair, calendar: Calendar, last: date) -> Iterator[Step]:
    id = MentorshipId(pair.id)
    start = StartMentorship(
        mentorship=id,
        mentor=PersonId(pair.mentor),
        mentee=PersonId(pair.mentee),
        kind=KIND,
        goals=GOALS,
        until=pair.until,
        effective=pair.since,
    )
    yield Step(pair.since, pair.head, start, name=f"start.{id}")
    met = 0
    for period in _quarters(pair, last):
        day = calendar.add(period.last_day - timedelta(days=10), 1)
        review = ReviewMentorship(
            mentorship=id,
            period=str(period),
            held_on=day,
            finding="按计划推进。",
            evidence=("检视记录",),
            effective=day,
            person=PersonId(pair.mentor),
        )
        yield Step(day, pair.head, review, name=f"review.{id}.{period}")
        if met < len(GOALS):
            met += 1
            mentor = PersonId(pair.mentor)
            goal = MeetGoal(mentorship=id, goal=met, evidence=("案卡统计",), person=mentor, effective=day)
            yield Step(day, pair.head, goal, name=f"meet.{id}.{met}")
    if pair.extended_to is not None:
        extend = ExtendMentorship(mentorship=id, until=pair.extended_to, effective=ASKED)
        yield Step(ASKED, pair.head, extend, "典型案例尚在撰写。", name=f"extend.{id}")
    if pair == ENDED:
        end = EndMentorship(mentorship=id, person=PersonId(pair.mentee), effective=pair.over)
        yield Step(pair.over, CLERK, end, "已能独立办案。", name=f"end.{id}")


def _quarters(pair: Pair, last: date) -> Iterator[Period]:
    """Those through which it ran, as far as they are over."""
    period = Period.containing(pair.since, "quarterly")
    while period.last_day < min(pair.over, last):
        if pair.since <= period.first_day:
            yield period
        period = period.next
