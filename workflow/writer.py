"""The writer: takes a command to its events, or to a refusal. All that is written is written through here."""

from __future__ import annotations

import dataclasses
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import msgspec
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError
from msgspec.structs import replace

from workflow.barred import Barred, Recused, barred_from, is_kept
from workflow.charter.events import CharterPublished
from workflow.charter.library import UnknownCharter, learn
from workflow.entry import decode, read_envelope, tail
from workflow.erasure.views import refuse_sealing_for_erased, unsealed
from workflow.ids import id_fields, is_well_formed, tags_of
from workflow.journal import AttemptsJournal
from workflow.keys import KeyDestroyed, KeyStore
from workflow.log import CommandKnown, Entry, LogEvent, LogRecorder
from workflow.sealed import Sealed, key_of
from workflow.slices import Command, Context, Event, Refused, View, parameters

T = TypeVar("T")

ATTEMPTS = 8


class Conflict(Exception):
    """Others kept changing what the command stands on; it may be sent again."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a command. `first` to `last` are the positions of its events; without events, `last` is the head
    it was decided at. `repeated` says that it had been done before: nothing was written now."""

    first: int
    last: int
    events: Sequence[Event]
    repeated: bool = False

    def shifted(self, by: int) -> Outcome:
        return dataclasses.replace(self, first=self.first + by, last=self.last + by)


class RefusedTogether(Exception):
    """Of commands that were to be done all or none, these were refused; nothing was recorded."""

    def __init__(self, refusals: dict[int, Refused]) -> None:
        super().__init__("; ".join(map(str, refusals.values())))
        self.refusals = refusals


Asked = tuple[Command, Context]


class Writer:
    """Handles commands against one log."""

    def __init__(
        self,
        log: LogRecorder,
        keys: KeyStore,
        journal: AttemptsJournal,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.log = log
        self.keys = keys
        self.journal = journal
        self.now = now

    def handle(self, command: Command, context: Context) -> Outcome:
        """Decide `command` and record its events durably, all or none.

        The same command id again, from the same actor, returns the first outcome, unless they are recused from the case
        by now. Raises Refused, noted in the attempts journal, where a rule says no or where the command id was used for
        something else or by somebody else; Conflict after `ATTEMPTS` lost races; EntryTooLarge for an event that no
        entry can hold.
        """
        try:
            return self._retried(lambda: self._attempt(command, context))
        except Refused as refused:
            self._note(command, context, refused)
            raise

    def handle_all(self, asked: Sequence[Asked], dry_run: bool = False) -> list[Outcome]:
        """Decide commands one after the other, each knowing what those before it did, and record them all or none.

        Those done before are passed over, whoever asked for them: here the command id says what is asked, as the row of
        a file does. Raises RefusedTogether, with every refusal, if any is refused. A dry run records nothing, and
        journals nothing; its outcomes have the positions that the events would take now.
        """
        try:
            return self._retried(lambda: self._attempt_all(asked, dry_run))
        except RefusedTogether as together:
            if not dry_run:
                for number, refused in together.refusals.items():
                    self._note(*asked[number], refused)
            raise

    def look(self, *views: View) -> None:
        """Fill views from the log, up to its very end."""
        _Boundary(self.log).read(views)

    def _retried(self, attempt: Callable[[], T]) -> T:
        destroyed = None
        for number in range(ATTEMPTS):
            try:
                return attempt()
            except UnknownCharter:
                self._learn_charters()
            except (IntegrityError, KeyDestroyed) as error:  # the latter: erased since it was decided
                destroyed = error if isinstance(error, KeyDestroyed) else None
                time.sleep(random.uniform(0, 0.002 * 2**number))
        if destroyed is not None:  # the log does not say so: it may be older than the key store
            raise Refused("command.erased", "The key of whom this is about was destroyed.")
        raise Conflict("Others kept changing what this stands on. Please try again.")

    def _attempt(self, command: Command, context: Context) -> Outcome:
        boundary = _Boundary(self.log)
        try:
            decided = _decide(command, context, boundary, _admit(command, context, boundary))
            if not decided.facts:
                return Outcome(boundary.after, boundary.after, ())
            recorded = self.log.record(self._events(decided), boundary.condition())
        except Recused:
            if (before := self.log.command(context.command_id)) is not None:
                self._first_outcome(before, command, context)  # an id that was used for something else is refused
            raise
        except Refused:
            # A command that was done already is mostly refused now, because it was done already.
            if (before := self.log.command(context.command_id)) is None:
                raise
            return self._first_outcome(before, command, context)
        except CommandKnown as known:
            return self._first_outcome(known, command, context)
        return Outcome(recorded.first, recorded.last, decided.facts)

    def _attempt_all(self, asked: Sequence[Asked], dry_run: bool) -> list[Outcome]:
        boundary = _Boundary(self.log)
        outcomes: list[Outcome] = []
        decisions: list[Command] = []
        refusals: dict[int, Refused] = {}
        for number, (command, context) in enumerate(asked):
            try:
                barred = _admit(command, context, boundary)
                if (known := self.log.command(context.command_id)) is not None:
                    outcomes.append(self._first_outcome(known, command, context, by_anybody=True))
                    continue
                decided = _decide(command, context, boundary, barred)
            except Refused as refused:
                refusals[number] = refused
                continue
            first = boundary.after + len(boundary.expected) + 1
            outcomes.append(Outcome(first, first + len(decided.facts) - 1, decided.facts))
            boundary.expect(decided.facts)
            decisions.append(decided)
        if refusals:
            raise RefusedTogether(refusals)
        if boundary.expected and not dry_run:
            events = [event for decided in decisions for event in self._events(decided)]
            try:
                shift = self.log.record(events, boundary.condition()).first - (boundary.after + 1)
            except CommandKnown:
                raise IntegrityError("one of the commands was recorded meanwhile") from None
            return [each if each.repeated else each.shifted(shift) for each in outcomes]
        return outcomes

    def _events(self, decided: Command) -> list[LogEvent]:
        """What is to be recorded of a decision: sealed, encoded, tagged; the first event bears the command's id."""
        context = decided.context
        events = []
        for number, fact in enumerate(decided.facts, 1):
            sealed = self._seal(fact, f"{context.command_id}.{number}")
            data = tail(sealed, context, number, decided.rule_version, self.log.source)
            events.append(LogEvent(fact.TOPIC, data, tags_of(fact)))
        if events:
            events[0].command_id = context.command_id
            whose = [key_of(fact) for fact in decided.facts if unsealed(fact)]
            events[0].command_digest = self.keys.digest_for(whose, _content(decided, context.actor))
        return events

    def _seal(self, fact: Event, event_id: str) -> Event:
        """The event with its personal details sealed under the key of whom it is about."""
        open_fields = {
            field: self.keys.seal(key_of(fact), event_id, fact.TOPIC, details)
            for field, details in unsealed(fact).items()
        }
        return replace(fact, **open_fields) if open_fields else fact

    def _note(self, command: Command, context: Context, refused: Refused) -> None:
        try:
            subjects = tags_of(command)
        except ValueError:
            subjects = []  # what is in the place of an id may be anything, a name for one: it is not for the journal
        self.journal.note(self.now(), type(command).__name__, subjects, context, refused)

    def _first_outcome(
        self, known: CommandKnown, command: Command, context: Context, by_anybody: bool = False
    ) -> Outcome:
        recorded = []
        for entry in self.log.entries(known.position - 1, page=16):
            envelope = read_envelope(entry.bytes)
            if envelope.commandid != context.command_id:
                break
            recorded.append(envelope)
        actor = recorded[0].actor if by_anybody else context.actor
        events = [envelope.event for envelope in recorded]
        whose = [key_of(fact) for fact in events if any(isinstance(each, Sealed) for each in fact.as_dict().values())]
        digest = self.keys.digest_for(whose, _content(command, actor))
        if digest is None and not by_anybody:  # else the command id says what was asked
            sentence = "What this command id was used for concerned somebody who was erased since."
            raise Refused("command.erased", f"{sentence} It cannot be compared any more.")
        if digest is not None and known.digest != digest:
            raise Refused("command.reused", "This command id was used before, for something else or by somebody else.")
        return Outcome(known.position, known.position + len(events) - 1, events, repeated=True)

    def _learn_charters(self) -> None:
        query = DCBQuery([DCBQueryItem([CharterPublished.TOPIC])])
        for entry in self.log.select(query)[1]:
            published = read_envelope(entry.bytes).event
            assert isinstance(published, CharterPublished)
            learn(published.text)


def refuse_malformed_ids(command: Command) -> None:
    """Raises Refused("id.malformed") for an id that could be no tag.

    The sentence is journaled, so it does not tell what was in the place of the id: that might be somebody's name.
    """
    for field, kind, several in id_fields(type(command)):
        value = getattr(command, field)
        for each in value if several else (value,):
            if each is not None and not is_well_formed(kind, each):
                what = "reference of a case" if kind == "case" else f"{kind} id"
                also = ", slashes and brackets" if kind == "case" else ""
                sentence = f"That is no {what}: up to 80 letters, digits, dots, dashes and underscores{also}."
                raise Refused("id.malformed", sentence, field)


def _admit(command: Command, context: Context, boundary: _Boundary) -> list[Barred]:
    """Who of those who ask, or approve, is barred from anything. Raises Refused for a command that cannot be about
    anything, and Recused for one that names what one of them is recused from: before anything else is said of it."""
    refuse_malformed_ids(command)
    barred = barred_from(context, boundary.read)
    tags = frozenset[str]().union(*(each.tags for each in barred))
    if not tags.isdisjoint(tags_of(command)):
        refused = _refusal(lambda: command.refuse_barred(barred, boundary.read))
        raise Recused(refused or _refusal(lambda: _decide(command, context, boundary.without(tags), ())))
    return barred


def _refusal(asked: Callable[[], object]) -> Refused | None:
    """Why something is refused; None: it is not."""
    try:
        asked()
    except Refused as refused:
        return refused
    return None


def _decide(command: Command, context: Context, boundary: _Boundary, barred: Sequence[Barred]) -> Command:
    """A copy of the command that was executed: it holds its context and what it triggered."""
    command = command.again()
    command.context = context
    if barred:
        command.refuse_barred(barred, boundary.read)
    command.decide(boundary.read)
    refuse_sealing_for_erased(command, boundary.read)
    return command


class _Boundary:
    """What a decision, or several that are recorded together, has read: its query items, and the head before the first
    of them. `expected` is what those before it in the same append decided, as if it were recorded already."""

    def __init__(self, log: LogRecorder) -> None:
        self._log = log
        self._topics: dict[tuple[str, ...], dict[str, None]] = {}
        self._expected_by: dict[str, list[tuple[int, Event, list[str]]]] = defaultdict(list)
        self._hidden: frozenset[str] = frozenset()
        self.expected: list[Event] = []
        self.after = 0

    def without(self, hidden: frozenset[str]) -> _Boundary:
        """One that has read nothing, and reads as if nothing were recorded of what bears these tags."""
        other = copy(self)
        other._topics, other._hidden = {}, hidden
        return other

    def condition(self) -> DCBAppendCondition | None:
        return DCBAppendCondition(_query(self._topics), self.after) if self._topics else None

    def read(self, views: Sequence[View]) -> None:
        """Fill views from the log. What touches any of them after the first read makes the append fail."""
        if not views:
            return  # a query without items would be for all history
        tags = [tuple(tags_of(view)) for view in views]
        asked: dict[tuple[str, ...], dict[str, None]] = {}
        for view, of in zip(views, tags, strict=True):
            asked.setdefault(of, {}).update(_topics(type(view)))
        head, entries = self._log.select(_query(asked))
        if not self._topics:
            self.after = head.position
        for of, topics in asked.items():
            self._topics.setdefault(of, {}).update(topics)
        listening = [(view, set(of)) for view, of in zip(views, tags, strict=True)]
        for entry in entries:
            fact, borne = _read(entry)
            if is_kept(fact, borne, self._hidden):
                continue
            for view, wanted in listening:
                if wanted.issubset(borne):
                    view.note(fact, entry.position)
        if self.expected:
            for view, wanted in listening:
                self._note_expected(view, wanted)

    def expect(self, facts: Sequence[Event]) -> None:
        for fact in facts:
            borne = tags_of(fact)
            for each in (*borne, fact.TOPIC):
                self._expected_by[each].append((len(self.expected), fact, borne))
            self.expected.append(fact)

    def _note_expected(self, view: View, wanted: set[str]) -> None:
        topics = _topics(type(view))
        by = [next(iter(wanted))] if wanted else list(topics)
        found = {
            number: fact
            for each in by
            for number, fact, borne in self._expected_by[each]
            if wanted.issubset(borne) and not is_kept(fact, borne, self._hidden)
        }
        for _, fact in sorted(found.items()):
            view.note(fact)


class _Decoded(msgspec.Struct):
    """As much of an entry as a decision needs."""

    tags: str
    dataversion: int
    data: msgspec.Raw


_decode = msgspec.json.Decoder(_Decoded).decode


def _read(entry: Entry) -> tuple[Event, list[str]]:
    decoded = _decode(entry.bytes)
    return decode(entry.topic, decoded.dataversion, decoded.data), decoded.tags.split()


@cache
def _topics(view: type[View]) -> dict[str, None]:
    """What a view listens to, as a dict for its order."""
    return {t.TOPIC: None for t in view.listens_to()}


def _query(topics: Mapping[tuple[str, ...], Iterable[str]]) -> DCBQuery:
    """One item for each set of tags, of whatever types are asked about it: the fewer items, the less to look up."""
    return DCBQuery([DCBQueryItem(list(types), list(tags)) for tags, types in topics.items()])


def _content(command: Command, actor: str) -> bytes:
    """What was asked, and by whom: the same bytes for the same question."""
    content: list[Any] = [type(command).__name__, actor]
    content += [getattr(command, name) for name in parameters(type(command))]
    return msgspec.json.encode(content)
