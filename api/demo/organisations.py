"""The demonstrations there are, by the id of their charter."""

from __future__ import annotations

from collections.abc import Mapping

from api.demo.demonstration import Demonstration
from api.demo.hospital.demonstration import HOSPITAL
from api.demo.procuratorate.demonstration import PROCURATORATE

DEMONSTRATIONS: Mapping[str, Demonstration] = {"procuratorate": PROCURATORATE, "hospital": HOSPITAL}
