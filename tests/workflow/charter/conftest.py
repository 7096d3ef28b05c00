"""What the charter's tests share: the shipped texts, and a way to read a text with one thing changed."""

import pytest

from workflow.charter import CharterError, Problem, parse, shipped


@pytest.fixture
def procuratorate() -> str:
    return shipped("procuratorate")


@pytest.fixture
def hospital() -> str:
    return shipped("hospital")


@pytest.fixture
def problems(procuratorate):
    """The problems of the procuratorate's charter after replacing `old`, which must be there, by `new`."""

    def read(old: str, new: str, text: str = procuratorate) -> tuple[Problem, ...]:
        assert old in text
        with pytest.raises(CharterError) as refused:
            parse(text.replace(old, new, 1), "c.toml")
        return refused.value.problems

    return read
