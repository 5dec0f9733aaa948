"""Where the pages of the report stand."""

from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.store.database.models import StoredCase


def way_to(case: StoredCase, *labels: str) -> list[dict[str, str]]:
    """The pages above a page of the report, itself last; without a label the report's own."""
    return [
        {"label": str(case), "url": reverse("case", args=[case.code])},
        {"label": _("自评报告"), "url": reverse("report", args=[case.code])},
        *({"label": each, "url": ""} for each in labels),
    ]
