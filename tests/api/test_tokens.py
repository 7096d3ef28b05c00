"""Tokens: shown once, kept as a hash, of no use once revoked."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.tokens import BadToken, Tokens
from tests.api.office import Office
from workflow.database import Database


@pytest.fixture
def tokens(database_url: str) -> Tokens:
    tokens = Tokens(Database.parse(database_url).engine("office"))
    tokens.migrate()
    return tokens


def test_a_token_says_whose_it_is(tokens):
    issued = tokens.issue("C1", "recorder")
    assert tokens.bearer(issued.token) == ("C1", "recorder", None)
    bound = tokens.issue("C1", "recorder", "P007")
    assert tokens.bearer(bound.token) == ("C1", "recorder", "P007")


def test_a_revoked_token_is_nobodys(tokens):
    issued = tokens.issue("C1", "recorder")
    assert tokens.revoke(issued.id)
    assert tokens.bearer(issued.token) is None
    assert not tokens.revoke(issued.id)
    assert [(row.user, row.revoked_at is None) for row in tokens.list()] == [("C1", False)]


def test_nobody_can_read_a_token_from_the_database(tokens, database_url):
    issued = tokens.issue("C1", "recorder")
    with Database.parse(database_url).engine("office").connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM token")).all()
    assert issued.token not in str(rows)
    assert issued.token.encode() not in b"".join(bytes(row.sha256) for row in rows)


@pytest.mark.parametrize(
    ("user", "role", "person"),
    [("C1", "king", None), ("Li Wei", "recorder", None), ("", "recorder", None), ("C1", "recorder", "Li Wei")],
)
def test_a_token_needs_a_known_role_and_ids_for_a_user_and_a_person(tokens, user, role, person):
    with pytest.raises(BadToken):
        tokens.issue(user, role, person)


def test_an_installation_from_before_tokens_had_persons_is_migrated(tokens, database_url):
    engine = Database.parse(database_url).engine("office")
    issued = tokens.issue("C1", "recorder")
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE token DROP COLUMN person"))
    Tokens(engine).migrate()
    Tokens(engine).migrate()
    assert tokens.bearer(issued.token) == ("C1", "recorder", None)
    assert tokens.bearer(tokens.issue("C2", "leader", "P007").token) == ("C2", "leader", "P007")


def test_the_interface_does_not_take_a_revoked_token(office: Office):
    issued = office.resonance.tokens.issue("C9", "recorder")
    headers = {"Authorization": f"Bearer {issued.token}"}
    assert office.client.get("/v1/me", headers=headers).get_json()["user"] == "C9"
    office.resonance.tokens.revoke(issued.id)
    refused = office.client.get("/v1/me", headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "access.token_unknown")
    assert "WWW-Authenticate" in refused.headers
