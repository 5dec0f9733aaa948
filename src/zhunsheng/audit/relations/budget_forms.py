"""The tables of the form of departmental budgets and final accounts, and what each of their figures is.

The form is the same for all bodies: totals of income and expenditure, income, expenditure by function,
fiscal appropriations, general public budget, basic expenditure by economic item, three public expenses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from zhunsheng.audit.facts.qualifiers import Stage
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.tables import TableView, is_figure


class Form(StrEnum):
    """A table of the form."""

    TOTALS = "totals"
    INCOME = "income"
    SPENDING = "spending"
    FISCAL = "fiscal"
    GENERAL = "general"
    BASIC = "basic"
    FUND = "fund"
    STATE_CAPITAL = "state_capital"
    THREE_PUBLIC = "three_public"


class Source(StrEnum):
    """Which money: all of it, fiscal appropriations, or one of the public budgets."""

    ALL = ""
    FISCAL = "财政拨款"
    GENERAL = "一般公共预算"
    FUND = "政府性基金"
    STATE_CAPITAL = "国有资本经营"


_ACCOUNT = "(?:预算|决算)?(?:总表|总体情况表|情况表|明细表|表)"
_TITLES: tuple[tuple[Form, re.Pattern[str]], ...] = (
    (Form.THREE_PUBLIC, re.compile(f'三公[”"]?(?:经费)?[^，。；]{{0,24}}{_ACCOUNT}')),
    (Form.BASIC, re.compile(f"基本支出[^，。；]{{0,20}}{_ACCOUNT}")),
    (Form.FUND, re.compile(f"政府性基金[^，。；]{{0,24}}{_ACCOUNT}")),
    (Form.STATE_CAPITAL, re.compile(f"国有资本经营[^，。；]{{0,24}}{_ACCOUNT}")),
    (Form.GENERAL, re.compile(f"一般公共预算(?:财政)?(?:拨款)?(?:收入)?支出(?:按?功能分类)?{_ACCOUNT}")),
    (Form.FISCAL, re.compile("财政拨款(?:预算)?收(?:入)?支(?:出)?(?:预算|决算)?(?:总表|总体情况表)")),
    (Form.TOTALS, re.compile("(?<!拨款)(?:收入支出|收支)(?:预算|决算)?(?:总表|总体情况表)")),
    (Form.INCOME, re.compile(f"(?<!事业)(?<!非税)(?<!拨款)(?<!经营)收入{_ACCOUNT}")),
    (Form.SPENDING, re.compile(f"(?<!项目)(?<!经费)(?<!拨款)(?<!收入)(?<!采购)(?<!预算)支出{_ACCOUNT}")),
)
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、])")
_TOTAL_ROW = re.compile(r"^(?:合\s*计|总\s*计|本年(?:收入|支出)合计|(?:收入|支出)(?:总计|合计))$")
# columns of another year, of changes and of adjusted budgets are not the figure of the form
_OTHER_COLUMN = re.compile("上年|上一年|执行数|增减|增长|比例|占比|%|调整|变动|差异|结转|备注")
_HEADER_YEAR = re.compile(r"((?:19|20)\d{2})年")
_TOTAL_COLUMN = re.compile(r"合计|小计|总计|^(?:预|决)算数$")


@dataclass(frozen=True, slots=True)
class FormFigure:
    """A figure of a table of the form.

    Attributes:
        form: the table it stands in.
        source: which money.
        side: "收入" or "支出".
        path: names from class to item for a row of the classification, else ().
        kind: "合计" for totals, else the name of the row or column: 基本支出, 事业收入, 人员经费.
        code: digits of the classification, or "".
    """

    numeral: Numeral
    form: Form
    stage: Stage
    source: Source
    side: str
    path: tuple[str, ...]
    kind: str
    code: str = ""


def form_of(view: TableView) -> tuple[Form, Stage] | None:
    """Which table of the form a table is, by the title above it or in its first rows."""
    head = " ".join(view.texts.get((row, 0), "") for row in range(min(2, view.table.rows)))
    for text in (head, view.title, view.table.name):
        best: tuple[int, int, Form, str] | None = None
        for order, (form, pattern) in enumerate(_TITLES):
            for match in pattern.finditer(text):
                # the title that ends last is the nearest; of several names the most particular one
                key = (match.end(), -order, form, match[0])
                if best is None or key[:2] > best[:2]:
                    best = key
        if best is not None:
            return best[2], _title_stage(best[3], view)
    return None


def _title_stage(title: str, view: TableView) -> Stage:
    """Budget or account: by the title, else by the headers."""
    end = re.sub("一般公共预算|政府性基金预算|国有资本经营预算", "", title)
    if "决算" in end or "预算" in end:
        return Stage.ACTUAL if "决算" in end else Stage.BUDGET
    headers = " ".join(
        view.texts.get((row, column), "") for row in range(3) for column in range(view.table.columns)
    )
    return Stage.ACTUAL if "决算" in headers + view.title else Stage.BUDGET


@once
def form_tables(reading: Reading) -> dict[int, tuple[Form, Stage]]:
    """The tables of the form, by their index."""
    return {view.table.index: found for view in reading.tables if (found := form_of(view)) is not None}


def form_figures(reading: Reading) -> Iterator[FormFigure]:
    """Every understood figure of the tables of the form."""
    for index, (form, stage) in form_tables(reading).items():
        view = reading.tables[index]
        if form in {Form.TOTALS, Form.FISCAL}:
            yield from _two_sided(reading, view, form, stage)
        elif form is Form.THREE_PUBLIC:
            yield from _three_public(reading, view, stage)
        elif form is Form.BASIC:
            yield from _basic(reading, view, stage)
        elif form in {Form.INCOME, Form.SPENDING, Form.GENERAL, Form.FUND, Form.STATE_CAPITAL}:
            yield from _classified(reading, view, form, stage)


_SOURCES = {
    Form.GENERAL: Source.GENERAL,
    Form.FUND: Source.FUND,
    Form.STATE_CAPITAL: Source.STATE_CAPITAL,
    Form.FISCAL: Source.FISCAL,
}


def _money(reading: Reading, view: TableView, row: int, column: int) -> Numeral | None:
    numeral = reading.numeral_in_cell(view.table.index, row, column)
    if numeral is None or numeral.dimension is not Dimension.MONEY:
        return None
    return numeral


def plain_name(text: str) -> str:
    """A row name without its number and layout: 八、其他收入 is 其他收入."""
    bare = re.sub(r"\s", "", text)
    return re.sub(r"^其中[：:]?", "", _NUMBERED.sub("", bare))


def _column_source(header: str) -> Source | None:
    for source in (Source.GENERAL, Source.FUND, Source.STATE_CAPITAL):
        if source.value in header:
            return source
    return Source.FISCAL if _TOTAL_COLUMN.search(header) else None


def _two_sided(reading: Reading, view: TableView, form: Form, stage: Stage) -> Iterator[FormFigure]:
    """Totals: names and figures of income at the left, of expenditure at the right."""
    headers = _filled_headers(view)
    for row in range(view.table.rows):
        label, labels_seen = "", 0
        for column in range(view.table.columns):
            text = view.texts.get((row, column), "")
            numeral = _money(reading, view, row, column)
            if numeral is None:
                if text and not is_figure(text):
                    label, labels_seen = text, labels_seen + 1
                continue
            words = headers.get((row, column), ())
            header = " ".join(words)
            own = _column_stage(reading, header, stage)
            if not label or len(header) > 60 or own is None:
                continue
            name = plain_name(label)
            side = _side(view, name, column, labels_seen)
            source = Source.ALL if form is Form.TOTALS else (_column_source(header) or Source.FISCAL)
            kind = "合计" if _TOTAL_ROW.match(name) else name
            if "总计" in name:
                kind = "总计"
            yield FormFigure(numeral, form, own, source, side, (), kind)


def _column_stage(reading: Reading, header: str, stage: Stage) -> Stage | None:
    """The stage of a column; None for columns of another year, of changes, of adjustments."""
    years = _HEADER_YEAR.findall(header)
    if _OTHER_COLUMN.search(header) or (years and int(years[-1]) != reading.fiscal_year):
        return None
    if "决算数" in header:
        return Stage.ACTUAL
    return Stage.BUDGET if re.search("预算数", header) else stage


def _side(view: TableView, name: str, column: int, labels_seen: int) -> str:
    for word in ("收入", "支出"):
        if name in {f"本年{word}合计", f"{word}总计", f"{word}合计"}:
            return word
    top = view.texts.get((0, column), "")
    if re.search("支出", top):
        return "支出"
    if re.search("收入", top):
        return "收入"
    first_labels = [at for at in range(view.table.columns) if _has_words(view, at)]
    return "收入" if labels_seen <= 1 and (not first_labels or column <= first_labels[0] + 1) else "支出"


def _has_words(view: TableView, column: int) -> bool:
    texts = [view.texts.get((row, column), "") for row in range(view.header_rows, view.table.rows)]
    return sum(bool(text) and not is_figure(text) for text in texts) * 2 > len(texts) // 2


def _classified(reading: Reading, view: TableView, form: Form, stage: Stage) -> Iterator[FormFigure]:
    """Income or expenditure by functional class: code, name, then figures by column."""
    source = _SOURCES.get(form, Source.ALL)
    side = "收入" if form is Form.INCOME else "支出"
    names: dict[str, str] = {}
    headers = _filled_headers(view)
    for row in range(view.table.rows):
        code, name = _code_and_name(view, row)
        total = _TOTAL_ROW.match(name) is not None
        if not name or not (code or total):
            continue
        path: tuple[str, ...] = ()
        if code:
            names[code] = name
            path = tuple(
                names[code[:size]] for size in (3, 5, 7) if size <= len(code) and code[:size] in names
            )
        for column in range(view.table.columns):
            numeral = _money(reading, view, row, column)
            words = headers.get((row, column), ())
            own = _column_stage(reading, " ".join(words), stage)
            if numeral is None or own is None:
                continue
            kind = _column_kind(words, side)
            if kind:
                yield FormFigure(numeral, form, own, source, side, path, kind, code)


def _column_kind(words: tuple[str, ...], side: str) -> str:
    """What a column holds: 合计 for the total, the total of a group by the group's name."""
    leaf = plain_name(words[-1]) if words else ""
    if not _TOTAL_COLUMN.search(leaf):
        return leaf
    group = plain_name(words[-2]) if len(words) > 1 else ""
    other = group in {"基本支出", "项目支出"} or (side == "支出" and "收入" in group and "支出" not in group)
    return group if other else "合计"


def _code_and_name(view: TableView, row: int) -> tuple[str, str]:
    """The code and the name of a row of the classification."""
    code, name = "", ""
    for column in range(view.table.columns):
        text = view.texts.get((row, column), "").replace(" ", "")
        if not text:
            continue
        if text.isdigit() and not name and len(code) + len(text) <= 7:
            code += text.zfill(2) if code else text
        elif not is_figure(text):
            name = name or plain_name(text)
            if code or _TOTAL_ROW.match(name):
                break
        else:
            break
    return (code if len(code) in {3, 5, 7} else "", name)


def _basic(reading: Reading, view: TableView, stage: Stage) -> Iterator[FormFigure]:
    """Basic expenditure by economic item: only its totals have names of their own."""
    headers = _filled_headers(view)
    for row in range(view.table.rows):
        label = ""
        for column in range(view.table.columns):
            text = view.texts.get((row, column), "")
            numeral = _money(reading, view, row, column)
            if numeral is None:
                if text and not is_figure(text):
                    label = plain_name(text)
                continue
            header = plain_name(headers.get((row, column), ("",))[-1] if headers.get((row, column)) else "")
            match = re.match(r"(人员经费|公用经费)(?:合计)?$", label)
            if match:
                yield FormFigure(numeral, Form.BASIC, stage, Source.GENERAL, "支出", (), match[1])
            elif _TOTAL_ROW.match(label):
                kind = "基本支出" if _TOTAL_COLUMN.search(header) else header
                yield FormFigure(numeral, Form.BASIC, stage, Source.GENERAL, "支出", (), kind)


_THREE_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("机关运行经费", re.compile("机关运行经费预算数?$|机关运行经费$")),
    ("因公出国", re.compile("因公出国")),
    ("公务接待", re.compile("公务接待")),
    ("公务用车购置及运行", re.compile("公务用车购置及运行(?:维护)?费.*小计")),
    ("公务用车购置", re.compile("公务用车.* (?:公务用车)?购置费?$")),
    ("公务用车运行", re.compile("公务用车.* (?:公务用车)?运行(?:维护)?费?$")),
    ("三公经费", re.compile("合计$")),
)


def _three_public(reading: Reading, view: TableView, stage: Stage) -> Iterator[FormFigure]:
    """The three public expenses: one row of figures under headers of several levels."""
    headers = _filled_headers(view)
    for row in range(view.table.rows):
        for column in range(view.table.columns):
            numeral = _money(reading, view, row, column)
            if numeral is None:
                continue
            words = [word for word in headers.get((row, column), ()) if word]
            own_stage = stage
            if words and re.fullmatch("(?:年初)?预算数?|决算数?", words[-1]):
                own_stage = Stage.BUDGET if "预算" in words[-1] else Stage.ACTUAL
                words = words[:-1]
            header = " ".join(words)
            kind = next((name for name, pattern in _THREE_NAMES if pattern.search(header)), None)
            if kind is not None:
                yield FormFigure(numeral, Form.THREE_PUBLIC, own_stage, Source.ALL, "三公", (), kind)


def _filled_headers(view: TableView) -> dict[tuple[int, int], tuple[str, ...]]:
    """For every cell the words above it; an empty header continues the one at its left under the same parent."""
    columns: list[tuple[str, ...]] = [()] * view.table.columns
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    body = False
    for row in range(view.table.rows):
        texts = [view.texts.get((row, column), "") for column in range(view.table.columns)]
        body = body or any(is_figure(text) and len(text.strip("-—/")) > 2 for text in texts)
        if body:
            found.update({(row, column): columns[column] for column in range(view.table.columns)})
            continue
        filled: list[tuple[str, ...]] = []
        for column, text in enumerate(texts):
            word = re.sub(r"\s", "", text)
            if (
                not word
                and column
                and columns[column] == columns[column - 1]
                and len(filled[-1]) > len(columns[column])
            ):
                filled.append(filled[-1])
            elif word and (not columns[column] or columns[column][-1] != word):
                filled.append((*columns[column], word))
            else:
                filled.append(columns[column])
        columns = filled
    return found
