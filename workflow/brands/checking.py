"""The check in mid-term, by somebody from outside the unit: passed, failed, or to be mended by a day."""

from __future__ import annotations

from datetime import date

from workflow.brands.acts import ActOnBrand, Retirement
from workflow.brands.events import BrandChecked, BrandMended
from workflow.brands.terms import mending_yellow
from workflow.brands.views import Cycle
from workflow.calendar import Calendar
from workflow.charter.recognition import BrandRule
from workflow.evidence import said, shown
from workflow.ids import PersonId
from workflow.organisation.outside import Belonging
from workflow.slices import Knows, Refused

RESULTS = ("pass", "mend", "fail")


class _ByChecker(ActOnBrand):
    """What somebody from outside the unit finds in a brand that is listed."""

    checker: PersonId
    finding: str
    evidence: tuple[str, ...]

    def knows(self) -> Knows:
        yield from super().knows()
        self.cycle = self.standing.must_be_current(self.effective)
        self.who = Belonging(self.checker, self.cycle.applied.unit, self.effective)
        yield from self.who.knows(self.charters.on(self.effective))

    def check(self) -> tuple[Cycle, BrandRule, str, tuple[str, ...]]:
        """The cycle, its rule, the finding and the evidence."""
        self.begin()
        rule = self.decided_by(self.cycle.charter)
        self.who.must_be_outside("brand.checker", "checker")
        finding = said(self.finding, "brand.finding", "A check says what was found.")
        return self.cycle, rule, finding, shown(self.evidence, "brand.evidence")


class CheckBrand(_ByChecker):
    """Record the check in mid-term. To `mend` takes a day by which, `mend_by`; to `fail` retires the brand."""

    result: str
    mend_by: date | None = None

    def knows(self) -> Knows:
        yield from super().knows()
        self.retirement = Retirement(self.tree, self.brand, self.effective)
        if self.result == "fail":
            yield from self.retirement.knows()

    def execute(self) -> None:
        cycle, rule, finding, evidence = self.check()
        assert cycle.listed is not None
        if self.result not in RESULTS:
            raise Refused("brand.result", f"A check comes to one of {', '.join(RESULTS)}.", "result")
        due = cycle.listed.check_due
        if due is None:
            raise Refused("brand.no_check", f"It was listed too late for a check in {cycle.applied.year}.", "brand")
        if cycle.checked is not None:
            raise Refused("brand.checked", f"It was checked on {cycle.checked.effective}.", "brand")
        yellow_from = self._mending_yellow(cycle, rule)
        by = self.brand, cycle.applied.unit, cycle.applied.year, self.checker
        mending = self.result, self.mend_by, yellow_from
        self.trigger(BrandChecked(*by, *mending, finding, evidence, self.effective > due, self.effective))
        if self.result == "fail":
            for fact in self.retirement.facts(rule, "check_failed", "result"):
                self.trigger(fact)

    def _mending_yellow(self, cycle: Cycle, rule: BrandRule) -> date | None:
        if (self.result == "mend") != (self.mend_by is not None):
            raise Refused("brand.mend_by", "A day to mend by goes with mend, and with nothing else.", "mend_by")
        if self.mend_by is None:
            return None
        days = rule.check.mend_working_days
        last = Calendar(cycle.charter).add(self.effective, days)
        if not self.effective < self.mend_by <= last or self.mend_by >= cycle.until:
            sentence = f"It is mended within {days} working days, by {last}, and while it is listed."
            raise Refused("brand.mend_by", sentence, "mend_by")
        return mending_yellow(cycle.charter, self.mend_by)


class MendBrand(_ByChecker):
    """Record that what was to be mended is so."""

    def execute(self) -> None:
        cycle, _, finding, evidence = self.check()
        checked = cycle.checked
        if checked is None or checked.mend_by is None or cycle.mended is not None:
            raise Refused("brand.not_to_mend", "There is nothing to be mended.", "brand")
        by = self.brand, cycle.applied.unit, cycle.applied.year, self.checker
        self.trigger(BrandMended(*by, finding, evidence, self.effective > checked.mend_by, self.effective))
