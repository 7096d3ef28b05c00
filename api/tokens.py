"""Bearer tokens: who may speak to the HTTP interface, as whom, and in which role."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args

import sqlalchemy as sa

from workflow.ids import is_id

Role = Literal["admin", "recorder", "leader", "assessor", "supervisor", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)

_metadata = sa.MetaData()
_token = sa.Table(
    "token",
    _metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("sha256", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("issued_at", sa.Text, nullable=False),
    sa.Column("revoked_at", sa.Text),
    sa.Column("person", sa.Text),
)


class BadToken(ValueError):
    """A token cannot be issued so; the text says why."""


class Bearer(NamedTuple):
    """Whoever shows a token. `user` becomes the actor of what they write: an id, never a name.

    `person` is who they are among the people of the institution, if anybody: from what they are recused, they are kept.
    """

    user: str
    role: Role
    person: str | None = None


class Issued(NamedTuple):
    """A new token. `token` is shown once and kept by nobody; `id` names it for revoking."""

    id: str
    token: str


class TokenRow(NamedTuple):
    """A token as it is listed. Times are RFC 3339 in UTC."""

    id: str
    user: str
    role: str
    issued_at: str
    revoked_at: str | None
    person: str | None


class Tokens:
    """The tokens of an installation, in the database of `engine`: only their SHA-256. 256 random bits need no salt."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def migrate(self) -> None:
        _metadata.create_all(self._engine)
        if "person" not in {column["name"] for column in sa.inspect(self._engine).get_columns("token")}:
            with self._engine.begin() as connection:  # tokens were issued before they had one
                connection.execute(sa.text("ALTER TABLE token ADD COLUMN person TEXT"))

    def issue(self, user: str, role: str, person: str | None = None) -> Issued:
        """Raises BadToken for a role that there is not, or a user or a person that is no id."""
        if role not in ROLES:
            raise BadToken(f"There is no role {role!r}; the roles are {', '.join(ROLES)}.")
        if not is_id(user):
            raise BadToken(f"{user!r} is no user id: up to 80 letters, digits, dots, dashes, underscores.")
        if person is not None and not is_id(person):
            raise BadToken(f"{person!r} is no person id.")
        token = "rsn_" + base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
        issued = Issued(secrets.token_hex(6), token)
        row = {"id": issued.id, "sha256": _digest(token), "user": user, "role": role, "person": person}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(_token).values(row | {"issued_at": _now()}))
        return issued

    def revoke(self, token_id: str) -> bool:
        """Let a token be of no use any more; whether it was of use until now."""
        return self._revoke(_token.c.id == token_id) > 0

    def revoke_of(self, people: Collection[str]) -> None:
        """The same of every token that bears one of these people."""
        with self._engine.connect() as connection:
            borne = set(connection.scalars(sa.select(_token.c.person).distinct().where(_token.c.revoked_at.is_(None))))
        for person in sorted(borne.intersection(people)):
            self._revoke(_token.c.person == person)

    def _revoke(self, which: sa.ColumnElement[bool]) -> int:
        query = sa.update(_token).where(which, _token.c.revoked_at.is_(None)).values(revoked_at=_now())
        with self._engine.begin() as connection:
            return connection.execute(query).rowcount

    def bearer(self, token: str) -> Bearer | None:
        """Whose token this is; None for one that was never issued, or was revoked."""
        columns = _token.c.user, _token.c.role, _token.c.person
        query = sa.select(*columns).where(_token.c.sha256 == _digest(token), _token.c.revoked_at.is_(None))
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Bearer(row.user, row.role, row.person)

    def list(self) -> Sequence[TokenRow]:
        """All tokens, also revoked ones, by when they were issued."""
        columns = [_token.c[name] for name in TokenRow._fields]
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).order_by(_token.c.issued_at, _token.c.id))
            return [TokenRow(*row) for row in rows]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _now() -> str:
    return datetime.now(UTC).isoformat()
