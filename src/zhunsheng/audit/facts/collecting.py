"""All facts of a document, from running text and from tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.facts.fact import NATURE_OF, Fact, Nature
from zhunsheng.audit.facts.periods import Period, period_in_header, period_in_text, years_of_sections
from zhunsheng.audit.facts.qualifiers import Stage, scopes_of, stage_of
from zhunsheng.audit.facts.subjects import core_of, is_specific
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.tables import is_figure

_DELIMITERS = "，。；：！？\n"
_AFTER = re.compile(r"[^，。；：、（）\n\d“”]{2,14}")
_GROWING = re.compile(
    r"(?:同比|环比|比上年(?:同期|末)?|较上年(?:同期|末)?|比上一年度?|较(?:19|20)\d{2}年|比(?:19|20)\d{2}年度?[^，]{0,8}?)?"
    r"(?:增长|下降|上升|减少|增加|提高|降低|提升|增幅|降幅|上涨|回落)(?:率|比例|幅度|了|约|近|超过?|达|为)*$"
)
_SHARE = re.compile(r"占([^占]*?)(?:的比重|比重|的|比例)?(?:为|达到?|约|近|超过?)*$")
_STAGE_WORDS = re.compile(
    "年初指标值|年度指标值|指标值|目标值|预期实现值|预期完成值|预期目标|预期值|预期|实际完成值|实际值|完成值|完成情况|设置|"
    "年初预算数?|全年预算数?|调整后预算数?|预算安排(?:数|资金)?|支出决算|决算数|预算数|执行数|(?<!预算)执行$|(?<!公共)(?<!基金)(?<!经营)(?<!部门)预算$"
)
_PER = re.compile(r"(?:每|(?=[万千]人))(?P<per>[万千百]?(?:人|户|台|家))(?:口)?“?$")
_TOTAL_LABEL = re.compile(r"^(?:合\s*计|总\s*计)$")
_FLOW_TOTAL = re.compile(
    r"^(?:(?:19|20)\d{2}年(?:度)?|本年度?|部门|单位|[本我](?:局|部门|单位))*(收入|支出)(?P<total>合计|总计)(?:为|共|是|达)*$"
)
_LIMIT = re.compile("不少于|不低于|不高于|不超过|不多于|至少达到")
_SHORT_CELL = 60
_RELATIVE = frozenset({Nature.GROWTH, Nature.CHANGE, Nature.SHARE})


@once
def facts_of(reading: Reading) -> tuple[Fact, ...]:
    """The facts of a document in reading order; worked out once per reading."""
    return tuple(_collect(reading))


def _collect(reading: Reading) -> Iterator[Fact]:
    years = years_of_sections(reading)
    for passage in reading.passages:
        numerals = [each for each in reading.numerals_in(passage) if each.quantity is not None]
        if not numerals:
            continue
        usual = years[passage.number]
        if passage.cell is not None and len(numerals) == 1 and _is_alone(passage, numerals[0]):
            fact = _cell_fact(reading, passage, numerals[0], usual)
            if fact is not None:
                yield fact
                continue
        yield from _text_facts(reading, passage, usual)


def _is_alone(passage: Passage, numeral: Numeral) -> bool:
    """Whether a cell holds one figure and hardly anything else."""
    before = passage.text[: numeral.start]
    rest = passage.text[numeral.end :].strip("。；或以上下含（）内左右 ")
    return len(core_of(before)) <= 1 and (len(rest) <= 1 or (len(before) <= 3 and rest.startswith("当")))


def _text_facts(reading: Reading, passage: Passage, usual: int | None) -> Iterator[Fact]:
    """The facts of a paragraph; a figure without words of its own speaks of the subject before it."""
    before: Fact | None = None
    previous_end = 0
    for numeral in reading.numerals_in(passage):
        if numeral.quantity is None or numeral.role not in NATURE_OF:
            continue
        clause = _clause_start(passage.text, numeral.start, previous_end)
        previous_end = numeral.end
        sentence = passage.sentence_at(numeral.start)[0]
        if before is not None and before.sentence != (passage.number, sentence):
            before = None
        fact = _text_fact(reading, passage, numeral, clause, sentence, before, usual)
        if fact is None:
            continue
        yield fact
        if fact.nature in {Nature.LEVEL, Nature.TARGET}:
            before = fact


def _clause_start(text: str, position: int, previous_end: int) -> int:
    """Where the words that belong to a figure begin; what stands in closed brackets is passed over."""
    depth = 0
    index = position - 1
    while index >= 0:
        character = text[index]
        if character == "）":
            depth += 1
        elif character == "（":
            if depth == 0:
                return index + 1
            depth -= 1
        elif depth == 0 and (character in _DELIMITERS or index < previous_end):
            return index + 1
        index -= 1
    return 0


def _text_fact(
    reading: Reading,
    passage: Passage,
    numeral: Numeral,
    clause: int,
    sentence: int,
    before: Fact | None,
    usual: int | None,
) -> Fact | None:
    text = passage.text
    words = _words(reading, passage, numeral, clause, sentence, before)
    if not words.core:
        return None
    announced = text[clause - 1 : clause] == "："
    label = words.earlier + words.phrase if words.context or announced else words.phrase
    stage = stage_of(label)
    bounded = numeral.bound is not Bound.NONE or _LIMIT.search(words.phrase) is not None
    period = period_in_text(reading, passage, numeral, clause, usual)
    bracket_follows = text[numeral.end : numeral.end + 1] == "（"
    return Fact(
        numeral,
        words.phrase,
        words.core,
        _target_or(NATURE_OF[numeral.role], bounded, stage),
        period.year,
        period.part,
        stage,
        scopes_of(text[clause : numeral.end + 12] if bracket_follows else label),
        words.context,
        words.per,
        leads=not core_of(text[sentence:clause]),
        sentence=(passage.number, sentence),
    )


def _target_or(nature: Nature, bounded: bool, stage: Stage) -> Nature:
    """A level with a bound, or one called a target, is a target."""
    return Nature.TARGET if nature is Nature.LEVEL and (bounded or stage is Stage.TARGET) else nature


@dataclass(frozen=True, slots=True)
class _Words:
    """The words that belong to a figure.

    Attributes:
        phrase: its own clause as written.
        earlier: the clause before, as written.
        core: naming words; "" when nothing names it.
        context: naming words borrowed from an earlier clause.
        per: the unit of what it is measured per.
    """

    phrase: str
    earlier: str
    core: str
    context: str
    per: str


def _words(
    reading: Reading, passage: Passage, numeral: Numeral, clause: int, sentence: int, before: Fact | None
) -> _Words:
    text = passage.text
    phrase = text[clause : numeral.start]
    nature = NATURE_OF[numeral.role]
    per = _PER.search(phrase) if numeral.dimension is not Dimension.RATIO else None
    core = _flow_total(phrase) or _naming(core_of(_own_words(phrase, nature, per)))
    earlier = _clause_before(text, clause, sentence)
    context = ""
    if not is_specific(core):
        if before is not None and (nature in _RELATIVE or not core):
            context, core = before.core, before.core
        elif earlier and not any(character.isdigit() for character in earlier):
            context = _naming(core_of(earlier))
            core = context + core if context not in core else core
    core = _relative(core, phrase, nature)
    if passage.cell is not None and not is_specific(core) and len(text) <= _SHORT_CELL:
        label = _row_label(reading, passage.cell.table, passage.cell.row, passage.cell.column)
        core = _naming(core_of(label)) or core
    if len(core) <= 1 and numeral.dimension is Dimension.COUNT:
        after = _AFTER.match(text, numeral.end)
        core += core_of(after[0]) if after else ""
    return _Words(phrase, earlier, core, context, per["per"] if per else "")


def _own_words(phrase: str, nature: Nature, per: re.Match[str] | None) -> str:
    """A clause without its words of growth or share."""
    if nature in {Nature.GROWTH, Nature.CHANGE}:
        return _GROWING.sub("", phrase)
    if nature is Nature.SHARE:
        return _SHARE.sub("", phrase)
    return phrase[: per.start()] if per else phrase


def _relative(core: str, phrase: str, nature: Nature) -> str:
    """The core of a growth or a share names the thing and the relation."""
    if nature in {Nature.GROWTH, Nature.CHANGE}:
        return f"{core}增长" if core else ""
    if nature is Nature.SHARE:
        match = _SHARE.search(phrase)
        return f"{core}占{core_of(match[1])}" if core and match else ""
    return core


def _flow_total(phrase: str) -> str:
    """收入合计, 支出总计 and the like when a phrase names just that."""
    match = _FLOW_TOTAL.match(phrase)
    return f"{match[1]}{match['total']}" if match else ""


def _naming(core: str) -> str:
    """A core without the words of its stage, when something is left."""
    rest = re.sub(r"(.{3,})\1", r"\1", _STAGE_WORDS.sub("", core))
    return rest if len(rest) >= 3 or not rest else core


def _clause_before(text: str, clause: int, sentence: int) -> str:
    """The clause before a clause of the same sentence."""
    if clause <= sentence or text[clause - 1] not in "，：（":
        return ""
    start = clause - 2
    while start >= sentence and text[start] not in _DELIMITERS:
        start -= 1
    return text[start + 1 : clause - 1]


def _cell_fact(reading: Reading, passage: Passage, numeral: Numeral, usual: int | None) -> Fact | None:
    address = passage.cell
    if address is None:
        return None
    view = reading.tables[address.table]
    if address.row < view.header_rows or numeral.role not in NATURE_OF:
        return None
    label = _row_label(reading, address.table, address.row, address.column)
    header = view.header(address.column)
    own = _naming(core_of(re.sub(r"（[^（）]*）", "", header)))
    name = _naming(core_of(label))
    if _TOTAL_LABEL.match(label):
        flows = set(re.findall("收入|支出", view.title.rsplit(" ", 1)[-1]))
        name = f"{flows.pop()}{'总计' if '总' in label else '合计'}" if len(flows) == 1 else ""
    elif _flow_total(label):
        name = _flow_total(label)
    stage = stage_of(header)
    specific_header = own and is_specific(own)
    core = name + own if name and specific_header else (name or (own if specific_header else ""))
    if not core:
        return None
    nature = _target_or(NATURE_OF[numeral.role], numeral.bound is not Bound.NONE, stage)
    period: Period = period_in_header(header, usual)
    return Fact(
        numeral,
        f"{label} {header}".strip(),
        core,
        nature,
        period.year,
        period.part,
        stage,
        scopes_of(f"{label} {header} {passage.text[numeral.end :]}"),
        table=address.table,
        row=address.row,
        column=address.column,
        sentence=(passage.number, 0),
    )


def _row_label(reading: Reading, table: int, row: int, column: int) -> str:
    """The words that name a row for a column: the nearest words to the left that are no figure."""
    view = reading.tables[table]
    words = (
        [text for text in view.labels[row] if text and not is_figure(text)] if row < len(view.labels) else []
    )
    for left in range(column - 1, -1, -1):
        text = view.texts.get((row, left), "") if left != view.unit_column else ""
        if text and not is_figure(text) and len(text) <= 60 and not re.match(r"[≥≤<>]?\d", text):
            return text if not words or left >= view.label_columns else words[-1]
    return words[-1] if words else ""
