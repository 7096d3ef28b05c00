"""The charter: what is local to an organisation, as data."""

from workflow.charter.difference import Change, difference
from workflow.charter.loader import SHIPPED, CharterError, digest, load, parse, read_text, shipped
from workflow.charter.model import Charter
from workflow.charter.walk import Problem

__all__ = [
    "SHIPPED",
    "Change",
    "Charter",
    "CharterError",
    "Problem",
    "difference",
    "digest",
    "load",
    "parse",
    "read_text",
    "shipped",
]
