"""What stands around the application: requests are read to their end, whatever becomes of them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from api.wsgi import DRAINED, Drained


class Body(io.BytesIO):
    """A body that fails if anybody reads beyond its end, where a socket would block."""

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert 0 <= size <= len(self.getbuffer()) - self.tell(), "read beyond the end of the request"
        return super().read(size)


def answered(body: Body, length: int, read: int) -> int:
    """How much of a body is left unread after an application that reads `read` bytes of it has answered."""

    def application(environ: Any, start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(read)
        start_response("200 OK", [])
        return [b"answer"]

    environ = EnvironBuilder(method="POST").get_environ() | {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
    content, _, _ = run_wsgi_app(Drained(application), environ)
    assert b"".join(content) == b"answer"
    return len(body.getbuffer()) - body.tell()


@pytest.mark.parametrize("read", [0, 1, 70_000, 100_000])
def test_what_the_application_leaves_of_a_body_is_read_and_thrown_away(read):
    assert answered(Body(b"x" * 100_000), 100_000, read) == 0


def test_a_body_without_an_end_is_not_read_for_ever():
    assert answered(Body(b"x" * (DRAINED + 5)), DRAINED + 5, 0) == 5


def test_a_request_without_a_body_is_not_read():
    assert answered(Body(b""), 0, 0) == 0


def test_a_body_in_chunks_is_read_to_its_end():
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    body = io.BytesIO(b"x" * 100_000)
    environ = EnvironBuilder(method="POST").get_environ() | {"wsgi.input": body, "wsgi.input_terminated": True}
    environ.pop("CONTENT_LENGTH", None)
    run_wsgi_app(Drained(application), environ)
    assert body.read() == b""
