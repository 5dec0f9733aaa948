"""Where a page of the plan stands among the others."""

from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.store.database.models import StoredCase


def way_to(case: StoredCase, *steps: tuple[str, str]) -> list[dict[str, str]]:
    """Where a page of the plan stands."""
    plan = {"label": _("目标编制"), "url": reverse("plan", args=[case.code])}
    year = {"label": str(case), "url": reverse("case", args=[case.code])}
    return [year, plan, *({"label": label, "url": url} for label, url in steps)]
