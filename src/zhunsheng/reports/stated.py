"""Texts of the case in the report: references resolved, typed numbers bound to where they were typed.

`{{ indicator.O4.actual }}` becomes the number with that code. A number that is typed into a text, such as
"69 份合同中 4 份", has no calculation; it is bound to a figure that says which text of the case states it.
"""

import re

from zhunsheng.reports.figures import FigureBook, UnknownFigure
from zhunsheng.reports.tree import Run, Runs, Text

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z0-9_.\-一-鿿]+)\s*\}\}")
_UNITS = (
    "%|％|‰|个百分点|人次|户次|家次|批次|次|分钟|小时|个|工作日|公里|公斤|千克|平方米|立方米|"
    "元|件|宗|户|家|项|批|人|名|份|台|吨|kg|分|天|枚|起|所|套|条|种|面|篇|场|期|辆|处|亩|例|倍|"
    "页|单|间|座|幅|册|门|对|张|亿|万"
)
# digits followed by a measure; years, dates, numbering and names with digits are no figures
_TYPED = re.compile(
    r"(?<![A-Za-z0-9.,\-])[0-9][0-9,]*(?:\.[0-9]+)?\s*[余多]?\s*(?:万亿|百万|千万|万|亿|千)?\s*[余多]?\s*"
    rf"(?:(?:{_UNITS})(?:/[千百万]?[一-鿿]{{1,2}})?|(?<![0-9]{{4}})年(?![0-9度代]))"
)
_YEAR = re.compile(r"[0-9]{4}\s*年")


def bound_text(
    text: str, book: FigureBook, origin: str, label: str, place: str = ""
) -> tuple[Runs, tuple[str, ...]]:
    """The runs of a text and the references that could not be resolved.

    Args:
        origin: which text of the case it is, such as "deviation.B5.6"; part of the codes of its numbers.
        label: the same in Chinese, such as "合同备案时效性的扣分原因".
        place: where the source prints it, such as "L133".
    """
    runs: list[Run] = []
    unknown = []
    position = 0
    for match in _REFERENCE.finditer(text):
        runs += _typed(text[position : match.start()], book, origin, label, place)
        try:
            runs.append(book.number(match[1]))
        except UnknownFigure:
            unknown.append(match[1])
            runs.append(Text(f"〔缺 {match[1]}〕", strong=True))
        position = match.end()
    runs += _typed(text[position:], book, origin, label, place)
    return tuple(runs), tuple(unknown)


def typed_numbers(text: str) -> list[str]:
    """The numbers typed into a text, references left out."""
    bare = _REFERENCE.sub("\n", text)
    return [match[0] for match in _TYPED.finditer(bare) if not _YEAR.fullmatch(match[0])]


def sentence(text: str) -> str:
    """The text with the full stop it lacks.

    >>> sentence("年中追加专项资金")
    '年中追加专项资金。'
    """
    bare = text.rstrip()
    return (
        bare if not bare or bare.endswith(("。", "！", "？", "；", "：", "……")) else f"{bare.rstrip('.')}。"
    )


def _typed(text: str, book: FigureBook, origin: str, label: str, place: str) -> list[Run]:
    runs: list[Run] = []
    position = 0
    for match in _TYPED.finditer(text):
        if _YEAR.fullmatch(match[0]):
            continue
        if match.start() > position:
            runs.append(Text(text[position : match.start()]))
        runs.append(book.stated(origin, label, match[0], place))
        position = match.end()
    if position < len(text):
        runs.append(Text(text[position:]))
    return runs
