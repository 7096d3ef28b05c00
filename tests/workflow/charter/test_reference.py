"""docs/charter.md explains every key that a charter may have."""

from pathlib import Path

import msgspec
from msgspec.inspect import Metadata, StructType, UnionType, VarTupleType

from workflow.charter import Charter
from workflow.charter.measurement import Limit
from workflow.charter.model import Term

REFERENCE = (Path(__file__).parents[3] / "docs" / "charter.md").read_text("utf-8")


def keys(node: msgspec.inspect.Type) -> set[str]:
    match node:
        case Metadata(type=inner) | VarTupleType(item_type=inner):
            return keys(inner)
        case UnionType(types=types):
            return set().union(*map(keys, types))
        case StructType(cls=cls, fields=fields) if cls not in (Limit, Term):
            return {field.name for field in fields}.union(*(keys(field.type) for field in fields))
    return set()


def test_every_key_is_in_the_reference():
    explained = set("".join(c if c.isalnum() or c == "_" else " " for c in REFERENCE).split())
    assert keys(msgspec.inspect.type_info(Charter)) - {"zh", "en"} <= explained
