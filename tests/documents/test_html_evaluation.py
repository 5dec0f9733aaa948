"""The evaluation page: every score unfolds into its calculation, whatever the names are."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from html.parser import HTMLParser

import pytest

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded
from zhunsheng.documents.html_evaluation import write_evaluation_page
from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.case import Case
from zhunsheng.scores.evaluation import Evaluation, ScoredNode
from zhunsheng.scores.review.review import Review, review
from zhunsheng.store.review_rule_files import load_review_rules

CASES = ("huadu-2023", "guangzhou-2021")
EMPTY = {"meta", "br", "link", "img", "input", "hr"}
HOSTILE = '<script>alert(1)</script>" onload="x" {{ 7 * 7 }} {% raw %} &amp; \'</details>'


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def all(self, tag: str) -> list["Element"]:
        found = [self] if self.tag == tag else []
        for child in self.children:
            found += child.all(tag)
        return found

    def every(self) -> list["Element"]:
        return [self, *(each for child in self.children for each in child.every())]

    @property
    def text(self) -> str:
        return "".join(self.words)

    def child(self, tag: str) -> "Element":
        return next(each for each in self.children if each.tag == tag)


class Reader(HTMLParser):
    """A tree of elements; an end tag that closes something else is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]
        self.declarations: list[str] = []

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in EMPTY:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for each in self.open:
            each.words.append(data)


def tree(page: str) -> Element:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root]
    assert reader.declarations == ["doctype html"]
    return reader.root


@lru_cache
def scored(code: str) -> tuple[Case, Evaluation]:
    loaded = load_case(code)
    return loaded.case, evaluate_loaded(loaded)[0]


@lru_cache
def reviewed(code: str) -> Review:
    case, evaluation = scored(code)
    return review(case, evaluation, load_review_rules()[0])


@lru_cache
def page_of(code: str) -> Element:
    case, evaluation = scored(code)
    return tree(write_evaluation_page(case, evaluation, reviewed(code)))


def entry(page: Element, node: ScoredNode) -> Element:
    return next(each for each in page.all("details") if each.attributes["id"] == f"n-{node.code}")


@pytest.mark.parametrize("code", CASES)
def test_every_node_unfolds_into_its_score_and_its_steps(code: str) -> None:
    page, (_, evaluation) = page_of(code), scored(code)
    assert [each.attributes["id"] for each in page.all("details")] == [
        f"n-{node.code}" for node in in_order(evaluation)
    ]
    for node in evaluation.nodes:
        made = entry(page, node)
        shown = "待评" if node.score is None else score_text(node.score)
        summary, trace = made.child("summary"), made.child("div")
        assert node.name in summary.text
        assert f"{shown} / {score_text(node.points)}" in summary.text
        lines = [each.text for each in trace.all("li")]
        assert lines[: len(node.trace.steps)] == list(node.trace.steps)
        assert node.trace.rule in trace.text
        assert node.trace.rounding in trace.text
        for given in node.trace.inputs:
            assert f"{given.label}" in trace.text
            assert f"{given.value}{given.unit}　来源：{given.source}" in trace.text


def in_order(evaluation: Evaluation, parent: str = "") -> list[ScoredNode]:
    """Each node before those below it."""
    return [each for node in evaluation.children(parent) for each in (node, *in_order(evaluation, node.code))]


@pytest.mark.parametrize("code", CASES)
def test_a_node_stands_inside_the_one_it_belongs_to(code: str) -> None:
    page, (_, evaluation) = page_of(code), scored(code)
    for node in evaluation.nodes:
        if node.parent:
            above = evaluation.node(node.parent)
            assert above is not None
            inside = [each.attributes["id"] for each in entry(page, above).all("details")]
            assert f"n-{node.code}" in inside


@pytest.mark.parametrize("code", CASES)
def test_the_total_and_the_grade_come_first(code: str) -> None:
    page, (_, evaluation) = page_of(code), scored(code)
    cards = [each.text for each in page.all("ul")[0].children]
    assert cards[0] == f"{score_text(evaluation.total)}总分（满分 {score_text(evaluation.full)}）"
    assert cards[1].startswith(evaluation.grade)


@pytest.mark.parametrize("code", CASES)
def test_what_the_sources_contradict_and_a_reviewer_may_say_is_listed(code: str) -> None:
    page, (case, _) = page_of(code), scored(code)
    subjects = [each.text for each in page.all("th") if each.attributes["scope"] == "row"]
    assert subjects == [row.subject for row in case.contradictions]
    for finding in reviewed(code).findings:
        assert finding.what in page.text


def test_points_lost_show_the_reason_and_what_the_source_printed() -> None:
    page, (_, evaluation) = page_of("huadu-2023"), scored("huadu-2023")
    node = evaluation.node("B7.2")
    assert node is not None
    assert node.printed is not None
    text = entry(page, node).text
    assert "原文得分3（" in "".join(text.split())
    assert node.printed.explanation in text


def test_a_value_that_is_not_there_leaves_no_empty_label() -> None:
    for made in page_of("huadu-2023").all("span"):
        assert made.text.strip() not in {"目标", "完成", "佐证"}


@pytest.mark.parametrize("code", CASES)
def test_the_page_is_chinese_has_one_title_sound_links_and_named_headers(code: str) -> None:
    page = page_of(code)
    assert page.child("html").attributes["lang"] == "zh-CN"
    assert len(page.all("h1")) == 1
    names = [each.attributes["id"] for each in page.every() if "id" in each.attributes]
    assert len(names) == len(set(names))
    targets = [each.attributes["href"] for each in page.all("a")]
    assert targets
    assert {target.removeprefix("#") for target in targets} <= set(names)
    assert all(each.attributes.get("scope") in {"row", "col"} for each in page.all("th"))


@pytest.mark.parametrize("code", CASES)
def test_nothing_is_fetched_and_nothing_runs(code: str) -> None:
    elements = page_of(code).every()
    assert not {each.tag for each in elements} & {"script", "link", "img", "iframe", "object", "form"}
    for each in elements:
        assert not any(name.startswith("on") or name == "src" for name in each.attributes)
    style = page_of(code).all("style")[0].text
    assert "url(" not in style
    assert "@import" not in style


def test_the_same_year_gives_the_same_page() -> None:
    case, evaluation = scored("huadu-2023")
    assert write_evaluation_page(case, evaluation) == write_evaluation_page(case, evaluation)


def test_hostile_names_and_steps_are_printed_as_they_are() -> None:
    case, evaluation = scored("huadu-2023")
    nodes = tuple(
        replace(
            node,
            name=HOSTILE,
            target=HOSTILE,
            actual=HOSTILE,
            evidence=HOSTILE,
            reason=HOSTILE,
            deviation=HOSTILE,
            remedy=HOSTILE,
            trace=replace(node.trace, rule=HOSTILE, clause=HOSTILE, steps=(HOSTILE,), rounding=HOSTILE),
        )
        for node in evaluation.nodes
    )
    hostile = replace(
        evaluation,
        body=HOSTILE,
        rubric_label=HOSTILE,
        nodes=nodes,
        ceiling=HOSTILE,
        assumptions=(HOSTILE,),
    )
    contradictions = tuple(
        replace(each, subject=HOSTILE, printed=HOSTILE, reason=HOSTILE) for each in case.contradictions
    )
    page = tree(write_evaluation_page(replace(case, contradictions=contradictions), hostile))
    assert not page.all("script")
    assert not any("onload" in each.attributes for each in page.every())
    assert len(page.all("details")) == len(nodes)
    for made in page.all("details"):
        assert HOSTILE in made.child("summary").text
        assert HOSTILE in made.child("div").text
    assert HOSTILE in page.all("h1")[0].text
    assert page.all("title")[0].text.startswith(HOSTILE)


def test_without_a_review_or_contradictions_their_parts_are_left_out() -> None:
    case, evaluation = scored("huadu-2023")
    page = tree(write_evaluation_page(replace(case, contradictions=()), replace(evaluation, problems=())))
    assert [each.text for each in page.all("h2")] == ["得分与计算过程"]
