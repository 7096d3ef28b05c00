"""What the text of a cell means, by the type of its column."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from api.imports.cells import plain
from api.imports.templates import Column, normalised
from workflow.ids import is_id

Value = str | tuple[str, ...] | dt.date | Decimal | int | bool | None

MAX_TEXT = 2_000

_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])",
    re.ASCII,
)
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月份?)", re.ASCII)
_QUARTER = re.compile(r"(\d{4})(?:[-/ ]?[Qq]([1-4])|年?第?([1-4一二三四])季度?)", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:年度?)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,10})?%?", re.ASCII)
_DIVIDERS = re.compile(r"[\s,;、]+")
_BOOLS = {
    "true": True,
    "yes": True,
    "是": True,
    "1": True,
    "false": False,
    "no": False,
    "否": False,
    "0": False,
}


def value_of(text: str, column: Column) -> Value:
    """The value of a cell that is not blank. Raises ValueError if the column does not allow it.

    Full-width digits and letters are taken as half-width everywhere but in a text.
    """
    if column.type == "text":
        return _text(text)
    text = unicodedata.normalize("NFKC", text)
    match column.type:
        case "id":
            return _id(text)
        case "ids":
            return tuple(dict.fromkeys(_id(part) for part in _DIVIDERS.split(text) if part))
        case "date":
            return _date(text)
        case "period":
            return _period(text)
        case "year":
            return _year(_parts(_YEAR, text)[0])
        case "decimal":
            return _decimal(text)
        case "enum":
            return _choice(text, column)
        case "bool":
            return _bool(text)


def _text(text: str) -> str:
    if len(text) > MAX_TEXT or any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        raise ValueError("too long, or with control characters")
    return text


def _id(text: str) -> str:
    if not is_id(text):
        raise ValueError("not an id")
    return text


def _parts(pattern: re.Pattern[str], text: str) -> list[str]:
    """What the groups that took part in matching all of `text` hold."""
    found = pattern.fullmatch(text)
    if not found:
        raise ValueError(f"not like {pattern.pattern}")
    return [group for group in found.groups() if group]


def _year(text: str) -> int:
    if not 1900 <= int(text) <= 2199:
        raise ValueError("a year out of the question")
    return int(text)


def _date(text: str) -> dt.date:
    """The year comes first and has four digits; 3/4/2025 and 25-03-04 could be read in two ways."""
    year, month, day = _parts(_DATE, text)
    return dt.date(_year(year), int(month), int(day))


def _period(text: str) -> str:
    """`2025-04` or `2025-Q2`. Spreadsheet programs make 1 April of a typed 2025-04: it means the month."""
    if _QUARTER.fullmatch(text):
        year, quarter = _parts(_QUARTER, text)
        return f"{_year(year)}-Q{'一二三四'.find(quarter) + 1 or quarter}"
    if _DATE.fullmatch(text):
        day = _date(text)
    else:
        year, month = _parts(_MONTH, text)
        day = dt.date(_year(year), int(month), 1)
    if day.day != 1:
        raise ValueError("a day within a month")
    return f"{day:%Y-%m}"


def _decimal(text: str) -> Decimal:
    """98% is 98: an indicator measured in percent has the percentage as its unit."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError("not a plain decimal")
    return Decimal(plain(Decimal(text.removesuffix("%"))))


def _choice(text: str, column: Column) -> str:
    wanted = normalised(text)
    for choice, words in column.choices.items():
        if wanted in {normalised(choice), *map(normalised, words)}:
            return choice
    raise ValueError("not one of the choices")


def _bool(text: str) -> bool:
    if text.casefold() not in _BOOLS:
        raise ValueError("neither yes nor no")
    return _BOOLS[text.casefold()]
