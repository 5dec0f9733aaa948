"""The list of pages that are looked at is complete: a new page that nobody looks at fails here."""

from pathlib import Path

import yaml
from pages_shown import listed, views

from zhunsheng.web.start_checks import all_views

RIGHTS = Path(__file__).parent.parent / "cases" / "rights" / "pages.yaml"


def served() -> set[str]:
    return {name for address, name, _view in all_views() if not address.startswith("api/v1/")}


def test_every_address_is_looked_at_or_said_to_show_nothing() -> None:
    known = set(listed()["pages"]) | set(listed()["elsewhere"])
    assert served() - known == set(), "these pages have no line in tests/cases/shown/pages.yaml"
    assert known - served() == set(), "these lines are about pages that are gone"
    assert not set(listed()["pages"]) & set(listed()["elsewhere"])


def test_what_shows_nothing_says_why() -> None:
    assert all(len(why) > 5 for why in listed()["elsewhere"].values())


def test_every_page_is_seen_with_data_or_can_have_none() -> None:
    """Pages for whoever has nothing yet are the only ones without data."""
    without = {page for page, each in listed()["pages"].items() if not {"data", "made"} & set(each["views"])}
    assert without == {"case-choose", "ledgers"}


def test_every_form_that_can_be_refused_is_seen_with_errors() -> None:
    """Whoever has a button to press with nothing filled in sees what is wrong."""
    sent = {each.page for each in views() if each.press and each.name == "errors"}
    # of each kind of form one at least: fields, a reason, a file, a choice
    assert {"plan-row", "plan-return", "records_upload", "report", "case-new", "person_new"} <= sent


def test_each_right_is_seen_refused_somewhere() -> None:
    refused = {each.page for each in views() if each.status == 403}
    rights = yaml.safe_load(RIGHTS.read_text(encoding="utf-8"))["pages"]
    assert {"case", "bureau_ledgers", "people", "records_upload", "evaluation"} <= refused
    # nobody is refused what everybody may see
    assert not [page for page in refused if rights[page]["GET"] == "everybody"]


def test_names_of_pictures_are_different() -> None:
    names = [str(each) for each in views()]
    assert len(set(names)) == len(names)
