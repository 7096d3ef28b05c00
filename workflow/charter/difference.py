"""What differs between two charters, key by key: what `charter diff` shows and the second person approves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from workflow.charter.model import Charter


class Change(msgspec.Struct, frozen=True):
    """One key that differs. `old` or `new` is None where the key, or the whole item, is absent.

    Items go by their id, never by their place: `indicators.I07.red`. Values are those of the model (Decimal,
    Limit, Words, a whole item). Tuples of ids for a section mean that its items stand in another order.
    """

    key: str
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.key}: {_shown(self.old)} → {_shown(self.new)}"


def difference(old: Charter, new: Charter) -> tuple[Change, ...]:
    """Every key in which `new` differs from `old`, in the order of the model. Empty for the same content."""
    return tuple(_of_structs("", old, new))


def _of_structs(key: str, old: msgspec.Struct, new: msgspec.Struct) -> Iterator[Change]:
    for field in old.__struct_fields__:
        yield from _of_values(f"{key}.{field}" if key else field, getattr(old, field), getattr(new, field))


def _of_values(key: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, tuple) and isinstance(new, tuple) and all(hasattr(item, "id") for item in old + new):
        yield from _of_items(key, old, new)
    elif _is_table(old) and _is_table(new):
        yield from _of_structs(key, old, new)
    else:
        yield Change(key, old, new)


def _of_items(key: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Change]:
    before, after = {item.id: item for item in old}, {item.id: item for item in new}
    for id in before | after:
        if id in before and id in after:
            yield from _of_values(f"{key}.{id}", before[id], after[id])
        else:
            yield Change(f"{key}.{id}", before.get(id), after.get(id))
    order = tuple(id for id in before if id in after), tuple(id for id in after if id in before)
    if order[0] != order[1]:
        yield Change(key, *order)


def _is_table(value: Any) -> bool:
    """Whether a value is compared key by key; what is written as one text, such as a limit, is not."""
    return isinstance(value, msgspec.Struct) and type(value).__str__ is object.__str__


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    if _is_table(value):
        keys = [f"{name} = {_shown(getattr(value, name))}" for name in value.__struct_fields__]
        return "{ " + ", ".join(keys) + " }"
    return str(value).lower() if isinstance(value, bool) else str(value)
