"""From parsed TOML to a charter: a walk along the types of the model that goes on after a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import msgspec
from msgspec.inspect import DecimalType, Metadata, NoneType, StructType, Type, UnionType, VarTupleType, type_info

from workflow.charter.checks import flaws_of_item
from workflow.charter.coherence import flaws_of_whole
from workflow.charter.lines import Path
from workflow.charter.measurement import Comparator, Limit
from workflow.charter.model import Charter
from workflow.charter.values import allowed, brief, did_you_mean, fits, one_of, shown

_LIMIT = re.compile(r"(<=|>=|<|>) ?(-?[0-9]{1,12}(?:\.[0-9]{1,6})?)", re.ASCII)
_FORM = cast(StructType, type_info(Charter))


class Problem(msgspec.Struct, frozen=True):
    """What is wrong at one key. `line` counts from 1, None if unknown; `key` is "" for the whole text."""

    source: str
    line: int | None
    key: str
    found: str
    allowed: str

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return ": ".join(filter(None, (place, self.key, f"found {self.found}; allowed: {self.allowed}")))


class Walk:
    """One walk over `data` along the types of the model; `lines` says where its keys stand in the text."""

    def __init__(self, data: dict[str, Any], source: str, lines: Mapping[Path, int]) -> None:
        self.data = data
        self.source = source
        self.lines = lines
        self.problems: list[Problem] = []

    def charter(self) -> Charter | None:
        """The charter, or None if there were problems. What concerns several items is looked at last."""
        for section in self.data:
            self._duplicates(section)
        charter: Charter | None = self._struct(_FORM, self.data, ())
        if charter is not None and not self.problems:
            for path, found, wanted in flaws_of_whole(charter):
                self._report(path, found, wanted)
        return None if self.problems else charter

    def _struct(self, node: StructType, table: object, path: Path) -> Any:
        """An instance of the node's class, or None after reporting why there is none."""
        if not isinstance(table, dict):
            self._report(path, shown(table), "a table")
            return None
        before = len(self.problems)
        fields = {field.name: field for field in node.fields}
        for key in table:
            if key not in fields:
                self._report((*path, key), "an unknown key", one_of(fields) + did_you_mean(key, fields))
        values = {}
        for name, field in fields.items():
            if name in table:
                values[name] = self._value(field.type, table[name], (*path, name))
            elif field.required:
                self._report((*path, name), "nothing", allowed(field.type))
        if len(self.problems) > before:
            return None
        item = node.cls(**values)
        for key, found, wanted in flaws_of_item(item):
            self._report((*path, key), found, wanted)
        return item if len(self.problems) == before else None

    def _value(self, node: Type, value: object, path: Path) -> Any:
        match node:
            case Metadata(extra={"refers_to": str(section)}):
                ids = self._ids(section)
                if value not in ids:
                    known = f"the id of one of the {section}: {one_of(ids)}"
                    self._report(path, shown(value), known + did_you_mean(value, ids))
                return value
            case Metadata(type=VarTupleType(item_type=StructType() as item), extra={"keyed_by_id": True}):
                return self._keyed(item, value, path)
            case Metadata(type=inner):
                return self._value(inner, value, path)
            case UnionType(types=types):
                return self._value(next(t for t in types if not isinstance(t, NoneType)), value, path)
            case VarTupleType(item_type=item_type, min_length=least):
                if not isinstance(value, list) or len(value) < (least or 0):
                    self._report(path, shown(value), allowed(node))
                    return None
                return tuple(self._value(item_type, each, (*path, n)) for n, each in enumerate(value))
            case StructType(cls=cls) if cls is Limit:
                return self._limit(node, value, path)
            case StructType():
                return self._struct(node, value, path)
        if not fits(node, value):
            self._report(path, shown(value), allowed(node))
            return None
        return Decimal(value) if isinstance(node, DecimalType) and isinstance(value, int) else value

    def _keyed(self, item: StructType, table: object, path: Path) -> Any:
        """Items written as a table whose keys are their ids."""
        if not isinstance(table, dict):
            self._report(path, shown(table), "a table whose keys are ids")
            return None
        items = []
        for id, entry in table.items():
            if isinstance(entry, dict) and "id" in entry:
                self._report((*path, id, "id"), "an unknown key", "no id of its own: the key is the id")
            items.append(self._struct(item, entry | {"id": id} if isinstance(entry, dict) else entry, (*path, id)))
        return tuple(items)

    def _limit(self, node: Type, value: object, path: Path) -> Limit | None:
        written = _LIMIT.fullmatch(value) if isinstance(value, str) else None
        if written is None:
            self._report(path, shown(value), allowed(node))
            return None
        return Limit(cast(Comparator, written[1]), Decimal(written[2]))

    def _ids(self, section: str) -> list[str]:
        """The ids in a section, also of items that have other problems."""
        items = self.data.get(section)
        if not isinstance(items, list):
            return []
        return [item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]

    def _duplicates(self, section: str) -> None:
        seen: set[str] = set()
        items = self.data[section]
        for n, item in enumerate(items if isinstance(items, list) else ()):
            id = item.get("id") if isinstance(item, dict) else None
            if isinstance(id, str) and id in seen:
                self._report((section, n, "id"), f"{shown(id)} a second time", f"each id once in {section}")
            elif isinstance(id, str):
                seen.add(id)

    def _report(self, path: Path, found: str, wanted: str) -> None:
        key, indices = self._named(path)
        line = next((self.lines[indices[:n]] for n in range(len(indices), 0, -1) if indices[:n] in self.lines), None)
        self.problems.append(Problem(self.source, line, key, found, wanted))

    def _named(self, path: Path) -> tuple[str, Path]:
        """A path as people read it, with ids for items, and as it is in the text, with indices."""
        node: Any = self.data
        key = ""
        indices: Path = ()
        for part in path:
            if isinstance(node, list):
                index = part if isinstance(part, int) else self._index(node, part)
                node = node[index]
                id = node.get("id") if isinstance(node, dict) else None
                key += f".{brief(id)}" if isinstance(id, str) else f"[{index}]"
                indices = (*indices, index)
            else:
                node = node.get(part) if isinstance(node, dict) else None
                key += f".{brief(str(part))}"
                indices = (*indices, part)
        return key.removeprefix("."), indices

    @staticmethod
    def _index(items: list[Any], id: str) -> int:
        return next(n for n, item in enumerate(items) if isinstance(item, dict) and item.get("id") == id)
