"""The catalogue of indicators."""

from typing import Annotated

from django.http import Http404
from ninja import Path, Query, Router, Schema

from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.web.api.operations import operation
from zhunsheng.web.api.paging import Cursor, Limit, page_of
from zhunsheng.web.api.tokens import ApiRequest

ROUTER = Router(tags=["indicators"])
Wanted = Annotated[str, Query(max_length=60, pattern=r"^[^\x00]*$", description="名称或编码中的文字")]
IndicatorCode = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,80}$")]


class IndicatorShape(Schema):
    """An indicator of the catalogue."""

    code: str
    label: str
    label_en: str
    description: str
    chapter: int
    kind: str
    unit: str
    direction: str
    places: int
    stands_for: list[str]


class IndicatorVersionShape(Schema):
    """How it is computed during some years."""

    first_year: int | None
    last_year: int | None
    measures: list[str]
    why_undefined: str
    notes: list[str]


class IndicatorContentShape(IndicatorShape):
    """An indicator with its versions and the hash of its definition."""

    digest: str
    versions: list[IndicatorVersionShape]


class IndicatorsShape(Schema):
    """A page of indicators by code."""

    items: list[IndicatorShape]
    next: str | None


def _indicator(found: IndicatorDefinition) -> dict[str, object]:
    return {
        "code": found.code,
        "label": found.label,
        "label_en": found.label_en,
        "description": found.description,
        "chapter": found.chapter,
        "kind": found.kind.value,
        "unit": found.unit,
        "direction": found.direction.value,
        "places": found.places,
        "stands_for": list(found.stands_for),
    }


@operation(ROUTER, "GET", "/indicators", "library.read", IndicatorsShape, summary="指标库")
def indicators(
    request: ApiRequest,  # noqa: ARG001 - every operation takes it
    limit: Limit = 50,
    cursor: Cursor = "",
    q: Wanted = "",
) -> dict[str, object]:
    """The catalogue, or what fits a word."""
    known = [found for code in indicator_codes() if (found := indicator_of(code)) is not None]
    fitting = [each for each in known if not q or q in each.label or q.lower() in each.code]
    shown, following = page_of(fitting, lambda each: each.code, limit, cursor)
    return {"items": [_indicator(each) for each in shown], "next": following}


@operation(
    ROUTER, "GET", "/indicators/{code}", "library.read", IndicatorContentShape, summary="一个指标的定义"
)
def indicator(request: ApiRequest, code: IndicatorCode) -> dict[str, object]:  # noqa: ARG001
    """One indicator."""
    found = indicator_of(code) if code in indicator_codes() else None
    if found is None:
        raise Http404(f"指标库中没有“{code}”")
    return {
        **_indicator(found),
        "digest": found.digest,
        "versions": [
            {
                "first_year": each.first_year,
                "last_year": each.last_year,
                "measures": [measure.name for measure in each.measures],
                "why_undefined": each.why_undefined,
                "notes": list(each.notes),
            }
            for each in found.versions
        ],
    }
