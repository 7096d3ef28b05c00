"""Charters that were read, by the digest of their text: the same digest is the same charter, always."""

from __future__ import annotations

from workflow.charter.loader import digest, parse
from workflow.charter.model import Charter

_known: dict[str, Charter] = {}


class UnknownCharter(LookupError):
    """A charter is in force whose text has not been read yet in this process."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"the text of charter {digest} has not been read yet")
        self.digest = digest


def learn(text: str) -> Charter:
    """Read a charter and keep it. Raises CharterError for a text that is none."""
    key = digest(text)
    if key not in _known:
        _known[key] = parse(text, key)
    return _known[key]


def by_digest(key: str) -> Charter:
    """Raises UnknownCharter for one that was not learnt."""
    try:
        return _known[key]
    except KeyError:
        raise UnknownCharter(key) from None
