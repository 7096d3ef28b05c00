"""Settling the key store: it does what the log says of erasures and restrictions.

An erasure is recorded first and carried out then. Should the process die between the two, or an old backup of the key
store be restored, settling makes up for it; again it changes nothing.
"""

from __future__ import annotations

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from workflow.entry import read_envelope
from workflow.erasure.events import ERASURES, LIFTINGS, RESTRICTIONS
from workflow.ids import tag
from workflow.keys import ERASED, RESTRICTED, KeyStore
from workflow.log import LogRecorder
from workflow.organisation.events import PersonDetailsCorrected, PersonRegistered
from workflow.sealed import Sealed, key_of
from workflow.service.visits.events import PetitionerDetailsCorrected, PetitionerRegistered

_STATES = {
    **dict.fromkeys((kind.TOPIC for kind in ERASURES), ERASED),
    **dict.fromkeys((kind.TOPIC for kind in RESTRICTIONS), RESTRICTED),
    **dict.fromkeys((kind.TOPIC for kind in LIFTINGS), ""),
}
_NAMING = PersonRegistered, PersonDetailsCorrected, PetitionerRegistered, PetitionerDetailsCorrected


def settle(log: LogRecorder, keys: KeyStore) -> set[str]:
    """Have no key and no name be there of who was erased, and what is restricted be so, and nothing else. Returns who
    was erased, by the names of their keys."""
    settled: dict[str, str] = {}
    while (told := _told(log)) != settled:  # what is told meanwhile may have been settled before by somebody else
        _settle(log, keys, told)
        settled = told
    return _erased(settled)


def _told(log: LogRecorder) -> dict[str, str]:
    """What the log says last of each who was ever erased or restricted, by the name of their key."""
    _, entries = log.select(DCBQuery([DCBQueryItem(list(_STATES))]))
    return {key_of(read_envelope(entry.bytes).event): _STATES[entry.topic] for entry in entries}


def _erased(told: dict[str, str]) -> set[str]:
    return {whose for whose, state in told.items() if state == ERASED}


def _settle(log: LogRecorder, keys: KeyStore, told: dict[str, str]) -> None:
    held = keys.held()
    erased = _erased(told)
    for whose in sorted({each for each in erased if held.get(each) != ERASED} | keys.leftovers(erased)):
        keys.erase(whose)
    for whose, state in told.items():
        if state == RESTRICTED and held.get(whose) != RESTRICTED:
            keys.restrict(whose)
        elif state == "" and held.get(whose) == RESTRICTED:
            keys.lift(whose, _details(log, whose))
    if erased:  # somebody who was reading may have kept the write-ahead log from being emptied then
        keys.clean()


def _details(log: LogRecorder, whose: str) -> Sealed:
    """The details of somebody as they were recorded last."""
    about = whose if ":" in whose else tag("person", whose)
    _, entries = log.select(DCBQuery([DCBQueryItem([kind.TOPIC for kind in _NAMING], [about])]))
    fact = read_envelope(entries[-1].bytes).event
    assert isinstance(fact, _NAMING)
    return fact.details
