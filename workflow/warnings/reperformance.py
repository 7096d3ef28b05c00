"""Deciding again, from the events before it alone: due dates of warnings, the rungs they reached, and how far they went
up."""

from __future__ import annotations

from collections.abc import Sequence

from workflow.again import learned
from workflow.calendar import Calendar
from workflow.charter.events import CharterPublished
from workflow.charter.views import CharterInForce
from workflow.clock.starting import ClockStanding
from workflow.ids import WarningId
from workflow.indicators.colour import worse
from workflow.indicators.events import ReadingCorrected, ReadingMissed, ReadingReported
from workflow.indicators.readings import RaisedWarnings, due_dates
from workflow.indicators.views import IndicatorStanding, ReadingStanding
from workflow.organisation.belonging import GridsOf
from workflow.organisation.ex_officio import Leadership
from workflow.organisation.levels import PostsInCharge, UnitsOfKinds
from workflow.organisation.views import Incumbents, Posts, PostStanding, UnitStanding
from workflow.remembered import Remembered, listened_to
from workflow.slices import Context, Event, Refused
from workflow.warnings.commands import rectify_anew
from workflow.warnings.escalation import EscalateWarning
from workflow.warnings.events import (
    ExtensionGranted,
    InterviewDue,
    NoticeIssued,
    RectificationOverdue,
    WarningEscalated,
    WarningRaised,
    WarningReopened,
)
from workflow.warnings.ladder import Ladder
from workflow.warnings.views import Escalations, InterviewStanding, WarningStanding

_STOOD_ON = (
    CharterInForce,
    ClockStanding,
    IndicatorStanding,
    ReadingStanding,
    WarningStanding,
    Escalations,
    InterviewStanding,
    UnitStanding,
    GridsOf,
    Posts,
    PostStanding,
    PostsInCharge,
    UnitsOfKinds,
    Incumbents,
    Leadership,
)
"""Views of all that these decisions stand on."""


class WarningsAgain:
    """What was decided of warnings without anybody: due dates, rungs, escalations; and that extensions are allowed."""

    def __init__(self) -> None:
        self.decisions = 0
        self._past = Remembered()
        self._charters = CharterInForce()
        self._awaited: list[Event] = []  # what follows from a reading has to follow it
        self._escalating: dict[tuple[WarningId, object], list[Event]] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return list(dict.fromkeys((CharterPublished, NoticeIssued, *listened_to(_STOOD_ON))))

    def follow(self, fact: Event) -> str:
        if learned(fact):
            return ""
        missing = self._missing_before(fact)
        try:
            wrong = self._decide_again(fact)
            self._awaited = self._follows(fact) or self._awaited
        except (Refused, ValueError, LookupError) as error:
            wrong = f"{_what(fact)} could not be decided: {error}"
        self._past.note(fact)
        self._charters.note(fact)
        return "; ".join(filter(None, (missing, wrong)))

    def _decide_again(self, fact: Event) -> str:
        match fact:
            case WarningRaised():
                self.decisions += 1
                due = due_dates(fact.colour, fact.effective, self._charters.on(fact.effective))
                return _compared(fact, (fact.respond_by, fact.rectify_by), due)
            case NoticeIssued() | InterviewDue():
                self.decisions += 1
                return _among(fact, self._rung(fact))
            case WarningEscalated() | RectificationOverdue():
                self.decisions += 1
                return _among(fact, self._escalations(fact))
            case ExtensionGranted():
                self.decisions += 1
                return self._extension(fact)
            case WarningReopened() if fact.rectify_by is not None:
                self.decisions += 1
                raised = self._loop(fact.warning).must_be_known()
                anew = rectify_anew(raised, fact.effective, self._charters.on(fact.effective))
                return _compared(fact, fact.rectify_by, anew)
        return ""

    def _missing_before(self, fact: Event) -> str:
        """What had to be recorded before this event, right after a reading, and was not."""
        if not self._awaited:
            return ""
        awaited, *self._awaited = self._awaited
        if type(awaited) is type(fact) and getattr(awaited, "warning") == getattr(fact, "warning"):  # noqa: B009
            return ""
        self._awaited = []
        return f"missing: {_what(awaited)} had to be recorded before this"

    def _follows(self, fact: Event) -> list[Event]:
        """What has to follow a reading at once: the warning that it raises, and what its rung calls for."""
        match fact:
            case ReadingReported() | ReadingCorrected():
                colour = fact.judgement.colour
            case ReadingMissed():
                colour = fact.colour
            case _:
                return []
        raised, known = RaisedWarnings(fact.reading), ReadingStanding(fact.reading)
        self._past.learn(raised.knows())
        self._past.read([known])
        before = known.judgement.colour if isinstance(fact, ReadingCorrected) and known.judgement else None
        if before is not None and not worse(colour, before):
            return []
        charter = self._charters.on(fact.effective)
        self._past.learn(raised.raise_if_needed(fact, colour, charter, self._charters))
        return list(raised.events())

    def _loop(self, warning: WarningId) -> WarningStanding:
        loop = WarningStanding(warning)
        self._past.read([loop])
        return loop

    def _rung(self, fact: NoticeIssued | InterviewDue) -> list[Event]:
        ladder = Ladder(self._loop(fact.warning).must_be_known(), self._charters)
        self._past.learn(ladder.knows())
        return list(ladder.events())

    def _escalations(self, fact: WarningEscalated | RectificationOverdue) -> list[Event]:
        """What had to be escalated of the warning on the day, by what was known before the first event of it."""
        key = fact.warning, fact.effective
        if key not in self._escalating:
            command = EscalateWarning(warning=fact.warning, effective=fact.effective)
            command.context = Context(actor="", command_id="", today=fact.effective)
            command.decide(self._past.read)
            self._escalating = {key: command.facts}  # they follow each other in the log
        return self._escalating[key]

    def _extension(self, fact: ExtensionGranted) -> str:
        loop, charter = self._loop(fact.warning), self._charters.on(fact.effective)
        if loop.rectify_by is None:
            return f"{_what(fact)}: there was no day to extend"
        rule = charter.warnings.extension
        latest = Calendar(charter).add(loop.rectify_by, rule.working_days)
        if loop.extensions >= rule.at_most or not loop.rectify_by < fact.rectify_by <= latest:
            return f"{_what(fact)} to {fact.rectify_by}, and at most {rule.at_most} to {latest} were allowed"
        return _compared(fact, fact.previous, loop.rectify_by)


def _what(fact: Event) -> str:
    return f"{fact.TOPIC} of {getattr(fact, 'warning', '')}".removesuffix(" of ")


def _compared(fact: Event, recorded: object, had_to_be: object) -> str:
    if recorded == had_to_be:
        return ""
    return f"{_what(fact)}: recorded is {_plain(recorded)}, and it had to be {_plain(had_to_be)}"


def _among(fact: Event, due: Sequence[Event]) -> str:
    """What of a recorded event is not as it had to be: it had to be one of `due`."""
    if fact in due:
        return ""
    same = [each for each in due if type(each) is type(fact)]
    if not same:
        return f"{_what(fact)}: recorded, and nothing of the kind had to be"
    was, had_to_be = fact.as_dict(), same[0].as_dict()
    wrong = [
        f"the {field} is recorded as {_plain(was[field])}, and had to be {_plain(had_to_be[field])}"
        for field in was
        if was[field] != had_to_be[field]
    ]
    return f"{_what(fact)}: {'; '.join(wrong)}"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_plain(each) for each in value) or "nobody"
    return str(value)
