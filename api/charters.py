"""Putting a charter in force: the charter itself, and the indicators it defines, all or nothing."""

from __future__ import annotations

from datetime import date

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from msgspec.structs import replace

from api.wiring import Resonance
from workflow.charter import Charter, digest
from workflow.charter.adoption import AdoptCharter
from workflow.charter.events import CharterAdopted
from workflow.charter.library import by_digest, learn
from workflow.entry import read_envelope
from workflow.ids import IndicatorId
from workflow.indicators.commands import AdoptIndicator, AmendIndicator, RetireIndicator
from workflow.indicators.definitions import definition_of
from workflow.slices import Command
from workflow.writer import Outcome


def adopted(resonance: Resonance) -> list[CharterAdopted]:
    """Every adoption of a charter, in the order in which they were recorded."""
    _, entries = resonance.log.select(DCBQuery([DCBQueryItem([CharterAdopted.TOPIC])]))
    found = [read_envelope(entry.bytes).event for entry in entries]
    return [fact for fact in found if isinstance(fact, CharterAdopted)]


def last_adopted(resonance: Resonance) -> Charter | None:
    """The charter that was adopted last, whenever it takes effect."""
    adoptions = adopted(resonance)
    if not adoptions:
        return None
    resonance.today()  # which reads the texts that were published since the last look
    return by_digest(adoptions[-1].digest)


def apply_charter(
    resonance: Resonance, text: str, effective: date, actor: str, approver: str, reason: str = ""
) -> list[Outcome]:
    """Adopt a charter from a day on, and adopt, amend or retire the indicators that it defines anew or no more.

    One that was adopted already, from that day on, changes nothing. Raises CharterError for a text that is no charter,
    RefusedTogether where a rule says no.
    """
    charter, before = learn(text), last_adopted(resonance)
    if any((a.digest, a.effective) == (digest(text), effective) for a in adopted(resonance)):
        return []
    known = {i.id: definition_of(i) for i in before.indicators} if before else {}
    wanted = {i.id: definition_of(i) for i in charter.indicators}
    commands: list[Command] = [AdoptCharter(text=text, effective=effective)]
    for name, definition in wanted.items():
        indicator = IndicatorId(name)
        if name not in known:
            commands.append(AdoptIndicator(indicator=indicator, definition=definition, effective=effective))
        elif known[name] != definition:
            commands.append(AmendIndicator(indicator=indicator, definition=definition, effective=effective))
    commands += [
        RetireIndicator(indicator=IndicatorId(name), effective=effective) for name in known if name not in wanted
    ]
    context = resonance.context(actor, approver=approver, reason=reason)
    key = f"charter.{digest(text).removeprefix('sha256:')}.{effective}"
    return resonance.handle_all(
        [(command, replace(context, command_id=f"{key}.{n}")) for n, command in enumerate(commands, 1)]
    )
