"""The web page: valid, self-contained, every number linked, hostile text printed as it is."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest

from zhunsheng.documents.charts import render_chart
from zhunsheng.documents.html_report import anchor, write_html
from zhunsheng.reports.tree import Chart, Heading, Number, Paragraph, Report, Text, numbers_of

VOID = {"meta", "br", "col", "hr", "link", "img", "input"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page(HTMLParser):
    elements: list[Element] = field(default_factory=list)
    text: str = ""
    declaration: str = ""
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_decl(self, decl: str) -> None:
        self.declaration = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in <{tag}>"
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data
        self.text += data

    def close(self) -> None:
        super().close()
        assert not self._open, f"left open: {self._open}"

    def all(self, *tags: str) -> list[Element]:
        return [each for each in self.elements if each.tag in tags]


def page_of(report: Report, charts: dict[str, str] | None = None) -> Page:
    page = Page()
    page.feed(write_html(report, drawn(report) if charts is None else charts))
    page.close()
    return page


def drawn(report: Report) -> dict[str, str]:
    # the labels are empty boxes without a font; nothing here looks at them
    return {each.code: render_chart(each, []).svg for each in report.blocks if isinstance(each, Chart)}


@pytest.fixture
def page(report: Report) -> Page:
    return page_of(report)


def test_the_same_report_gives_the_same_page(report: Report) -> None:
    charts = drawn(report)
    assert write_html(report, charts) == write_html(report, charts)


def test_it_is_a_chinese_html_page_with_a_title(page: Page, report: Report) -> None:
    assert page.declaration == "doctype html"
    assert page.all("html")[0].attributes["lang"] == "zh-CN"
    assert page.all("title")[0].text == "".join(report.title)


def test_identifiers_are_unique_and_every_link_has_its_target(page: Page) -> None:
    ids = Counter(each.attributes["id"] for each in page.elements if "id" in each.attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    assert all(name and not re.search(r"\s", name) for name in ids)
    targets = [each.attributes["href"] or "" for each in page.elements if "href" in each.attributes]
    assert targets
    assert [target for target in targets if not target.startswith("#") or target[1:] not in ids] == []
    used = re.findall(r"url\(#([^)]+)\)", " ".join(value or "" for each in page.elements for value in each.attributes.values()))  # fmt: skip
    assert set(used) <= set(ids)


def test_nothing_is_fetched_and_nothing_runs(report: Report) -> None:
    page = page_of(report)
    assert page.all("script", "link", "img", "iframe", "object", "form") == []
    for each in page.elements:
        assert not {"src", "srcset", "xlink:href", "action", "data"} & set(each.attributes)
        assert not any(name.startswith("on") for name in each.attributes)
    source = write_html(report, drawn(report))
    assert "http://" not in source
    assert "https://" not in source
    assert "@import" not in source
    assert re.findall(r"url\((?!#)", source) == []


def test_every_number_leads_to_its_calculation(page: Page, report: Report) -> None:
    links = [each for each in page.all("a") if (each.attributes.get("class") or "").startswith("number")]
    known = {figure.code for figure in report.figures}
    wanted = [(f"#{anchor(each.figure)}", each.text) for each in numbers_of(report) if each.figure in known]
    assert [(each.attributes["href"], each.text) for each in links] == wanted
    entries = {each.attributes["id"]: each.text for each in page.all("li") if "id" in each.attributes}
    for figure in report.figures:
        entry = entries[anchor(figure.code)]
        assert all(
            part in entry for part in (figure.code, figure.label, figure.text, figure.rule, *figure.steps)
        )


def test_a_number_without_record_is_printed_without_a_link(page: Page) -> None:
    assert [each.text for each in page.all("span") if each.attributes.get("class") == "number"] == ["8个"]


def test_headings_keep_the_levels_of_the_report(page: Page, report: Report) -> None:
    found = [(each.tag, each.text) for each in page.all("h1", "h2", "h3", "h4", "h5")]
    assert found[0] == ("h1", "".join(report.title))
    wanted = [
        (f"h{block.level + 1}", block.number + block.text) for block in report.blocks if isinstance(block, Heading)
    ]  # fmt: skip
    assert found[1 : 1 + len(wanted)] == wanted


def test_tables_have_captions_header_cells_and_spans(page: Page) -> None:
    assert [each.text for each in page.all("caption")] == [
        "表 1　评分明细单位：分",
        "表 2　逐月执行单位：万元",
    ]
    heads = page.all("th")
    assert {each.attributes["scope"] for each in heads} == {"col", "row"}
    assert [each.text for each in heads if each.attributes.get("rowspan") == "20"] == ["第1类", "第2类"]
    assert [each.text for each in heads if each.attributes.get("colspan") == "12"] == ["季度执行数"]
    assert len(page.all("thead")) == len(page.all("tbody")) == len(page.all("table"))


def test_tables_scroll_inside_a_named_region_that_takes_the_focus(page: Page) -> None:
    regions = [each for each in page.elements if each.attributes.get("role") == "region"]
    assert len(regions) == len(page.all("table"))
    assert all(each.attributes["tabindex"] == "0" and each.attributes["aria-label"] for each in regions)


def test_charts_are_pictures_with_a_description(page: Page, report: Report) -> None:
    described = [block.description for block in report.blocks if isinstance(block, Chart)]
    pictures = page.all("svg")
    assert [each.attributes["aria-label"] for each in pictures] == described
    assert {each.attributes["role"] for each in pictures} == {"img"}
    assert "0 / 4" not in described
    assert "图中数据" in page.text


def test_a_missing_picture_is_replaced_by_its_description(report: Report) -> None:
    assert "〔缺图：各部分得分与分值对比。〕" in page_of(report, {}).text


def test_a_skip_link_comes_first(page: Page) -> None:
    first = page.all("a")[0]
    assert first.attributes["href"] == "#main"
    assert page.all("main")[0].attributes["id"] == "main"


def test_a_draft_is_marked_and_a_final_report_is_not(report: Report) -> None:
    assert "（草稿）" in page_of(report).text
    assert "草稿" not in page_of(replace(report, draft=False)).text


def test_hostile_text_is_printed_as_it_is(page: Page, report: Report) -> None:
    hostile = next(
        run.text for block in report.blocks if isinstance(block, Paragraph) for run in block.runs if "script" in run.text
    )  # fmt: skip
    assert hostile in page.text


def test_hostile_text_stays_text_in_every_place(report: Report) -> None:
    evil = "\"><script>x</script>'{{ 7*7 }}"
    chart = Chart(evil, evil, evil, (evil, evil), ())
    changed = replace(
        report,
        title=(evil,),
        body=evil,
        date=evil,
        blocks=(Heading(1, evil, evil), Heading(0, "", evil), chart, Paragraph((Text(evil, strong=True), Number(evil, evil)))),
        figures=tuple(replace(each, code=evil, label=evil, text=evil, rule=evil, steps=(evil,)) for each in report.figures[:1]),
        provenance=((evil, evil),),
    )  # fmt: skip
    page = page_of(changed)
    assert page.all("script") == []
    assert page.text.count(evil) >= 10
    assert page.all("svg")[0].attributes["aria-label"] == evil


def test_control_characters_are_shown_and_direction_overrides_removed(report: Report) -> None:
    odd = replace(report, blocks=(Paragraph((Text("甲\x00乙\x1b丙\ud800丁\u202e戊\n己"),)),), title=("题",))
    source = write_html(odd, {})
    assert "甲�乙�丙�丁戊<br>己" in source
    source.encode("utf-8")


def test_provenance_stands_at_the_end(page: Page, report: Report) -> None:
    end = page.all("footer")[0].text
    assert all(name in end and value in end for name, value in report.provenance)


def test_codes_become_sound_and_different_identifiers() -> None:
    assert anchor("indicator.F2.actual") == "figure-indicator.F2.actual"
    odd = ["甲 乙", "甲乙", "a b", 'a"b', "a#b", "", "\ud800"]  # fmt: skip
    made = [anchor(code) for code in odd]
    assert len(set(made)) == len(odd)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", each) for each in made)


def test_colours_of_text_have_enough_contrast(report: Report) -> None:
    source = write_html(report, {})
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", source))
    for text in ("ink", "soft", "blue", "red"):
        for ground in ("#ffffff", colours["ground"], colours["pale"], "#eaf2fc"):
            assert contrast(colours[text], ground) >= 4.5, (text, ground)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
