"""Who asked to be forgotten: a clerk on loan who left, and a petitioner. And one whose details were contested, and not
shown for some weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from api.demo.steps import Step
from workflow.erasure.commands import ErasePerson, ErasePetitioner, LiftPersonRestriction, RestrictPerson
from workflow.ids import PersonId, PetitionerId
from workflow.organisation.people import RecordDeparture, RegisterPerson

ON_LOAN, PETITIONER, CONTESTED = PersonId("P901"), PetitionerId("X005"), PersonId("P060")
CAME, LEFT, ERASED = date(2024, 3, 4), date(2025, 2, 28), date(2025, 3, 17)
RESTRICTED, LIFTED = date(2025, 5, 12), date(2025, 6, 3)
FORGOTTEN = date(2025, 9, 8)


def steps() -> Iterator[Step]:
    come = RegisterPerson(
        person=ON_LOAN, personnel_class="clerk", name="借调书记员", phone="555-0901", number="L-01", effective=CAME
    )
    yield Step(CAME, "clerk", come, "借调一年。")
    yield Step(LEFT, "clerk", RecordDeparture(person=ON_LOAN, effective=LEFT), "借调期满。")
    yield Step(ERASED, "clerk", ErasePerson(person=ON_LOAN), "本人申请删除个人信息。", "supervisor")
    yield Step(RESTRICTED, "clerk", RestrictPerson(person=CONTESTED), "本人对登记信息提出异议。")
    yield Step(LIFTED, "clerk", LiftPersonRestriction(person=CONTESTED), "信息核对无误。", "supervisor")
    yield Step(FORGOTTEN, "clerk", ErasePetitioner(petitioner=PETITIONER), "本人申请删除个人信息。", "supervisor")
