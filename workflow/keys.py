"""The key store: one key a person, of staff or from outside, kept apart from the log, so that destroying a key erases
the person's details.

Beside the keys lies a small directory of names for searching, which is purged with them. Whose key was destroyed never
gets another one; whose details are restricted keeps the key, and nothing opens under it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.dialects import postgresql, sqlite

from workflow.database import FAILURES, SQLITE_PATIENCE
from workflow.sealed import Sealed

_metadata = sa.MetaData()
_person_key = sa.Table(
    "person_key",
    _metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("key", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
)
_directory = sa.Table(
    "directory",
    _metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)
_hold = sa.Table(
    "hold",
    _metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
)
_secret = sa.Table(
    "secret",
    _metadata,
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)

CLEANING_PATIENCE = 500.0
"""Milliseconds for which cleaning waits for those who read the file: who erases somebody shall not wait for them."""

ERASED = "erased"
RESTRICTED = "restricted"

_COMMITMENT_TAG = b"resonance personal details v1\n"


class WrongSeal(Exception):
    """A box that does not open under the person's key, or does not hold what was committed to."""


class KeyDestroyed(Exception):
    """There is no key to seal under, and there will be none: the person was erased."""


class KeyStore:
    """Keys of persons, in the database of `engine`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        if self._sqlite:  # a name that is corrected leaves no trace either
            sa.event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA secure_delete = ON"))
        self._digest_secret: bytes | None = None

    def migrate(self) -> None:
        _metadata.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def seal(self, person: str, event: str, topic: str, details: Mapping[str, str]) -> Sealed:
        """Seal details for one event of one person; the person's key is made if there is none.

        Raises KeyDestroyed for who was erased.
        """
        plain = msgspec.json.encode(dict(sorted(details.items())))
        salt, nonce = os.urandom(32), os.urandom(12)
        box = _cipher(self._key(person), event).encrypt(nonce, salt + plain, _associated(event, topic, person))
        commitment = hashlib.sha256(_COMMITMENT_TAG + salt + plain).hexdigest()
        return Sealed(event, topic, base64.b64encode(nonce + box).decode(), commitment)

    def open(self, person: str, sealed: Sealed) -> dict[str, str] | None:
        """The details of one person; None if they were erased or are restricted. Raises WrongSeal for a box that was
        tampered with."""
        return self.open_many([(person, sealed)]).get(person)

    def open_many(self, boxes: Iterable[tuple[str, Sealed]]) -> dict[str, dict[str, str]]:
        """Details by person, of those that are neither erased nor restricted, with one look into the key store."""
        wanted = dict(boxes)
        query = sa.select(_person_key.c.person, _person_key.c.key).where(
            _person_key.c.person.in_(list(wanted)), _person_key.c.person.not_in(sa.select(_hold.c.person))
        )
        with self._engine.connect() as connection:
            keys = {row.person: row.key for row in connection.execute(query)}
        return {person: _open(keys[person], person, box) for person, box in wanted.items() if person in keys}

    def remember(self, names: Mapping[str, str]) -> None:
        """Enter names into the directory, or correct them. Who has no key (any more), or is restricted, is left out."""
        if not names:
            return
        with self._engine.begin() as connection:
            known = self._locked(connection, names) - set(self._held(connection, names))
            for person in sorted(known):
                self._enter(connection, person, names[person])

    def held(self, people: Collection[str] | None = None) -> dict[str, str]:
        """Who is erased or restricted: the state by person, of all or of some."""
        with self._engine.connect() as connection:
            return self._held(connection, people)

    def leftovers(self, people: Collection[str]) -> set[str]:
        """Of these, who has a key or a name here: of who was erased, what came back with a backup."""
        found: set[str] = set()
        with self._engine.connect() as connection:
            for table in (_person_key, _directory):
                found.update(connection.scalars(sa.select(table.c.person)))
        return found & set(people)

    def restrict(self, person: str) -> None:
        """Keep the key and open nothing under it; the name goes from the directory. Who was erased stays so."""
        with self._engine.begin() as connection:
            self._locked(connection, [person])
            values = {"person": person, "state": RESTRICTED}
            connection.execute(self._insert(_hold).values(values).on_conflict_do_nothing())
            connection.execute(sa.delete(_directory).where(_directory.c.person == person))
        self.clean()

    def lift(self, person: str, sealed: Sealed) -> None:
        """Open again what is sealed under the key of who was restricted, and enter the name that is in `sealed`."""
        with self._engine.begin() as connection:
            self._locked(connection, [person])
            held = _hold.c.person == person, _hold.c.state == RESTRICTED
            if connection.execute(sa.delete(_hold).where(*held)).rowcount == 0:
                return
            key = connection.scalar(sa.select(_person_key.c.key).where(_person_key.c.person == person))
            name = None if key is None else _open(key, person, sealed).get("name")
            if name is not None:
                self._enter(connection, person, name)

    def find(self, text: str, limit: int = 100, kind: str = "") -> list[str]:
        """Persons whose name holds `text`, whatever the case: of staff, or the outsiders of a `kind`, by their keys."""
        pattern = _directory.c.name.icontains(text, autoescape=True)
        key = _directory.c.person
        among = key.startswith(f"{kind}:", autoescape=True) if kind else key.not_like("%:%")
        query = sa.select(_directory.c.person).where(pattern, among).order_by(_directory.c.person).limit(limit)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def erase(self, person: str) -> bool:
        """Destroy a person's key and name; whether there was a key. What was sealed under it is lost for good, and no
        other key is made for that person.

        In a SQLite file nothing is left of them, not even in its free pages. PostgreSQL frees the space when it vacuums
        next; it and backups may hold a key until then.
        """
        with self._engine.begin() as connection:
            known = connection.execute(sa.delete(_person_key).where(_person_key.c.person == person)).rowcount > 0
            connection.execute(sa.delete(_directory).where(_directory.c.person == person))
            values = {"person": person, "state": ERASED}
            hold = self._insert(_hold).values(values)
            connection.execute(hold.on_conflict_do_update(index_elements=["person"], set_={"state": ERASED}))
        self.clean()
        return known

    def digest(self, content: bytes) -> bytes:
        """HMAC-SHA256 of what a command asked. Keyed, because a bare hash of a name tells the name to who tries all."""
        if self._digest_secret is None:
            self._digest_secret = self._own(_secret, "purpose", "command digest", "value", lambda: os.urandom(32))
        return hmac.digest(self._digest_secret, content, "sha256")

    def digest_for(self, people: Iterable[str], content: bytes) -> bytes | None:
        """The same of a command that brought details of people, keyed by their keys too: when one of them was erased,
        nobody can try names on it any more. Then it is None."""
        digest = self.digest(content)
        for person in sorted(set(people)):
            with self._engine.connect() as connection:
                key = connection.scalar(sa.select(_person_key.c.key).where(_person_key.c.person == person))
            if key is None:
                return None
            digest = hmac.digest(bytes(key), digest, "sha256")
        return digest

    def _key(self, person: str) -> bytes:
        def make() -> bytes:
            if self.held([person]).get(person) == ERASED:
                raise KeyDestroyed(person)
            return AESGCM.generate_key(256)

        return self._own(_person_key, "person", person, "key", make)

    def _locked(self, connection: sa.Connection, people: Iterable[str]) -> set[str]:
        """Of these, who has a key, which nobody else destroys before this transaction ends."""
        look = sa.select(_person_key.c.person).where(_person_key.c.person.in_(list(people)))
        if self._sqlite:  # has no locks of rows, but one writer at a time
            connection.execute(sa.delete(_hold).where(sa.false()))
        return set(connection.scalars(look.with_for_update()))

    def _held(self, connection: sa.Connection, people: Iterable[str] | None) -> dict[str, str]:
        query = sa.select(_hold.c.person, _hold.c.state)
        if people is not None:
            query = query.where(_hold.c.person.in_(list(people)))
        return {row.person: row.state for row in connection.execute(query)}

    def _enter(self, connection: sa.Connection, person: str, name: str) -> None:
        insert = self._insert(_directory).values(person=person, name=name)
        connection.execute(insert.on_conflict_do_update(index_elements=["person"], set_={"name": name}))

    def clean(self) -> bool:
        """Have no copy of what was deleted stay in the write-ahead log of a SQLite file. False: somebody reads the file
        just now, and holds it open; `keep_clean` tries again."""
        if not self._sqlite:
            return True
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {CLEANING_PATIENCE:.0f}")
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {SQLITE_PATIENCE * 1_000:.0f}")
        return not busy

    def keep_clean(self, stop: threading.Event, every: float = 60.0) -> None:
        """Do so every so many seconds until `stop` is set, for what could not be cleaned at once."""
        while not stop.wait(every):
            with suppress(*FAILURES):  # it is tried again
                self.clean()

    def _own(self, table: sa.Table, by: str, of: str, column: str, make: Callable[[], bytes]) -> bytes:
        """The secret of something, made durable before it is used. Two who make it at once get the same."""
        look = sa.select(table.c[column]).where(table.c[by] == of)
        with self._engine.connect() as connection:
            found = connection.scalar(look)
        if found is None:
            values = {by: of, column: make()}
            if "created_at" in table.c:
                values["created_at"] = datetime.now(UTC).isoformat()
            with self._engine.begin() as connection:
                connection.execute(self._insert(table).values(values).on_conflict_do_nothing())
                found = connection.scalar(look)
        assert found is not None
        return bytes(found)

    def _insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self._engine.dialect.name == "sqlite" else postgresql.insert(table)


def _cipher(key: bytes, event: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=event.encode()).derive(key))


def _associated(event: str, topic: str, person: str) -> bytes:
    return msgspec.json.encode([event, topic, person])


def _open(key: bytes, person: str, sealed: Sealed) -> dict[str, str]:
    try:
        raw = base64.b64decode(sealed.box, validate=True)
        content = _cipher(key, sealed.event).decrypt(
            raw[:12], raw[12:], _associated(sealed.event, sealed.topic, person)
        )
    except (InvalidTag, ValueError):  # ValueError: no base64, or too short to hold anything
        raise WrongSeal(f"the details of {person} in event {sealed.event} do not open") from None
    if hashlib.sha256(_COMMITMENT_TAG + content).hexdigest() != sealed.commitment:
        raise WrongSeal(f"the details of {person} in event {sealed.event} are not what was committed to")
    return msgspec.json.decode(content[32:], type=dict[str, str])
