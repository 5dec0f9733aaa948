"""What the explanations of a budget or final account say about figures of its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.facts.bodies import body_of
from zhunsheng.audit.facts.qualifiers import Stage, stage_of
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.budget_forms import Source, plain_name
from zhunsheng.kernel.quantity import Hedge

_PATH = re.compile(
    r"(?P<class>[^，。；：、.．“”（）\s\d]+)（类）\s*(?:(?P<section>[^，。；：“”（）\s]*(?:（[^（）款]*）)?[^，。；：“”（）\s]*)（款）\s*"
    r"(?:(?P<item>[^，。；：“”（）]+(?:（[^（）项]*）)?[^，。；：“”（）]*)（项）)?)?"
)
_LEAD = re.compile(
    r"^(?:本年度?|全年|其中[：，]?|[本我](?:局|委|办|部门|单位|中心|院|街道|镇|处|署|会|所)|部门|单位|[（(]部门[）)]|的)+"
)
_LINK = re.compile(r"(?:合计为|为|是|共计|共|：|“|”|\s)+$")
_STAGES = re.compile("(?:年初)?预算数?|(?:支出)?决算数?|执行数|总额|金额|数$|额$")
_ALLOWED_SOURCES = re.compile(
    "一般公共预算(?:财政)?(?:拨款)?|政府性基金(?:预算)?(?:财政)?(?:拨款)?|国有资本经营(?:预算)?(?:财政)?(?:拨款)?|财政拨款"
)


_RIGHT_AFTER = re.compile("(?:科目|支出|预算数?|安排|合计|共|为)*")
_TORN_LENGTH = 60
_THREE = re.compile('三公[”"]?经费')


_ITEM_ONLY = re.compile(r"^(?:\d+[.、．]|（\d+）)?“?(?P<item>[^，。；：“”（）\d]{2,30})（项）")


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure of the explanations that names a figure of the tables.

    Attributes:
        source, kind: as in `FormFigure`; kind is "总计", "收入", "支出", "基本支出" and the like for totals.
        path: class, section, item as named, for figures of the classification; "" for a level not named.
        own_words: the words in front of the figure.
    """

    numeral: Numeral
    stage: Stage
    source: Source
    kind: str
    path: tuple[str, ...]
    own_words: str


def statements(reading: Reading) -> Iterator[Statement]:
    """All figures of the explanations that the tables hold as well."""
    open_path: tuple[str, ...] = ()
    torn = ""
    body = body_of(reading)
    for passage in reading.prose:
        paths = list(_PATH.finditer(passage.text))
        only = _ITEM_ONLY.match(passage.text) if not paths else None
        if only and not torn:
            open_path = ("", "", plain_name(only["item"]))
        elif not paths and torn:
            open_path = _torn_path(torn, passage.text) or open_path
        elif passage.is_heading and not paths:
            open_path = ()
        if paths:
            open_path = _names(paths[-1])
        torn = passage.text[paths[-1].start() :] if paths and len(open_path) < 3 else ""
        numerals = [each for each in reading.numerals_in(passage) if _is_amount(each)]
        if not numerals:
            continue
        if paths or open_path:
            yield from _items(passage, numerals, paths, open_path)
            first = paths[0].start() if paths else 0
            yield from _totals(passage, [each for each in numerals if each.end <= first], body)
        else:
            yield from _totals(passage, numerals, body)


def _torn_path(before: str, text: str) -> tuple[str, ...]:
    """The names of a line whose words run on from the passage before."""
    head = text[: text.find("（项）") + 3] if 0 <= text.find("（项）") <= _TORN_LENGTH else ""
    match = _PATH.search(before + head)
    names = _names(match) if match else ()
    return names if len(names) == 3 else ()


def _is_amount(numeral: Numeral) -> bool:
    return (
        numeral.quantity is not None
        and numeral.dimension is Dimension.MONEY
        and numeral.role in {Role.LEVEL, Role.UNKNOWN}
        and numeral.bound is Bound.NONE
        and numeral.quantity.hedge is Hedge.NONE
        and not numeral.in_range
    )


def _names(match: re.Match[str]) -> tuple[str, ...]:
    return tuple(plain_name(part) for part in match.group("class", "section", "item") if part)


def _items(
    passage: Passage, numerals: list[Numeral], paths: list[re.Match[str]], carried: tuple[str, ...]
) -> Iterator[Statement]:
    """Figures of lines that name class, section and item."""
    text = passage.text
    for numeral in numerals:
        path = next((each for each in reversed(paths) if each.end() <= numeral.start), None)
        if path is None and (paths or not carried):
            continue
        names = _names(path) if path else carried
        begin = path.end() if path else 0
        between = text[begin : numeral.start]
        own = re.split(r"[，。；：\n]", between)[-1]
        bare = re.sub(r"[”\s]", "", between)
        if path is not None and _RIGHT_AFTER.fullmatch(bare):
            yield Statement(
                numeral, Stage.NONE, Source.ALL, "合计", names, text[path.start() : numeral.start]
            )
            continue
        if len(names) < 3 or re.search(r"其中|比|较|增加|减少|追加|结转", own):
            continue
        stage = stage_of(own)
        short = re.sub(
            r"(?:19|20)\d{2}年(?:度)?|当年|本年|年初|支出|安排|预算数?|决算数?|执行数|为|数|的", "", own
        )
        if stage is not Stage.NONE and not short.strip("“”、 "):
            yield Statement(numeral, stage, Source.ALL, "合计", names, own)


def _totals(passage: Passage, numerals: list[Numeral], body: str) -> Iterator[Statement]:
    """Figures whose words name a total: 本年收入合计, 一般公共预算财政拨款支出, 基本支出.

    Later clauses count only where an earlier one of the sentence named a total of the body, so that the
    figures of a subordinate unit are left alone.
    """
    text = passage.text
    of_the_body = (-1, -1)
    for numeral in numerals:
        start = max(text.rfind("。", 0, numeral.start), text.rfind("\n", 0, numeral.start)) + 1
        if text.startswith("其中", start) and of_the_body[1] == start:
            of_the_body = (start, -1)
        own = re.split(r"[，。；：、\n]", text[: numeral.start])[-1]
        own = re.sub(r"（[^（）]*）", "", own)
        if re.search(r"[\d（]", re.sub(r"(?:19|20)\d{2}年", "", own)):
            continue
        if re.fullmatch("(?:支出)?决算(?:数)?为?", own.strip()) and _three_before(text, numeral):
            own = f"三公经费{own}"
        leads = own == re.sub(r"（[^（）]*）", "", text[start : numeral.start])
        found = total_named(own, body, leads=leads)
        named = leads or (bool(body) and body in own) or (found is not None and found[0] is not Source.ALL)
        if found is None or not (named or of_the_body[0] == start):
            continue
        end = text.find("。", numeral.end)
        of_the_body = (start, end + 1 if end >= 0 else -1)
        yield Statement(numeral, stage_of(own), found[0], found[1], (), own)


def _three_before(text: str, numeral: Numeral) -> bool:
    """Whether the clause before speaks of the three public expenses as a whole."""
    clauses = re.split(r"[，。；\n]", text[: numeral.start])
    return len(clauses) > 1 and _THREE.search(clauses[-2]) is not None


_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("三公经费", re.compile("“?三公”?经费(?:财政拨款)?(?:支出)?")),
    ("因公出国", re.compile("因公出国费?(?:支出)?")),
    ("公务接待", re.compile("公务接待费?(?:支出)?")),
    ("公务用车购置及运行", re.compile("公务用车购置及运行(?:维护)?费?(?:支出)?")),
    ("公务用车购置", re.compile("公务用车购置费?(?:支出)?")),
    ("公务用车运行", re.compile("公务用车运行(?:维护)?费?(?:支出)?")),
    ("机关运行经费", re.compile("机关运行经费(?:支出)?")),
    ("收支总计", re.compile("(?:收入支出|收支)(?:总计|总额|总)")),
    ("收入总计", re.compile("(?:收入总计|总收入|收入总额)")),
    ("支出总计", re.compile("(?:支出总计|总支出|支出总额)")),
    ("收入合计", re.compile("收入合计")),
    ("支出合计", re.compile("支出合计")),
    ("收入", re.compile("收入")),
    ("支出", re.compile("支出")),
    ("基本支出", re.compile("基本支出(?:合计)?")),
    ("项目支出", re.compile("项目支出(?:合计)?")),
    ("人员经费", re.compile("人员经费(?:合计)?")),
    ("公用经费", re.compile("公用经费(?:合计)?")),
    ("事业收入", re.compile("事业收入")),
    ("经营收入", re.compile("(?:事业单位)?经营收入")),
    ("其他收入", re.compile("其他收入")),
    ("年初结转和结余", re.compile("年初结转和结余(?:资金)?")),
    ("年末结转和结余", re.compile("年末结转和结余(?:资金)?")),
    ("结余分配", re.compile("结余分配")),
    ("上级补助收入", re.compile("上级补助收入")),
)


def total_named(words: str, body: str = "", *, leads: bool = False) -> tuple[Source, str] | None:
    """The total that the words in front of a figure name exactly, or None.

    Args:
        body: the name of the document's body, which may stand before the total.
        leads: the words open their sentence.

    >>> total_named("本年收入合计")[1]
    '收入合计'
    >>> total_named("涉及一般公共预算支出") is None
    True
    """
    bare = re.sub(r"\s", "", _LINK.sub("", words.strip("“”、 ")))
    bare = re.sub(r"(?:19|20)\d{2}年(?:度)?", "", bare)
    if body and body in bare:
        bare = bare[bare.index(body) + len(body) :]
    rest = _LEAD.sub("", bare)
    whole = rest != bare or (bool(body) and body in words) or (leads and rest in {"收入预算", "支出预算"})
    return _exactly(rest, whole=whole)


def _exactly(words: str, *, whole: bool) -> tuple[Source, str] | None:
    """The total of words that say nothing else.

    Args:
        whole: the words before said that the whole body or year is meant.
    """
    source = Source.ALL
    match = _ALLOWED_SOURCES.match(words)
    if match:
        source = next(
            each
            for each in (Source.GENERAL, Source.FUND, Source.STATE_CAPITAL, Source.FISCAL)
            if match[0].startswith(each.value)
        )
        words = words[match.end() :]
    bare = source is Source.ALL and re.fullmatch(
        "(?:收入|支出)(?:年初)?(?:预算|决算|预算安排|执行)?(?:数|为)*", words
    )
    words = _STAGES.sub("", words)
    if bare and not whole:
        return None
    for kind, pattern in _KINDS:
        if pattern.fullmatch(words):
            return source, kind
    return None
