"""Deciding on applications, and changing the tree: listing or rejecting, moving, retiring."""

from __future__ import annotations

from workflow.brands.acts import ActOnBrand, Retirement
from workflow.brands.events import BrandListed, BrandMoved, BrandRejected, BrandRenewed
from workflow.brands.terms import score_of, term_of
from workflow.brands.tree import refuse_misplaced
from workflow.calendar import ONE_DAY
from workflow.dates import Span
from workflow.ids import BrandId
from workflow.organisation.views import UnitStanding
from workflow.slices import Knows, Refused


class ListBrand(ActOnBrand):
    """List a brand for the year that it was applied for, or renew it if it is listed, from `effective` on.

    Enough reviewers must have given it enough points, and its place in the tree must be one that the charter has, as
    long as it holds. It is renewed if the checks of its last year were passed.
    """

    year: int

    def knows(self) -> Knows:
        yield from super().knows()
        self.cycle = self.standing.must_be_pending(self.year)
        self.place = UnitStanding(self.cycle.applied.unit)
        yield (self.place,)

    def execute(self) -> None:
        self.begin()
        rule, applied = self.decided_by(self.cycle.charter), self.cycle.applied
        if self.effective.year != self.year:
            raise Refused("brand.year", f"A brand for {self.year} is listed from a day of {self.year} on.", "effective")
        reviews = self.cycle.reviews
        if len(reviews) < rule.reviewers_at_least:
            raise Refused(
                "brand.unreviewed", f"It takes {rule.reviewers_at_least} reviews; {len(reviews)} are there.", "year"
            )
        score = score_of([each.total for each in reviews])
        if score < rule.listed_from:
            raise Refused("brand.score", f"It has {score} points, and is listed from {rule.listed_from} on.", "year")
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        renewed = self._refuse_unrenewable()
        parent = None if applied.parent is None else self.tree.at(applied.parent, self.effective)
        if parent is not None and parent.span.until is not None and parent.year < self.year:
            sentence = f"{parent.brand} is listed until {parent.span.until} only; it is renewed first."
            raise Refused("brand.parent_term", sentence, "brand")
        term = term_of(self.cycle.charter, self.year, self.effective, parent)
        event = BrandRenewed if renewed else BrandListed
        fact = event(
            self.brand,
            applied.unit,
            self.year,
            applied.level,
            applied.parent,
            applied.title_zh,
            applied.title_en,
            score,
            *term,
            applied.charter,
            applied.charter_digest,
            self.effective,
        )
        self.tree.note(fact)
        refuse_misplaced(self.tree, rule, self.brand, Span(self.effective, term.until))
        self.trigger(fact)

    def _refuse_unrenewable(self) -> bool:
        """Whether it is listed, and so to be renewed. What ended meanwhile can only be listed anew, from today on."""
        place, before = self.tree.at(self.brand, self.effective), self.standing.current(self.effective)
        if place is None or before is None:
            return False
        if place.span.until is not None and place.span.until <= self.context.today:
            sentence = f"It was listed until {place.span.until}; from then on it is listed anew."
            raise Refused("brand.lapsed", sentence, "effective")
        if not before.in_order(self.effective):
            raise Refused("brand.unchecked", "The check of its last year is not passed yet.", "brand")
        return True


class RejectBrand(ActOnBrand):
    """Reject an application; the reason is that of the command. The unit may apply again."""

    year: int

    def execute(self) -> None:
        self.begin()
        cycle = self.standing.must_be_pending(self.year)
        self.decided_by(cycle.charter)
        self.must_have_reason("rejected")
        self.trigger(BrandRejected(self.brand, cycle.applied.unit, self.year, self.effective))


class MoveBrand(ActOnBrand):
    """Place a brand, with all below it, below another parent from `effective` on."""

    parent: BrandId

    def execute(self) -> None:
        charter = self.begin()
        rule, place = self.decided_by(charter), self.tree.must_be_listed(self.brand, self.effective)
        previous = place.parent_on(self.effective)
        if previous == self.parent:
            raise Refused("brand.same_parent", f"It stands below {self.parent} already.", "parent")
        if place.level not in [level.id for level in rule.levels]:
            raise Refused("brand.level", f"The charter has no level {place.level} any more.", "brand")
        fact = BrandMoved(self.brand, place.unit, self.parent, previous, self.effective)
        self.tree.note(fact)
        refuse_misplaced(self.tree, rule, self.brand, Span(self.effective, place.span.until))
        self.trigger(fact)


class RetireBrand(ActOnBrand):
    """Take a brand out of the tree; the reason is that of the command. The charter of its cycle says what becomes of
    those below, also when that in force knows no brands any more."""

    def knows(self) -> Knows:
        yield from super().knows()
        self.retirement = Retirement(self.tree, self.brand, self.effective)
        yield from self.retirement.knows()

    def execute(self) -> None:
        self.begin()
        rule = self.decided_by(self.standing.must_be_current(self.effective).charter)
        self.must_have_reason("retired")
        for fact in self.retirement.facts(rule, "decided"):
            self.trigger(fact)
