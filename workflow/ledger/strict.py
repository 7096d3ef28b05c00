"""Numbers and base64 as specifications mean them: one spelling for each value, and nothing else is read.

`int()` takes `1_000`, blanks and full-width digits; `b64decode(validate=True)` takes `YR==` for `YQ==`.
"""

from __future__ import annotations

import base64
import binascii
import re

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,18})", re.ASCII)


_LARGEST = 2**63 - 1
"""The largest size of a log (C2SP tlog-checkpoint), and the largest time of a cosignature."""


class Malformed(ValueError):
    """What was to be read does not follow its format; the text says how."""


def decimal(text: str) -> int:
    """Raises Malformed for anything but decimal digits without leading zeros, or beyond 63 bits."""
    if _DECIMAL.fullmatch(text) is None or int(text) > _LARGEST:
        raise Malformed(f"{text[:40]!r} is no decimal number")
    return int(text)


def unbase64(text: str, size: int | None = None) -> bytes:
    """Raises Malformed for what is not the one way to write these bytes, or other than `size` of them."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"{text[:80]!r} is no base64") from error
    if to_base64(content) != text:
        raise Malformed(f"{text[:80]!r} is not the one way to write these bytes in base64")
    if size is not None and len(content) != size:
        raise Malformed(f"{text[:80]!r} holds {len(content)} bytes, not {size}")
    return content


def to_base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
