"""Who there is in the demonstration hospital: units, posts, people, members, and who holds which post.

Each function returns the rows of one import file, as text by field of its template.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from api.demo.files import Rows

START = "2025-01-01"

ROOT, COMMITTEE = "GH", "QSC"

PHYSICIAN, NURSE, ADMINISTRATOR = "physician", "nurse", "administrator"

PHYSICIANS, NURSES, OFFICERS = 3, 5, 3
"""How many there are of a department, of a ward, and in the quality office, besides those in charge."""


@dataclass(frozen=True)
class Department:
    """A department, its wards by id, and which vice-president is in charge; its director leads its quality team."""

    id: str
    zh: str
    en: str
    wards: dict[str, tuple[str, str]]
    vice_president: int

    @property
    def team(self) -> str:
        return f"QT-{self.id}"


DEPARTMENTS = (
    Department(
        "MED", "内科", "Medicine", {"M1": ("内科一病区", "Medical Ward 1"), "M2": ("内科二病区", "Medical Ward 2")}, 1
    ),
    Department("SURGERY", "外科", "Surgery", {"S1": ("外科病区", "Surgical Ward")}, 2),
    Department("EMERGENCY", "急诊科", "Emergency Medicine", {"E1": ("急诊观察病区", "Short-Stay Ward")}, 2),
)

WARDS = tuple(ward for department in DEPARTMENTS for ward in department.wards)

AWAY = ("SURGERY-DIR", "2025-05-01", "2025-09-01")
"""The director of Surgery is on leave, and the deputy acts."""


@dataclass(frozen=True)
class Person:
    """One of the staff, with the post that is theirs."""

    id: str
    name: str
    personnel_class: str
    post: str


@cache
def people() -> tuple[Person, ...]:
    """All of them: the president, the vice-presidents and the quality office, then department by department."""
    return tuple(
        Person(f"H{number:02d}", name, personnel_class, post)
        for number, (name, personnel_class, post) in enumerate(_places(), start=1)
    )


def _places() -> Iterator[tuple[str, str, str]]:
    yield "President", PHYSICIAN, "GH-PRES"
    yield from ((f"Vice-President {n}", PHYSICIAN, f"GH-VP{n}") for n in (1, 2))
    yield from ((f"Quality Officer {n}", ADMINISTRATOR, "GH-QO") for n in range(1, OFFICERS + 1))
    for department in DEPARTMENTS:
        yield f"{department.en} Director", PHYSICIAN, f"{department.id}-DIR"
        yield f"{department.en} Deputy Director", PHYSICIAN, f"{department.id}-DEP"
        for n in range(1, PHYSICIANS + 1):
            yield f"{department.en} Physician {n}", PHYSICIAN, f"{department.id}-PHYS"
        for ward, (_, en) in department.wards.items():
            yield f"{en} Head Nurse", NURSE, f"{ward}-HEAD"
            yield f"{en} Deputy Head Nurse", NURSE, f"{ward}-DEP"
            yield from ((f"{en} Nurse {n}", NURSE, f"{ward}-NURSE") for n in range(1, NURSES + 1))


def staff_of(post: str) -> list[str]:
    """Whose post it is, by id."""
    return [person.id for person in people() if person.post == post]


def head_of(unit: str, day: str) -> str:
    """Who heads a ward or a department on a day, acting or not."""
    post = f"{unit}-HEAD" if unit in WARDS else f"{unit}-DIR"
    away, since, until = AWAY
    return staff_of(f"{unit}-DEP" if post == away and since <= day < until else post)[0]


def units() -> Rows:
    def unit(id: str, kind: str, zh: str, en: str, parent: str) -> dict[str, str]:
        return {"unit": id, "kind": kind, "name_zh": zh, "name_en": en, "parent": parent, "effective": START}

    return [
        unit(ROOT, "hospital", "示范综合医院", "Demo General Hospital", ""),
        *(unit(d.id, "department", d.zh, d.en, ROOT) for d in DEPARTMENTS),
        *(unit(ward, "ward", zh, en, d.id) for d in DEPARTMENTS for ward, (zh, en) in d.wards.items()),
        unit(COMMITTEE, "quality_committee", "质量与安全委员会", "Quality and Safety Committee", ROOT),
        *(unit(d.team, "quality_team", f"{d.zh}质控小组", f"Quality Team {d.en}", COMMITTEE) for d in DEPARTMENTS),
    ]


def posts() -> Rows:
    def post(id: str, kind: str, unit: str, zh: str, en: str, oversees: str = "") -> dict[str, str]:
        row = {"post": id, "kind": kind, "unit": unit, "title_zh": zh, "title_en": en, "oversees": oversees}
        return row | {"effective": START}

    rows = [post("GH-PRES", "president", ROOT, "院长", "President")]
    for n in (1, 2):
        charge = " ".join(d.id for d in DEPARTMENTS if d.vice_president == n)
        rows.append(post(f"GH-VP{n}", "vice_president", ROOT, f"副院长{n}", f"Vice-President {n}", charge))
    rows.append(post("GH-QO", "officer", ROOT, "质量管理办公室专员", "Quality Officer"))
    for d in DEPARTMENTS:
        rows += [
            post(f"{d.id}-DIR", "department_director", d.id, f"{d.zh}主任", f"Director of {d.en}"),
            post(f"{d.id}-DEP", "deputy_director", d.id, f"{d.zh}副主任", f"Deputy Director of {d.en}"),
            post(f"{d.id}-PHYS", "physician", d.id, f"{d.zh}主治医师", f"Attending Physician, {d.en}"),
        ]
        for ward, (zh, en) in d.wards.items():
            rows += [
                post(f"{ward}-HEAD", "head_nurse", ward, f"{zh}护士长", f"Head Nurse, {en}"),
                post(f"{ward}-DEP", "deputy_head_nurse", ward, f"{zh}副护士长", f"Deputy Head Nurse, {en}"),
                post(f"{ward}-NURSE", "nurse", ward, f"{zh}责任护士", f"Nurse, {en}"),
            ]
    rows.append(post("QSC-CHAIR", "committee_chair", COMMITTEE, "委员会主任", "Committee Chair"))
    for d in DEPARTMENTS:
        rows += [
            post(f"{d.team}-LEAD", "team_leader", d.team, f"{d.zh}质控组长", f"Leader of the Quality Team {d.en}"),
            post(f"{d.team}-QO", "quality_officer", d.team, f"{d.zh}质控员", f"Officer of the Quality Team {d.en}"),
        ]
    return rows


def grids() -> Rows:
    """What makes the president chair of the committee, and a director leader of the team, all on one line."""
    pairs = [(ROOT, COMMITTEE), *((d.id, d.team) for d in DEPARTMENTS)]
    return [{"grid": f"PAIR-{dept}", "department": dept, "group": group, "effective": START} for dept, group in pairs]


def roster() -> Rows:
    return [
        {
            "person": person.id,
            "class": person.personnel_class,
            "name": person.name,
            "phone": f"555-02{person.id[1:]}",
            "number": f"DGH-{person.id[1:]}",
            "registered": START,
        }
        for person in people()
    ]


def committee() -> list[str]:
    """The voting members of the committee: the president, the vice-presidents, the directors, the first officer."""
    posts = ("GH-PRES", "GH-VP1", "GH-VP2", *(f"{d.id}-DIR" for d in DEPARTMENTS), "GH-QO")
    return [staff_of(post)[0] for post in posts]


def team(department: Department) -> list[str]:
    """The members of a team: the head nurses of the wards, the first as officer, the deputy director, a physician."""
    heads = [staff_of(f"{ward}-HEAD")[0] for ward in department.wards]
    return [*heads, staff_of(f"{department.id}-DEP")[0], staff_of(f"{department.id}-PHYS")[0]]


def memberships() -> Rows:
    def member(person: str, unit: str, kind: str = "member") -> dict[str, str]:
        return {"person": person, "unit": unit, "kind": kind, "effective": START}

    return [
        *(member(person, COMMITTEE) for person in committee()),
        member(staff_of("GH-QO")[1], COMMITTEE, "observer"),
        *(member(person, d.team) for d in DEPARTMENTS for person in team(d)),
    ]


def appointments() -> Rows:
    """Who holds which post. Who leads the committee and the teams is not here: a rule of the charter makes them."""

    def held(person: str, post: str, kind: str, since: str = START, until: str = "") -> dict[str, str]:
        return {"person": person, "post": post, "kind": kind, "effective": since, "until": until}

    away, since, until = AWAY
    return [
        *(held(p.id, p.post, "substantive", until=since if p.post == away else "") for p in people()),
        held(head_of("SURGERY", since), away, "acting", since, until),
        held(staff_of(away)[0], away, "substantive", until),
        *(held(team(d)[0], f"{d.team}-QO", "concurrent") for d in DEPARTMENTS),
    ]
