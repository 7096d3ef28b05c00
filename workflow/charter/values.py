"""The values that stand at a charter's keys: which ones fit, what to say is allowed, how to show what was found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches

from msgspec.inspect import (
    BoolType,
    DateType,
    DecimalType,
    IntType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    TimeType,
    Type,
    UnionType,
    VarTupleType,
)

from workflow.charter.measurement import Limit


def fits(node: Type, value: object) -> bool:
    """Whether a plain value is what its type says. A bool is no number here, nor a date-time a date."""
    match node:
        case LiteralType(values=values):
            return isinstance(value, str) and value in values
        case StrType(pattern=str(pattern)):
            return isinstance(value, str) and re.search(pattern, value) is not None
        case StrType():
            return isinstance(value, str) and bool(value.strip()) and not re.search(r"[\x00-\x1f\x7f]", value)
        case IntType(ge=ge, le=le):
            return type(value) is int and (ge is None or value >= ge) and (le is None or value <= le)
        case DecimalType():
            return _is_plain_number(value)
        case BoolType():
            return isinstance(value, bool)
        case DateType():
            return type(value) is date
        case TimeType():
            return type(value) is time
    raise TypeError(f"a charter has no values of {node}")


def _is_plain_number(value: object) -> bool:
    """Below 10^12 and with at most six decimals, so that sums and products of a few stay exact."""
    if type(value) is not int and not isinstance(value, Decimal):
        return False
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -6 and number.adjusted() < 12


def allowed(node: Type) -> str:
    """What may stand where the model has this type, in words."""
    match node:
        case Metadata(extra={"refers_to": str(section)}):
            return f"the id of one of the {section}"
        case Metadata(type=inner):
            return allowed(inner)
        case UnionType(types=types):
            return allowed(next(t for t in types if not isinstance(t, NoneType)))
        case VarTupleType(item_type=item, min_length=least):
            return f"a list{f' of at least {least}' if least else ''}, each item {allowed(item)}"
        case StructType(cls=cls) if cls is Limit:
            return 'a comparator (<, <=, >, >=) and a number, such as "<98" or ">=1"'
        case StructType(fields=fields):
            return f"a table with {one_of([field.name for field in fields])}"
        case LiteralType(values=values):
            return "one of " + one_of(map(str, values))
        case StrType(pattern=str()):
            return "an id: up to 80 ASCII letters, digits, dots, dashes and underscores"
        case StrType():
            return "text on one line, not blank"
        case IntType(ge=int(ge), le=int(le)):
            return f"a whole number from {ge:,} to {le:,}"
        case DecimalType():
            return "a number below 10^12 with at most six decimals"
        case BoolType():
            return "true or false"
        case DateType():
            return "a date such as 2025-05-01, without quotes"
        case TimeType():
            return "a local time such as 18:00:00, without quotes"
    raise TypeError(f"a charter has no values of {node}")


def shown(value: object) -> str:
    """A value as its author wrote it, or nearly, and never long."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 200:
        return "a huge number"  # Python refuses to write out the hugest
    return f'"{brief(value)}"' if isinstance(value, str) else brief(str(value))


def brief(text: str) -> str:
    """At most 60 characters on one line."""
    line = re.sub(r"[\x00-\x1f\x7f]+", " ", text)
    return line if len(line) <= 60 else line[:59] + "…"


def one_of(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def did_you_mean(word: object, names: Iterable[str]) -> str:
    """A hint at the name that `word` is closest to, or ""."""
    close = get_close_matches(word, list(names), n=1) if isinstance(word, str) and len(word) <= 80 else []
    return f" (did you mean {close[0]}?)" if close else ""
