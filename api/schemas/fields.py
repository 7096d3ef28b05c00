"""Fields of requests: strict, and described to the letter in the OpenAPI document."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import fields, validate

from workflow.ids import ID_PATTERN, is_id

# What a database or a terminal cannot take in a text: controls but tab, line feed and carriage return; halves of pairs.
_CONTROLS = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ud800-\\udfff"
_CLEAN = re.compile(f"[^{_CONTROLS}]*")
INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+ -]\d\d:\d\d)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


class Text(fields.String):
    """A text of `least` to `most` characters, without control characters."""

    default_error_messages = {  # noqa: RUF012  # marshmallow gathers these by class
        "controls": "Control characters are not allowed."
    }

    def __init__(self, least: int = 1, most: int = 200, **kwargs: Any) -> None:
        metadata = {"pattern": f"^[^{_CONTROLS}]*$"} | kwargs.pop("metadata", {})
        super().__init__(validate=validate.Length(least, most), metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if _CLEAN.fullmatch(text) is None:
            raise self.make_error("controls")
        return text


class Id(fields.String):
    """An id: up to 80 ASCII letters, digits, dots, dashes, underscores."""

    default_error_messages = {  # noqa: RUF012
        "id": "An id is 1 to 80 letters, digits, dots, dashes, underscores; first a letter or digit."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": ID_PATTERN} | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_id(text):
            raise self.make_error("id")
        return text


class Day(fields.Field[date]):
    """A date `YYYY-MM-DD`, in the institution's time zone."""

    default_error_messages = {"day": "A date is written YYYY-MM-DD."}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise self.make_error("day")


class Instant(fields.Field[datetime]):
    """An RFC 3339 instant, in a query."""

    default_error_messages = {  # noqa: RUF012
        "instant": "An instant is written 2025-04-05T10:11:12Z, or with an offset such as %2B08:00."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": f"^{INSTANT.pattern}$"} | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        found = instant_in(value) if isinstance(value, str) else None
        if found is None:
            raise self.make_error("instant")
        return found


def instant_in(text: str) -> datetime | None:
    """The RFC 3339 instant that a text of a query is; None if it is none."""
    found = INSTANT.fullmatch(text)
    if found is None:
        return None
    day, clock, fraction, offset = found.groups()
    # A plus sign that was not escaped arrives as a space: that is what a query means by it.
    offset = offset.upper().replace(" ", "+")
    try:
        return datetime.fromisoformat(f"{day}T{clock}{(fraction or '.0')[:7]}{offset}")
    except ValueError:  # the 30th of February, an hour 25
        return None


class Number(fields.Field[Decimal]):
    """A decimal, as a JSON number or as a text; it never passes through a float.

    At most twelve digits before the point and six after it, whatever the rules of its use allow of that.
    """

    default_error_messages = {  # noqa: RUF012
        "number": "A number has at most twelve digits before the point and six after it, and no exponent."
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        # A number in JSON has come as an int or a Decimal; its digits are what the sender wrote, or what they mean.
        if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 20:
            value = f"{value:f}"
        elif isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or _NUMBER.fullmatch(value) is None:
            raise self.make_error("number")
        return Decimal(value)


class Whole(fields.Field[int]):
    """A whole number from `least` to `most`, never a text or a flag."""

    default_error_messages = {"whole": "A whole number from {least} to {most}."}  # noqa: RUF012

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(metadata={"minimum": least, "maximum": most} | kwargs.pop("metadata", {}), **kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise self.make_error("whole", least=self.least, most=self.most)
        return value


class QueryWhole(Whole):
    """A whole number in a query, where everything is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,18}", value) else None
        return super()._deserialize(number, attr, data, **kwargs)


class Flag(fields.Field[bool]):
    """true or false, and nothing that looks like it."""

    default_error_messages = {"flag": "Either true or false."}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("flag")
        return value


class QueryFlag(Flag):
    """The same in a query, where everything is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        return super()._deserialize({"true": True, "false": False}.get(value, value), attr, data, **kwargs)


OPENAPI: dict[type[fields.Field[Any]], tuple[str | None, str | None]] = {
    Day: ("string", "date"),
    Instant: ("string", "date-time"),
    Whole: ("integer", None),
    QueryWhole: ("integer", None),
    Flag: ("boolean", None),
    QueryFlag: ("boolean", None),
    Number: (None, None),
}
"""The type and format of our own fields in the OpenAPI document; of a number see `number_properties`."""


def number_properties(_: Any, field: Any, **__: Any) -> dict[str, Any]:
    """What the OpenAPI document says of a `Number`: a text is exact in every language, a number is convenient."""
    if not isinstance(field, Number):
        return {}
    edge = 999_999_999_999
    allowed: list[dict[str, Any]] = [
        {"type": "string", "pattern": f"^{_NUMBER.pattern}$"},
        {"type": "number", "minimum": -edge, "maximum": edge},
    ]
    return {"anyOf": [*allowed, {"type": "null"}] if field.allow_none else allowed}
