"""Brands: their tree, and their yearly cycle; and the qualities that units are built for."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, Shown, found, read
from api.schemas.base import DatedSchema
from api.schemas.brands import (
    ApplyForBrandSchema,
    BrandApplicationsSchema,
    BrandsSchema,
    CheckBrandSchema,
    CorrectQualitiesSchema,
    DecideOnBrandSchema,
    MendBrandSchema,
    MoveBrandSchema,
    QualityScoresSchema,
    ReviewBrandSchema,
    ScoreQualitiesSchema,
)
from projections.views import brands as views
from projections.views import qualities as quality_views
from projections.views.brands import Brand, BrandAct, BrandApplication, BrandCheck, BrandNode
from projections.views.honours import Honour, honours_of_brand
from projections.views.qualities import QualityScore
from workflow.brands.applying import ApplyForBrand, ReviewBrand
from workflow.brands.checking import CheckBrand, MendBrand
from workflow.brands.listing import ListBrand, MoveBrand, RejectBrand, RetireBrand
from workflow.qualities.commands import CorrectQualities, ScoreQualities

brands = Blueprint("brands", __name__, url_prefix="/v1", description="Brands, and the qualities of units.")

ONE, QUALITIES = "/brands/<id:brand>", "/qualities/<id:score>"
command(brands, "/brands", ApplyForBrand, ApplyForBrandSchema, "apply for brands", at="/v1/brands/{brand}")
command(brands, f"{ONE}/review", ReviewBrand, ReviewBrandSchema, "recognise")
command(brands, f"{ONE}/list", ListBrand, DecideOnBrandSchema, "recognise")
command(brands, f"{ONE}/reject", RejectBrand, DecideOnBrandSchema, "recognise")
command(brands, f"{ONE}/move", MoveBrand, MoveBrandSchema, "recognise")
command(brands, f"{ONE}/check", CheckBrand, CheckBrandSchema, "recognise")
command(brands, f"{ONE}/mend", MendBrand, MendBrandSchema, "recognise")
command(brands, f"{ONE}/retire", RetireBrand, DatedSchema, "recognise")
command(brands, "/qualities", ScoreQualities, ScoreQualitiesSchema, "recognise", at="/v1/qualities/{score}")
command(brands, f"{QUALITIES}/correct", CorrectQualities, CorrectQualitiesSchema, "recognise")


class BrandShown(Shown, kw_only=True):
    """A brand in its place (null, if it never had one), its applications and checks by year, all that happened to it,
    its honours, and the names of the people in that."""

    item: Brand | None
    applications: list[BrandApplication]
    checks: list[BrandCheck]
    acts: list[BrandAct]
    honours: list[Honour]
    names: Names


class BrandTreeShown(Shown, kw_only=True):
    """A brand and all below it, as they stand on the day."""

    tree: BrandNode


class QualityScoreShown(Item[QualityScore], kw_only=True):
    """A score, and what it was after each correction."""

    versions: list[QualityScore]
    names: Names


@read(brands, "/brands", Page[Brand], BrandsSchema)
def list_brands(look: Look) -> dict[str, Any]:
    """Brands that are listed on the day, by id."""
    return look.page(views.brands(look.connection, look.moment, **look.paging()))


@read(brands, ONE, BrandShown)
def brand(look: Look, brand: str) -> dict[str, Any]:
    """A brand, from its first application on."""
    at = look.connection, look.moment
    acts = views.acts(*at, brand)
    item = views.brand(*at, brand)
    found(item or (acts[0] if acts else None), "brand", brand)
    applications, checks = views.applications_for(*at, brand), views.checks_of(*at, brand)
    people = {each.person for each in acts}
    return {
        "item": item,
        "applications": applications,
        "checks": checks,
        "acts": acts,
        "honours": honours_of_brand(*at, brand),
        "names": names(look, people),
    }


@read(brands, f"{ONE}/tree", BrandTreeShown)
def brand_tree(look: Look, brand: str) -> dict[str, Any]:
    """A brand and all below it."""
    return {"tree": found(views.tree(look.connection, look.moment, brand), "brand", brand)}


@read(brands, "/brand-applications", Page[BrandApplication], BrandApplicationsSchema)
def list_brand_applications(look: Look) -> dict[str, Any]:
    """Applications for brands, by id: brand and year; with `state=pending` those that are still to be decided."""
    asked = look.paging()
    states = {each for named in asked.pop("state") for each in (views.PENDING if named == "pending" else (named,))}
    return look.page(views.applications(look.connection, look.moment, states=sorted(states), **asked))


@read(brands, "/qualities", Page[QualityScore], QualityScoresSchema)
def list_quality_scores(look: Look) -> dict[str, Any]:
    """Scores of qualities, by id: unit and period."""
    return look.page(quality_views.scores(look.connection, look.moment, **look.paging()))


@read(brands, QUALITIES, QualityScoreShown)
def quality_score(look: Look, score: str) -> dict[str, Any]:
    """The qualities of a unit in a period, as they were scored and corrected."""
    at = look.connection, look.moment
    item = found(quality_views.score(*at, score), "quality", score, "score")
    versions = quality_views.versions(*at, score)
    return {"item": item, "versions": versions, "names": names(look, {each.scorer for each in versions})}
