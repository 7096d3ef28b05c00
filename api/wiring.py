"""Where everything is wired: one installation, made from its settings. The command line and tests use it too."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from api.settings import Settings
from api.tokens import Tokens
from projections.generations import Generations
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import by_digest, learn
from workflow.entry import read_envelope
from workflow.erasure.commands import (
    ErasePerson,
    ErasePetitioner,
    LiftPersonRestriction,
    LiftPetitionerRestriction,
    RestrictPerson,
    RestrictPetitioner,
)
from workflow.erasure.settling import settle
from workflow.ids import PersonId
from workflow.journal import AttemptsJournal
from workflow.keys import KeyStore
from workflow.ledger.keeper import Keeper
from workflow.ledger.notes import VerifierKey
from workflow.ledger.signing import SigningKeys
from workflow.ledger.store import LedgerStore
from workflow.log import LogRecorder, open_log
from workflow.looks import LooksJournal
from workflow.organisation.people import CorrectPersonDetails, RegisterPerson
from workflow.sealed import key_of_outsider
from workflow.service.visits.commands import CorrectPetitionerDetails, RegisterPetitioner
from workflow.slices import Command, Context, Refused
from workflow.writer import Outcome, Writer

_OF_HOLDS = (
    ErasePerson,
    ErasePetitioner,
    RestrictPerson,
    RestrictPetitioner,
    LiftPersonRestriction,
    LiftPetitionerRestriction,
)
"""The commands after which something is to be settled."""


@dataclass
class Zone:
    """The institution's time zone: that of the charter adopted last; UTC until there is one."""

    log: LogRecorder
    _seen: int = 0
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def local(self, instant: datetime) -> datetime:
        """An instant in the institution's time zone."""
        # Only what was appended since the last look is read: most of the time nothing.
        query = DCBQuery([DCBQueryItem([CharterPublished.TOPIC, CharterAdopted.TOPIC])])
        head, entries = self.log.select(query, after=self._seen)
        for entry in entries:
            fact = read_envelope(entry.bytes).event
            if isinstance(fact, CharterPublished):
                learn(fact.text)
            elif isinstance(fact, CharterAdopted):
                self.zone = ZoneInfo(by_digest(fact.digest).institution.timezone)
        self._seen = head.position
        return instant.astimezone(self.zone)


@dataclass
class Resonance:
    """One institution's log and what lies beside it."""

    settings: Settings
    now: Callable[[], datetime]
    log: LogRecorder
    keys: KeyStore
    journal: AttemptsJournal
    looks: LooksJournal
    tokens: Tokens
    writer: Writer
    zone: Zone
    ledger: LedgerStore
    signing: SigningKeys
    _settled: bool = False

    @cached_property
    def generations(self) -> Generations:
        """Where the facts are read from."""
        return Generations(self.settings.database)

    def migrate(self) -> None:
        """Create what is missing in the databases. The facts are the projector's."""
        self.log.migrate()
        self.keys.migrate()
        self.journal.migrate()
        self.looks.migrate()
        self.tokens.migrate()
        self.ledger.migrate()
        self.signing.migrate()

    @property
    def verifiers(self) -> list[VerifierKey]:
        """The keys whose signature under a checkpoint of this log counts, the last one first."""
        return [key.verifier for key in reversed(self.signing.all())]

    def keeper(self) -> Keeper:
        """Who keeps the ledger. Raises NoSigningKey."""
        self.signing.current()  # who has no key is told so now, and not when there is something to sign
        return Keeper(self.ledger, self.log, self.signing, self.now)

    def today(self) -> date:
        """The date in the institution's time zone."""
        return self.zone.local(self.now()).date()

    def context(
        self,
        actor: str,
        *,
        command_id: str = "",
        reason: str = "",
        approver: str = "",
        people: tuple[PersonId, ...] = (),
    ) -> Context:
        """Who asks for a command, now. Without a command id, one is made."""
        now = self.zone.local(self.now())
        return Context(
            actor=actor,
            command_id=command_id or secrets.token_hex(16),
            today=now.date(),
            at=now.time(),
            reason=reason,
            approver=approver,
            people=people,
        )

    def handle(self, command: Command, context: Context) -> Outcome:
        """As `Writer.handle`; a name that was given is entered into the directory for searching too, and the key of who
        is erased destroyed.

        Should the process die between the two, sending the same command again does it, even if it is refused now.
        """
        try:
            outcome = self.writer.handle(command, context)
        except Refused:
            self._settle_after([command])
            raise
        self._remember([command])
        self._settle_after([command])
        return outcome

    def handle_all(self, asked: Sequence[tuple[Command, Context]], *, dry_run: bool = False) -> list[Outcome]:
        """As `Writer.handle_all`: all of them or none; names are entered as `handle` does."""
        outcomes = self.writer.handle_all(asked, dry_run)
        if not dry_run:
            self._remember([command for command, _ in asked])
            self._settle_after([command for command, _ in asked])
        return outcomes

    def settle(self) -> None:
        """Have the key store do what the log says of erasures and restrictions, whatever was missed: a process that
        died too early, a backup that was restored; and no token be of use that bears who was erased: nobody could be
        kept by it from a case, because nothing can be sealed for them, no ground of a recusal either. Each process does
        it when it starts."""
        self.tokens.revoke_of(settle(self.log, self.keys))
        self._settled = True

    def settle_once(self) -> None:
        """The same, unless this process did it already: a server begins before its database can be reached."""
        if not self._settled:
            self.settle()

    def _settle_after(self, commands: Sequence[Command]) -> None:
        if any(isinstance(each, _OF_HOLDS) for each in commands):
            self.settle()

    def _remember(self, commands: Sequence[Command]) -> None:
        named = [each for each in commands if isinstance(each, (RegisterPerson, CorrectPersonDetails))]
        names: dict[str, str] = {each.person: each.name for each in named}
        outsiders = [each for each in commands if isinstance(each, (RegisterPetitioner, CorrectPetitionerDetails))]
        names |= {key_of_outsider(each.petitioner): each.name for each in outsiders}
        if names:
            self.keys.remember(names)

    def close(self) -> None:
        self.log.close()
        self.keys.close()
        self.journal.close()
        self.ledger.close()
        self.generations.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def bootstrap(settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Resonance:
    """Wire an installation; nothing is created before `migrate`. `now` gives aware datetimes."""
    log = open_log(settings.database, now=now)
    office = settings.database.engine("office")
    secret, ledger = settings.keys.engine("keys"), LedgerStore(settings.database.engine("ledger"))
    keys, journal, looks, tokens = KeyStore(secret), AttemptsJournal(office), LooksJournal(office), Tokens(office)
    writer, signing = Writer(log, keys, journal, now), SigningKeys(secret)
    return Resonance(settings, now, log, keys, journal, looks, tokens, writer, Zone(log), ledger, signing)
