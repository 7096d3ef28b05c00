"""Who there is in the demonstration organisation: units, posts, grids, people, memberships, appointments.

Each function returns the rows of one import file, as text by field of its template. Everything holds from
START on, but for what the stories change later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.demo.files import Rows

START = "2024-01-01"

ROOT, LEADING_GROUP, ORGAN_COMMITTEE = "DCP", "LG", "OC"

PROSECUTOR, ASSISTANT, CLERK, POLICE, ADMIN = "prosecutor", "assistant", "clerk", "judicial_police", "admin"


@dataclass(frozen=True)
class Department:
    """A department and the party group bound to it, whose members are the first `members` of the staff.

    `classes` is how many prosecutors, assistants, clerks, judicial police and admin staff it has. The head
    and the `deputies` are the first of the staff.
    """

    number: int
    zh: str
    en: str
    classes: tuple[int, int, int, int, int]
    deputies: int
    members: int
    branch: int
    head_is_member: bool = True

    @property
    def id(self) -> str:
        return f"G{self.number}"

    @property
    def group(self) -> str:
        return f"PG{self.number}"


DEPARTMENTS = (
    Department(1, "办公室", "General Office", (1, 1, 3, 0, 7), 1, 9, 1),
    Department(2, "政治部", "Political Department", (1, 1, 3, 0, 5), 1, 9, 1),
    Department(3, "第一检察部", "First Department: ordinary crime", (8, 7, 3, 0, 0), 2, 12, 2),
    Department(4, "第二检察部", "Second Department: serious, economic, IP", (7, 5, 2, 0, 0), 1, 10, 3),
    Department(5, "第三检察部", "Third Department: civil, administrative", (6, 5, 2, 0, 0), 1, 9, 3),
    # Story (a): the head is no party member, so the rule makes nobody leader and the deputy acts.
    Department(6, "第四检察部", "Fourth Department: juvenile", (4, 2, 2, 0, 0), 1, 6, 4, head_is_member=False),
    Department(7, "第五检察部", "Fifth Department: petitions, execution", (4, 3, 2, 0, 0), 1, 6, 4),
    Department(8, "案件管理和司法警察部", "Case Management and Judicial Police", (1, 0, 2, 9, 0), 1, 7, 5),
)

NUMERALS = "一二三四五"

OVERSIGHT = ("G3 G4", "G5 G6", "G7 G8", "G1 G2")
"""The departments each of the deputy chiefs is in charge of."""

LEADERS = ("Chief", *(f"Deputy Chief {n}" for n in range(1, 5)), "Leader 6", "Leader 7")

BRANCH_SECRETARIES = {"B1": "G2-HEAD", "B2": "G3-D1", "B3": "G4-HEAD", "B4": "G7-H01", "B5": "G8-D1"}
"""The post whose holder is, concurrently, secretary of the branch."""

COMMITTEES = {"B1": 4, "B2": 2, "B3": 4, "B4": 2, "B5": 2}
"""How many sit on the committee of a branch beside its secretary: all five have seven members or more."""

ORGAN_SECRETARY = "P006"
PROBATIONARY = {"P032", "P061"}
ORGAN_MEMBERS = (*BRANCH_SECRETARIES.values(), "G1-HEAD")


@dataclass(frozen=True)
class Person:
    """One of the staff: `post` is the substantive one, `group` where the person is a member ("": nowhere)."""

    id: str
    name: str
    personnel_class: str
    post: str
    group: str


def people() -> list[Person]:
    """All 103: the seven leaders, then department by department its head, deputies and handlers."""
    staff = []
    for number, name in enumerate(LEADERS, start=1):
        post = "DCP-CHIEF" if number == 1 else f"DCP-DC{number - 1}" if number <= 5 else f"LG-M{number - 1}"
        personnel_class = ADMIN if number == 7 else PROSECUTOR
        staff.append(Person(f"P{number:03d}", name, personnel_class, post, LEADING_GROUP))
    for department in DEPARTMENTS:
        classes = zip((PROSECUTOR, ASSISTANT, CLERK, POLICE, ADMIN), department.classes, strict=True)
        ranked = [name for name, count in classes for _ in range(count)]
        first_member = 0 if department.head_is_member else 1
        for place, personnel_class in enumerate(ranked):
            name, post = _place(department, place)
            is_member = first_member <= place < first_member + department.members
            group = department.group if is_member else ""
            staff.append(Person(f"P{len(staff) + 1:03d}", name, personnel_class, post, group))
    return staff


def _place(department: Department, place: int) -> tuple[str, str]:
    """What the person at a place of a department is called, and the post: 0 is the head."""
    n = department.number
    if place == 0:
        return f"Unit {n} Head", f"G{n}-HEAD"
    if place <= department.deputies:
        return f"Unit {n} Deputy {place}", f"G{n}-D{place}"
    handler = place - department.deputies
    return f"Handler {n}-{handler:02d}", f"G{n}-H{handler:02d}"


def units() -> Rows:
    def unit(id: str, kind: str, zh: str, en: str, parent: str) -> dict[str, str]:
        return {"unit": id, "kind": kind, "name_zh": zh, "name_en": en, "parent": parent, "effective": START}

    return [
        unit(ROOT, "institution", "示范县人民检察院", "Demo County Procuratorate", ""),
        *(unit(d.id, "department", d.zh, d.en, ROOT) for d in DEPARTMENTS),
        unit(LEADING_GROUP, "leading_group", "党组", "Leading Group", ""),
        unit(ORGAN_COMMITTEE, "organ_committee", "机关党委", "Organ Committee", LEADING_GROUP),
        *(
            unit(f"B{n}", "branch", f"第{zh}党支部", f"Branch {n}", ORGAN_COMMITTEE)
            for n, zh in enumerate(NUMERALS, start=1)
        ),
        *(
            unit(d.group, "party_group", f"{d.zh}党小组", f"Party Group {d.number}", f"B{d.branch}")
            for d in DEPARTMENTS
        ),
    ]


def posts() -> Rows:
    def post(id: str, kind: str, unit: str, zh: str, en: str, oversees: str = "") -> dict[str, str]:
        row = {"post": id, "kind": kind, "unit": unit, "title_zh": zh, "title_en": en, "oversees": oversees}
        return row | {"effective": START}

    return [
        post("DCP-CHIEF", "chief", ROOT, "检察长", "Chief"),
        *(
            post(f"DCP-DC{n}", "deputy_chief", ROOT, f"副检察长{n}", f"Deputy Chief {n}", departments)
            for n, departments in enumerate(OVERSIGHT, start=1)
        ),
        *(post(*row) for row in _department_posts()),
        post("LG-SEC", "leading_group_secretary", LEADING_GROUP, "党组书记", "Leading Group Secretary"),
        *(
            post(f"LG-M{n}", "leading_group_member", LEADING_GROUP, f"党组成员{n}", f"Leading Group Member {n}")
            for n in range(1, 7)
        ),
        post("OC-SEC", "organ_secretary", ORGAN_COMMITTEE, "机关党委书记", "Organ Committee Secretary"),
        *(
            post(f"OC-M{n}", "organ_member", ORGAN_COMMITTEE, f"机关党委委员{n}", f"Organ Committee Member {n}")
            for n in range(1, 7)
        ),
        *(
            post(f"B{n}-SEC", "branch_secretary", f"B{n}", f"第{zh}党支部书记", f"Secretary of Branch {n}")
            for n, zh in enumerate(NUMERALS, start=1)
        ),
        *(
            post(
                f"{branch}-M{n}",
                "branch_committee_member",
                branch,
                f"第{zh}党支部委员{n}",
                f"Branch {branch[1]} Member {n}",
            )
            for zh, (branch, seats) in zip(NUMERALS, COMMITTEES.items(), strict=True)
            for n in range(1, seats + 1)
        ),
        *(
            post(
                f"{d.group}-LEAD",
                "group_leader",
                d.group,
                f"{d.zh}党小组组长",
                f"Leader of Party Group {d.number}",
            )
            for d in DEPARTMENTS
        ),
    ]


def _department_posts() -> Iterator[tuple[str, str, str, str, str]]:
    """Id, kind, unit and title of every post in a department: one post for one person."""
    for department in DEPARTMENTS:
        for place in range(sum(department.classes)):
            en, id = _place(department, place)
            if place == 0:
                yield id, "department_head", department.id, f"{department.zh}主任", en
            elif place <= department.deputies:
                yield id, "department_deputy", department.id, f"{department.zh}副主任{place}", en
            else:
                yield (
                    id,
                    "handler",
                    department.id,
                    f"{department.zh}承办岗{place - department.deputies:02d}",
                    en,
                )


def grids() -> Rows:
    return [{"grid": f"GRID{d.number}", "department": d.id, "group": d.group, "effective": START} for d in DEPARTMENTS]


def roster() -> Rows:
    return [
        {
            "person": person.id,
            "class": person.personnel_class,
            "name": person.name,
            "phone": f"555-0{person.id[1:]}",
            "number": f"DCP-{person.id[1:]}",
            "registered": START,
        }
        for person in people()
    ]


def memberships() -> Rows:
    """75: the seven leaders, who belong to the leading group itself, and 68 in the party groups."""
    return [
        {
            "person": person.id,
            "unit": person.group,
            "kind": "probationary" if person.id in PROBATIONARY else "full",
            "effective": START,
        }
        for person in people()
        if person.group
    ]


def appointments() -> Rows:
    """Who holds which post. Leaders of party groups are not here where the ex-officio rule makes them."""
    staff = people()
    holder = {person.post: person.id for person in staff}

    def held(person: str, post: str, kind: str, since: str = START, until: str = "") -> dict[str, str]:
        return {"person": person, "post": post, "kind": kind, "effective": since, "until": until}

    return [
        # Story (b): the head of G7 leaves for four months, her deputy acts, she returns.
        *(
            held(person.id, person.post, "substantive", until="2025-03-01" if person.post == "G7-HEAD" else "")
            for person in staff
        ),
        held(holder["G7-D1"], "G7-HEAD", "acting", "2025-03-01", "2025-07-01"),
        held(holder["G7-HEAD"], "G7-HEAD", "substantive", "2025-07-01"),
        held("P001", "LG-SEC", "concurrent"),
        *(held(f"P{n:03d}", f"LG-M{n - 1}", "concurrent") for n in range(2, 6)),
        held(ORGAN_SECRETARY, "OC-SEC", "concurrent"),
        *(held(holder[post], f"OC-M{n}", "concurrent") for n, post in enumerate(ORGAN_MEMBERS, start=1)),
        *(held(holder[post], f"{branch}-SEC", "concurrent") for branch, post in BRANCH_SECRETARIES.items()),
        held(holder["G6-D1"], "PG6-LEAD", "acting"),
        *(held(person, post, "concurrent") for post, person in _committees(staff)),
    ]


def _committees(staff: list[Person]) -> Iterator[tuple[str, str]]:
    """Who sits on the committees of the branches: the last of the full members of their groups, who head nothing."""
    secretaries = set(BRANCH_SECRETARIES.values())
    for branch, seats in COMMITTEES.items():
        groups = {d.group for d in DEPARTMENTS if f"B{d.branch}" == branch}
        free = [p for p in staff if p.group in groups and p.post not in secretaries and "-H" in p.post]
        chosen = [p.id for p in free if not p.post.endswith("-HEAD") and p.id not in PROBATIONARY][-seats:]
        yield from ((f"{branch}-M{n}", person) for n, person in enumerate(chosen, start=1))
