"""What an indicator was in the years before."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from zhunsheng.plans.case import Actual, Indicator
from zhunsheng.scores.review.year import bare_name
from zhunsheng.store.database.case_content import SECTION_OF, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import StoredCase
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.planning.checking import target_shown
from zhunsheng.workflow.rights import Asked

MOST_YEARS = 5


@dataclass(frozen=True, slots=True)
class PastYear:
    """An indicator in an earlier year.

    Attributes:
        case: the year, or None when only this year's own row tells of it.
        target, actual: as people read them; "" when not known.
    """

    year: int
    case: str | None
    name: str
    target: str
    actual: str


def history_of(stored: StoredCase, indicator: Indicator, actor: Actor) -> tuple[PastYear, ...]:
    """The same indicator in the earlier years of the same body that the actor may see, newest first."""
    found = []
    today = timezone.localdate()
    earlier = StoredCase.objects.filter(
        organisation=stored.organisation, fiscal_year__lt=stored.fiscal_year
    ).select_related("organisation__overseer")
    for case in earlier.order_by("-fiscal_year")[:MOST_YEARS]:
        if not judge("case.read", actor, Asked(today, case)).allowed:
            continue
        same = _same(_indicators(case), indicator)
        if same is not None:
            reached = _actual(case, same.code)
            found.append(PastYear(case.fiscal_year, case.code, same.name, target_shown(same), reached))
    last = stored.fiscal_year - 1
    if indicator.previous_actual and not any(each.year == last for each in found):
        found.insert(0, PastYear(last, None, indicator.name, "", indicator.previous_actual))
    return tuple(found)


def _indicators(case: StoredCase) -> list[Indicator]:
    section = SECTION_OF["indicators"]
    return [record_of(section, each) for each in ROW_MODELS["indicators"]._default_manager.filter(case=case)]


def _same(candidates: Iterable[Indicator], wanted: Indicator) -> Indicator | None:
    known = list(candidates)
    if wanted.definition:
        for each in known:
            if each.definition == wanted.definition:
                return each
    name = bare_name(wanted.name)
    return next((each for each in known if name and bare_name(each.name) == name), None)


def _actual(case: StoredCase, code: str) -> str:
    row = ROW_MODELS["actuals"]._default_manager.filter(case=case, **{field_of("indicator"): code}).first()
    if row is None:
        return ""
    actual: Actual = record_of(SECTION_OF["actuals"], row)
    if actual.value:
        return f"{actual.value}{actual.unit}"
    return (actual.tier.label if actual.tier else "") or (actual.status.label if actual.status else "")
