"""Where the pages about people and organisations stand."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhunsheng.store.database.models import Organisation, User

Step = dict[str, str]


def way(*steps: Step) -> list[Step]:
    """The pages above a page about people, itself last."""
    return [{"label": _("用户和授权"), "url": reverse("people")}, *steps]


def way_to_person(person: User, *labels: str) -> list[Step]:
    """The pages above a page about one person."""
    own = {"label": person.name, "url": reverse("person", args=[person.pk])}
    return way(own, *({"label": each, "url": ""} for each in labels))


def way_to_organisation(organisation: Organisation | None = None, *labels: str) -> list[Step]:
    """The pages above a page about one organisation; without it that of the tree."""
    tree = {"label": pgettext("organisation", "单位"), "url": reverse("organisations")}
    if organisation is None:
        return way(tree)
    own = {"label": organisation.name, "url": reverse("organisation", args=[organisation.code])}
    return way(tree, own, *({"label": each, "url": ""} for each in labels))
