"""Settings come from the environment, and what is wrong with them is told at once, all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import BadSettings, Settings


def test_without_any_setting_everything_lies_in_var():
    settings = Settings.read({})
    assert settings.database.path == Path("var/log.sqlite")
    assert settings.keys == settings.database
    assert (settings.env, settings.bind) == ("development", "127.0.0.1:8000")


def test_var_moves_the_database_with_it():
    assert Settings.read({"RESONANCE_VAR": "/srv/r"}).database.path == Path("/srv/r/log.sqlite")


def test_keys_may_lie_in_another_database():
    settings = Settings.read({"RESONANCE_KEYS_URL": "postgresql://keys@vault/k?schema=county"})
    assert settings.keys.schema == "county"
    assert settings.database.path is not None


def test_all_that_is_wrong_is_reported_together():
    wrong = {
        "RESONANCE_DATABASE_URL": "mysql://x",
        "RESONANCE_ENV": "live",
        "RESONANCE_BIND": "8000",
        "RESONANCE_DATABSE_URL": "sqlite:///x",
    }
    with pytest.raises(BadSettings) as refused:
        Settings.read(wrong)
    told = "\n".join(refused.value.problems)
    assert len(refused.value.problems) == 4
    assert all(name in told for name in wrong)
    assert "did you mean RESONANCE_DATABASE_URL?" in told


def test_variables_of_others_are_left_alone():
    Settings.read({"PATH": "/bin", "RESONANT": "1"})
