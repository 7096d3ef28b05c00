"""Events, views and commands: the write side's three words, on the slices of `eventsourcing.dcb`.

What Resonance takes from the library's domain model is imported here and nowhere else.

    class MentorLoad(View):                     what must be known: reads one kind of history
    class StartMentorship(Command):             what may happen: knows views, executes, triggers
    class MentorshipStarted(Event):             what did happen: immutable, named for ever
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, time
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

import msgspec
from eventsourcing.dcb.domain import Decision, Selector, Slice, Tagged, decorated_funcs
from eventsourcing.domain import event, filter_kwargs_for_method_params

from workflow.ids import PersonId, tags_of

if TYPE_CHECKING:
    from workflow.barred import Barred

__all__ = ["Command", "Context", "Event", "Knows", "Read", "Refused", "Selector", "Tagged", "View", "event", "together"]


# The library's `Decision` hides from type checkers that a Struct makes frozen dataclasses.
@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Event(msgspec.Struct, Decision, frozen=True, forbid_unknown_fields=True):
    """A fact that cannot change any more.

    `TOPIC` is the stored name of the type, for ever; `VERSION` the version of its shape. Class and module may be
    renamed. A field `effective` is the date, in the institution's time zone, from which the fact holds.
    """

    TOPIC: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    topics: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.TOPIC or cls.TOPIC in Event.topics:
            raise TypeError(f"{cls.__qualname__} needs a TOPIC of its own")
        Event.topics[cls.TOPIC] = cls

    def as_dict(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in self.__struct_fields__}

    def mutate(self, obj: Any) -> Any:
        """Let `obj`, a view or a command, take note of this event; what it does not listen to passes by."""
        obj.note(self)
        return obj


class Refused(Exception):
    """A rule said no.

    `code` is stable and names the rule (`post.occupied`); `sentence` is for the person who asked; `fields` point to
    the parameters that are at fault.
    """

    def __init__(self, code: str, sentence: str, *fields: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.fields = fields

    @property
    def told(self) -> Refused:
        """What is said to whoever asked: all of it, unless somebody else may know more than they."""
        return self


@cache
def _listener(cls: type, event_cls: type[Event]) -> tuple[Callable[..., None], tuple[str, ...]] | None:
    """The method of `cls` that hears `event_cls`, and the fields of the event that it asks for by name."""
    for base in cls.__mro__:
        method = decorated_funcs.get((base, event_cls))  # type: ignore[arg-type]  # keyed by the library's metaclass
        if method is not None:
            wanted = dict.fromkeys(event_cls.__struct_fields__) | {"fact": None, "position": None}
            return method, tuple(filter_kwargs_for_method_params(wanted, method))
    return None


@dataclass_transform(eq_default=False, field_specifiers=(dataclasses.field,))
class View(Slice[Event]):
    """A small piece of what is known, folded from the events that concern the ids it is asked about.

    Its fields without a default are those ids: with the types it listens to they are its consistency boundary. Fields
    of state have `init=False` and start empty. A listening method takes by name the fields of the event it needs, or
    the whole event as `fact`, and its `position` in the log, None while it is not recorded yet.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        dataclasses.dataclass(eq=False)(cls)

    @classmethod
    def listens_to(cls) -> list[type[Event]]:
        """The types of event that can change this view. Never none: its boundary would be all history."""
        listened = dict.fromkeys(t for base in cls.__mro__ for t in getattr(base, "projected_types", ()))
        if not listened:
            raise TypeError(f"{cls.__qualname__} listens to no event")
        return list(listened)

    def consistency_boundary(self) -> Selector:
        return Selector(types=self.listens_to(), tags=tags_of(self))

    def note(self, fact: Event, position: int | None = None) -> None:
        heard = _listener(type(self), type(fact))
        if heard is not None:
            method, wanted = heard
            about = {"fact": fact, "position": position}
            method(self, **{name: about[name] if name in about else getattr(fact, name) for name in wanted})


Read = Callable[[Sequence[View]], None]
"""Fills views from the log."""


@cache
def parameters(command: type[Command]) -> tuple[str, ...]:
    """The names of what a command is asked with, in order."""
    return tuple(inspect.signature(command).parameters)


Knows = Iterator[tuple[View, ...]]
"""The stages of what a command must know: each is read at once, and may ask about what the one before it told."""


def together(several: Iterable[Knows]) -> Knows:
    """Read several at once, stage by stage."""
    for stages in zip_longest(*several, fillvalue=()):
        if views := tuple(view for stage in stages for view in stage):
            yield views


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for a command, when, and why. Time comes into a rule only through here.

    `today` is the date in the institution's time zone, `at` the time of that day. `approver` is the second person,
    where a rule wants one. `people` are who of the two is known to be a person of the institution.
    """

    actor: str
    command_id: str
    today: date
    at: time = time.min
    reason: str = ""
    approver: str = ""
    people: tuple[PersonId, ...] = ()
    correlation_id: str = ""
    causation_id: str = ""


@dataclass_transform(eq_default=False, kw_only_default=True, field_specifiers=(dataclasses.field,))
class Command(Slice[Event]):
    """What somebody wants to happen. It knows views, then executes: triggers events, or raises `Refused`."""

    context: Context
    rule_version: str = ""  # of the charter by which it was decided, if one was asked

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        dataclasses.dataclass(eq=False, kw_only=True)(cls)

    def again(self) -> Self:
        """The same question, not yet answered."""
        return type(self)(**{name: getattr(self, name) for name in parameters(type(self))})

    def refuse_barred(self, barred: Sequence[Barred], read: Read) -> None:
        """Raises Refused if one of those who ask, or approve, must have no part in this though it names no case they
        are recused from. `barred` is from what each of them is barred; asked only if that is anything."""

    def knows(self) -> Knows:
        """Yield, stage by stage, the views that this decision stands on."""
        return iter(())

    def execute(self) -> None:
        raise NotImplementedError

    def trigger(self, fact: Event) -> None:
        """Let `fact` happen, unless something is refused later on."""
        self.new_decisions.append(Tagged(tags_of(fact), fact))

    @property
    def facts(self) -> list[Event]:
        """What was triggered so far."""
        return [tagged.decision for tagged in self.new_decisions]

    def decide(self, read: Read) -> None:
        """Fill every stage of views by `read`, then execute."""
        for stage in self.knows():
            read(stage)
        self.execute()

    def consistency_boundary(self) -> Sequence[Selector]:
        """What is known before anything is read: the boundary of the first stage, and with it of most commands."""
        return [view.consistency_boundary() for view in next(self.knows(), ())]
