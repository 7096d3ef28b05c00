"""One URL says where an institution keeps everything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from tests.workflow.log import crew as other_process
from tests.workflow.log.crew import CREW
from tests.workflow.log.tables import execute
from workflow.database import FAILURES, BadDatabaseURL, Database, is_not_migrated, is_read_only, is_unreachable
from workflow.log import LogEvent, open_log

READS_ONLY = "&options=-c%20default_transaction_read_only%3Don"


def test_a_file_of_sqlite_and_a_schema_of_postgresql_are_understood():
    assert Database.parse("sqlite:///var/log.sqlite").path == Path("var/log.sqlite")
    assert Database.parse("sqlite:////data/log.sqlite").path == Path("/data/log.sqlite")
    for scheme in ("postgresql", "postgres"):
        county = Database.parse(f"{scheme}://u:p@host:5433/db?schema=county&connect_timeout=3")
        assert (county.url, county.schema, county.path) == (
            "postgresql://u:p@host:5433/db?connect_timeout=3",
            "county",
            None,
        )
    assert Database.parse("postgresql://host/db").schema == "resonance"


def test_the_rest_of_the_url_means_to_the_driver_what_it_meant_before():
    url = Database.parse("postgresql:///db?host=/run/a+b&schema=county&options=-c%20work_mem%3D8MB&password=").url
    given = psycopg.conninfo.conninfo_to_dict(url)
    assert given == {"dbname": "db", "host": "/run/a+b", "options": "-c work_mem=8MB", "password": ""}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///",
        "sqlite://",
        "log.sqlite",
        "mysql://host/db",
        *(f"postgresql:///db?schema={s}" for s in ("A", "a-b", "1a", "a" * 41)),
    ],
)
def test_anything_else_is_refused_with_a_sentence(url):
    with pytest.raises(BadDatabaseURL, match=r"sqlite:///FILE|lower-case"):
        Database.parse(url)


def test_what_lies_beside_the_log_is_apart_from_it_and_from_each_other(database):
    for part in ("office", "facts_1"):
        engine = database.engine(part)
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("CREATE TABLE kept (part TEXT)"))
            connection.execute(sqlalchemy.text("INSERT INTO kept VALUES (:part)"), {"part": part})
        with engine.connect() as connection:
            assert connection.execute(sqlalchemy.text("SELECT part FROM kept")).all() == [(part,)]
        engine.dispose()


def test_threads_and_processes_may_be_the_first_at_the_same_time(database, crew):
    processes = [crew.submit(other_process.use_part, database, "office") for _ in range(CREW)]
    with ThreadPoolExecutor(CREW) as pool:
        threads = [pool.submit(other_process.select_one, database, "keys") for _ in range(CREW)]
    assert [each.result() for each in processes + threads] == [1] * (2 * CREW)


def test_a_part_that_exists_can_be_used_where_nothing_may_be_written(fresh_postgres_url):
    database = Database.parse(fresh_postgres_url)
    assert other_process.select_one(database, "office") == 1
    read_only = Database.parse(fresh_postgres_url + READS_ONLY)
    with pytest.raises(psycopg.Error, match="read-only"):
        execute(read_only, f"CREATE SCHEMA {database.schema}_more")
    assert other_process.select_one(read_only, "office") == 1


def told(failure: Exception) -> list[str]:
    return [which.__name__ for which in (is_not_migrated, is_read_only, is_unreachable) if which(failure)]


def test_where_a_table_is_missing_it_was_not_migrated(database):
    with pytest.raises(FAILURES) as failed:
        execute(database, "SELECT * FROM nowhere")
    assert is_not_migrated(failed.value)
    engine = database.engine("office")
    with engine.connect() as connection, pytest.raises(FAILURES) as failed:
        connection.execute(sqlalchemy.text("SELECT * FROM nowhere"))
    engine.dispose()
    assert is_not_migrated(failed.value)


def test_a_write_where_only_reading_is_possible_is_told_from_other_failures(fresh_postgres_url, tmp_path):
    primary = open_log(Database.parse(fresh_postgres_url))
    primary.migrate()
    primary.close()
    standby = open_log(Database.parse(fresh_postgres_url + READS_ONLY))
    with pytest.raises(FAILURES) as failed:
        standby.append([LogEvent("happened", b'"data":1}', ["a:1"])])
    standby.close()
    assert told(failed.value) == ["is_read_only"]
    engine = Database.parse(f"sqlite:///{tmp_path}/log.sqlite").engine("office")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("PRAGMA query_only = ON"))
        with pytest.raises(FAILURES) as failed:
            connection.execute(sqlalchemy.text("CREATE TABLE kept (part TEXT)"))
    engine.dispose()
    assert is_read_only(failed.value)


@pytest.mark.parametrize("url", ["sqlite:////proc/none/log.sqlite", "postgresql://localhost:1/none"])
def test_a_database_that_is_away_is_unreachable(url):
    with pytest.raises(FAILURES) as failed:
        execute(Database.parse(url), "SELECT 1")
    assert told(failed.value) == ["is_unreachable"]


def test_a_failure_tells_the_statement_and_not_its_values(database):
    engine = database.engine("keys")
    with engine.connect() as connection, pytest.raises(FAILURES) as failed:
        connection.execute(sqlalchemy.text("INSERT INTO nowhere VALUES (:part)"), {"part": "a secret"})
    engine.dispose()
    assert "INSERT INTO nowhere" in str(failed.value)
    assert "a secret" not in str(failed.value)
