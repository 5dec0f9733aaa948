"""The English catalogue: everything the site says is in it, in English, and nothing else."""

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.utils import translation

from zhunsheng.ledgers.field import Level, Privacy
from zhunsheng.plans.roles import Role
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.web.language import job_name, shown

ROOT = Path(__file__).parents[3]
RUN = "run: make messages"
_HAN = re.compile("[\u4e00-\u9fff]")
_PLACES = re.compile(r"%(?:\(\w+\))?[sd]|%%|\{\w+\}")
OWN_NAMES = {"简体中文"}
"""A language is named in its own words, whatever the language of the page."""
EXAMPLES = re.compile("“[^”]*”|、$|、\\.?$")
"""What is typed or printed in Chinese, in quotation marks; the sign that separates codes."""


@cache
def messages() -> ModuleType:
    """The script that makes the catalogue."""
    given = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    assert given is not None
    assert given.loader is not None
    made = importlib.util.module_from_spec(given)
    given.loader.exec_module(made)
    return made


@cache
def catalogue() -> Any:
    return messages().read()


def pairs() -> list[tuple[str, str]]:
    """Each message with each of its translations, plural with plural."""
    found = []
    for each in catalogue():
        if isinstance(each.id, str):
            found.append((each.id, each.string))
        else:
            found += list(zip(each.id, each.string, strict=True))
    return [each for each in found if each[0]]


def test_the_catalogue_has_exactly_the_messages_of_the_site() -> None:
    said = {(each.id, each.context) for each in messages().extracted() if each.id}
    kept = {(each.id, each.context) for each in catalogue() if each.id}
    assert said - kept == set(), RUN
    assert kept - said == set(), f"nobody says these any more; {RUN}"
    assert not catalogue().obsolete


def test_every_message_has_english() -> None:
    assert [chinese for chinese, english in pairs() if not english.strip()] == []
    assert [each.id for each in catalogue() if each.id and each.fuzzy] == []
    left = [
        (chinese, english)
        for chinese, english in pairs()
        if chinese not in OWN_NAMES and _HAN.search(EXAMPLES.sub("", english))
    ]
    assert left == []


def test_placeholders_agree() -> None:
    wrong = [
        (chinese, english)
        for chinese, english in pairs()
        if sorted(_PLACES.findall(chinese)) != sorted(_PLACES.findall(english))
    ]
    assert wrong == []


def test_markup_agrees() -> None:
    tags = re.compile(r"</?\w+[^>]*>|\{\{[^}]*\}\}")
    assert [each for each in pairs() if tags.findall(each[0]) != tags.findall(each[1])] == []


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    script = messages()
    assert script.COMPILED.read_bytes() == script.as_mo(catalogue()), RUN


def test_the_text_is_as_the_script_writes_it() -> None:
    script = messages()
    assert script.CATALOGUE.read_bytes() == script.as_po(script.updated(catalogue())), RUN


def test_names_of_the_core_are_said_in_the_language_of_the_reader() -> None:
    definition = indicator_of(indicator_codes()[0])
    assert definition is not None
    with translation.override("zh-hans"):
        assert shown(Role.LEADER) == "局领导"
        assert shown(definition) == definition.label
    with translation.override("en"):
        assert shown(Role.LEADER) == "Bureau leader"
        assert shown(definition) == definition.label_en != definition.label
        assert shown(None) == shown("") == ""
        assert shown("花都区市场监督管理局") == "花都区市场监督管理局"


def test_a_word_with_two_meanings_has_two_translations() -> None:
    with translation.override("zh-hans"):
        assert shown(Privacy.PUBLIC) == shown("公开") == "公开"
    with translation.override("en"):
        assert (shown(Privacy.PUBLIC), shown("公开")) == ("Public", "Release")
        assert (shown(Level.REJECT), shown("退回")) == ("Returned", "Return")


def test_a_job_keeps_its_name_and_says_what_it_does() -> None:
    job: Any = type("Job", (), {"kind": "report.write", "label": "生成报告 花都区"})()
    with translation.override("zh-hans"):
        assert job_name(job) == "生成报告 花都区"
    with translation.override("en"):
        assert job_name(job) == "Write report (生成报告 花都区)"
