"""Entries: the exact bytes of an event as the log keeps them, a CloudEvents 1.0 document in its JSON format.

An entry is `frame ‖ tail`. The log writes the frame under the writer's lock, because only there is the time known:

    {"time":"2025-04-05T10:11:12.123456Z","type":"appointment.started","tags":"person:P007 post:G3-HEAD",

The tail is everything else, from the next member to the closing brace. Both together are hashed, exported and shown to
auditors, and never serialised again. Extension attributes are strings or integers with names of lower-case letters, as
the CloudEvents specification (v1.0.2, "Type System", "Naming Conventions") wants them; that is why tags are one string.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from workflow.slices import Context, Event

MAX_ENTRY = 60_000
"""The most bytes an entry may have. A tile of the ledger gives an entry's length in 16 bits."""

SOURCE = "/resonance"

_DISALLOWED = "\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
"""What strings of CloudEvents may not hold ("Type System"): control characters, surrogates, noncharacters."""

is_text = re.compile(f"[^{_DISALLOWED}]*").fullmatch
"""Matches what a string attribute may hold."""
is_type = re.compile(f'[^"\\\\{_DISALLOWED}]+').fullmatch
"""Matches what may be a type. Neither types nor tags need JSON escapes: the log writes them into frames as they are."""
is_tag = re.compile(f'[^"\\\\\\s{_DISALLOWED}]+').fullmatch
"""Matches what may be a tag."""

_disallowed = re.compile(f"[{_DISALLOWED}]")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class EntryTooLarge(Exception):
    """An event would need more than `MAX_ENTRY` bytes; attachments are referred to by digest, never held."""


class Attributes(msgspec.Struct, frozen=True):
    """The tail of an entry when it is written. Empty ones are left out; `data` is the event itself."""

    specversion: str
    id: str
    source: str
    actor: str
    commandid: str
    dataversion: int
    data: Any


class _OptionalAttributes(msgspec.Struct, frozen=True, omit_defaults=True):
    effectivedate: str = ""
    reason: str = ""
    approver: str = ""
    correlationid: str = ""
    causationid: str = ""
    ruleversion: str = ""


class Envelope(msgspec.Struct, frozen=True):
    """A whole entry when it is read: who, when, why, and the bytes of the data."""

    time: str
    type: str
    tags: str
    id: str
    actor: str
    commandid: str
    dataversion: int
    data: msgspec.Raw
    effectivedate: str = ""
    reason: str = ""
    approver: str = ""
    correlationid: str = ""
    causationid: str = ""
    ruleversion: str = ""
    source: str = SOURCE
    specversion: str = "1.0"

    @property
    def event(self) -> Event:
        return decode(self.type, self.dataversion, self.data)


_encode = msgspec.json.Encoder(decimal_format="string").encode
_envelopes = msgspec.json.Decoder(Envelope)
_data_decoders: dict[str, msgspec.json.Decoder[Event]] = {}

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: dict[tuple[str, int], Upcast] = {}
"""(topic, version) → what turns data of that version into the next. A stored shape stays readable for ever."""


def frame(microseconds: int, topic: str, tags: str) -> bytes:
    """What the log puts before a tail. `tags` are joined by spaces."""
    return f'{{"time":"{instant_text(microseconds)}",'.encode() + untimed(topic, tags)


def untimed(topic: str, tags: str) -> bytes:
    """What follows the time in a frame."""
    return f'"type":"{topic}","tags":"{tags}",'.encode()


def tail(fact: Event, context: Context, number: int, rule_version: str, source: str = SOURCE) -> bytes:
    """The bytes after the frame, of the `number`-th event of a command. Its id follows from the command's: unique
    within `source`, the log's own.

    A line break in a reason becomes a space, as does all else that strings of CloudEvents may not hold.
    """
    effective = getattr(fact, "effective", None)
    optional = _encode(
        _OptionalAttributes(
            effectivedate=effective.isoformat() if effective else "",
            reason=_attribute(context.reason),
            approver=_attribute(context.approver),
            correlationid=_attribute(context.correlation_id),
            causationid=_attribute(context.causation_id),
            ruleversion=_attribute(rule_version),
        )
    )[1:-1]
    required = _encode(
        Attributes(
            "1.0",
            f"{context.command_id}.{number}",
            source,
            _attribute(context.actor),
            context.command_id,
            fact.VERSION,
            fact,
        )
    )[1:]
    return optional + b"," + required if optional else required


def _attribute(text: str) -> str:
    return text if is_text(text) else _disallowed.sub(" ", text)


def read_envelope(entry: bytes) -> Envelope:
    """The envelope of an entry. Raises msgspec.DecodeError (ValidationError) for bytes that are none."""
    return _envelopes.decode(entry)


def decode(topic: str, version: int, data: bytes | msgspec.Raw) -> Event:
    """The event in `data`, upcast to the present shape. Raises KeyError for a topic nobody knows, and for a version
    that is later than the present one or that no upcast leads on from."""
    cls = Event.topics[topic]
    if version > cls.VERSION:
        raise KeyError((topic, version))
    if version == cls.VERSION:
        decoder = _data_decoders.get(topic)
        if decoder is None:
            decoder = _data_decoders[topic] = msgspec.json.Decoder(cls)
        return decoder.decode(data)
    old = msgspec.json.decode(data)
    for step in range(version, cls.VERSION):
        old = UPCASTS[topic, step](old)
    return msgspec.convert(old, cls, str_keys=True)


def instant_text(microseconds: int) -> str:
    """RFC 3339 in UTC with six digits, always 27 characters: texts sort as the instants do."""
    return (_EPOCH + timedelta(microseconds=microseconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of an aware datetime, exactly."""
    return (instant - _EPOCH) // _MICROSECOND
