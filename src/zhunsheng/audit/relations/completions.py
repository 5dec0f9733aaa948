"""Rates of completion as sentences state them: 预算X，支出Y，执行率P; 抽检X批次，合格Y批次，合格率P."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.relations.changes import amount_places
from zhunsheng.audit.relations.skeleton import LEVEL, PERCENT, SIGNS, Skeleton, skeletons

_LINK = r"(?:达到|达|为|是|约|近|超过|超|：|仅|高达|均|“|至|\s)*"
_COMPLETED = re.compile(
    rf"完成(?:了)?(?P<base>[^，。；：\n{SIGNS}]{{0,16}}?)的?(?:比例|进度)?{_LINK}(?P<rate>{PERCENT})"
)
_RATE = re.compile(
    rf"(?P<name>[一-龥“”]{{0,16}}?(?:率|比例|进度|完成度))(?:（[^（）{SIGNS}]*）)?{_LINK}(?P<rate>{PERCENT})"
)
_HINT = re.compile(r"完成|率|比例|进度")
_WHOLE_WORDS = re.compile(
    r"预算|目标|计划|任务|应|安排|下达|指标|总额|拨付|拨入|共|总|全部|需|抽检|检测|检验|抽查|检查|监测|受理|数量|收到"
)
_PART_WORDS = re.compile(
    r"支出|执行|完成|实际|决算|支付|使用|到位|已|实有|实现|合格|其中|达标|办结|整改|签|覆盖|成功|通过"
)
_FAULT = re.compile(r"不合格|不达标|问题|违法|不通过|不符合|超标")
_MONEY_RATE = re.compile(r"执行|支出|完成|支付|使用|预算|拨付|资金|到位")
_CLAUSE = re.compile(rf"[，。；：\n（）{SIGNS}]")
_MAX_BASES = 3


@dataclass(frozen=True)
class Completion:
    """A stated rate of completion.

    Attributes:
        rate: the percentage.
        name: its name, or what was completed.
        part: the figure reached, if found.
        wholes: the figures that may be the whole, the most probable first.
        remaining: the part is what fails, so that the rate is 1 minus the quotient.
        sure: the words beside part and whole say which is which.
    """

    skeleton: Skeleton
    rate: Numeral
    name: str
    part: Numeral | None
    wholes: tuple[Numeral, ...]
    remaining: bool = False
    sure: bool = False


@once
def completions_in(reading: Reading) -> tuple[Completion, ...]:
    """All rates of completion, those without figures to check included."""
    return tuple(_completions_in(reading))


def _completions_in(reading: Reading) -> Iterator[Completion]:
    for skeleton in skeletons(reading, _HINT, 1):
        taken: set[int] = set()
        for match in _COMPLETED.finditer(skeleton.text):
            if match["base"].endswith("率"):
                continue
            taken.add(match.start("rate"))
            yield _completed(skeleton, match)
        for match in _RATE.finditer(skeleton.text):
            if match.start("rate") not in taken and not _is_change(skeleton.text, match):
                yield _named_rate(skeleton, match)


def _is_change(text: str, match: re.Match[str]) -> bool:
    return (
        match.start("rate") in amount_places(text)
        or re.search(
            r"增长率|增速|增幅|降幅|差异率|得分率|占|控制率|变动率|增减率|利率|税率|汇率|提取比例|贴现率",
            match["name"],
        )
        is not None
    )


def _levels(skeleton: Skeleton, position: int, start: int) -> list[tuple[int, Numeral]]:
    spoken = amount_places(skeleton.text)
    return [
        (place, figure)
        for place, figure in skeleton.before(position, start)
        if skeleton.text[place] == LEVEL and place not in spoken
    ]


def _start(skeleton: Skeleton, position: int) -> int:
    """The beginning of the sentence, or of the one before when this one begins with the rate itself."""
    start = skeleton.sentence(position)[0]
    if position - start <= 1 and start > 1:
        start = skeleton.sentence(start - 2)[0]
    return start


def _completed(skeleton: Skeleton, match: re.Match[str]) -> Completion:
    """完成年初预算的P: the figure before, and the budget before that."""
    rate = skeleton.at(match.start("rate"))
    base = match["base"]
    levels = _levels(skeleton, match.start(), _start(skeleton, match.start()))
    if not levels:
        return Completion(skeleton, rate, base, None, ())
    place, part = levels[0]
    wholes: list[Numeral] = []
    for at, figure in levels[1 : 1 + _MAX_BASES]:
        if re.search(r"；|其中", skeleton.text[at:place]):
            break
        words = skeleton.words_before(at)
        if _unit(figure) == _unit(part) and re.search(r"预算|目标|计划|任务|指标|应", words):
            wholes.append(figure)
    if "年初" in base:
        wholes.sort(
            key=lambda each: "年初" not in skeleton.label(each) + skeleton.words_before(skeleton.place(each))
        )
    elif re.search(r"全年|调整", base):
        wholes.sort(key=lambda each: not re.search(r"全年|调整", skeleton.words_before(skeleton.place(each))))
    clause = list(_CLAUSE.finditer(skeleton.text, 0, match.start()))
    own_subject = skeleton.text[clause[-1].end() if clause else 0 : match.start()].strip("占已约共，")
    return Completion(skeleton, rate, base, part, tuple(wholes), sure=bool(wholes) and not own_subject)


def _named_rate(skeleton: Skeleton, match: re.Match[str]) -> Completion:
    rate = skeleton.at(match.start("rate"))
    name = match["name"]
    levels = _levels(skeleton, match.start(), _start(skeleton, match.start("name")))
    if not levels:
        return Completion(skeleton, rate, name, None, ())
    if re.search(r"；", skeleton.text[levels[0][0] : match.start()]):
        return Completion(skeleton, rate, name, None, ())
    levels = [each for each in levels if _unit(each[1]) == _unit(levels[0][1])][: 1 + _MAX_BASES]
    if len(levels) < 2:
        return Completion(skeleton, rate, name, levels[0][1], ())
    between = skeleton.text[levels[1][0] : levels[0][0]]
    if any(mark in between for mark in ("；", "。", PERCENT)):
        return Completion(skeleton, rate, name, levels[0][1], ())
    return _paired(skeleton, rate, name, levels)


def _paired(skeleton: Skeleton, rate: Numeral, name: str, levels: list[tuple[int, Numeral]]) -> Completion:
    """Which of the figures before a rate is the part, which the whole, by the words beside them."""
    words = {figure.number: skeleton.words_before(place) for place, figure in levels}
    after = {figure.number: skeleton.text[place + 1 : place + 3] for place, figure in levels}
    near, far = levels[0][1], levels[1][1]
    if re.match(r"中", after[far.number]) and levels[0][0] - levels[1][0] <= 6:
        return Completion(skeleton, rate, name, near, (far,), sure=True)
    fault_name = _FAULT.search(name) is not None
    if _MONEY_RATE.search(name):
        wholes = [
            figure
            for _, figure in levels
            if _WHOLE_WORDS.search(words[figure.number])
            and not re.search(r"支出(?!预算)|执行数|完成(?!目标|任务)|决算|实际|已", words[figure.number])
        ]
        parts = [
            figure
            for _, figure in levels
            if figure not in wholes and _PART_WORDS.search(words[figure.number])
        ]
        if wholes and parts:
            return Completion(skeleton, rate, name, parts[0], tuple(wholes), sure=True)
        return Completion(skeleton, rate, name, near, (far,))
    stem = name.removesuffix("率").removesuffix("比例")[-2:]
    own = stem and stem in words[near.number]
    fault = _FAULT.search(words[near.number]) is not None
    if fault != fault_name and (fault or fault_name):
        return Completion(skeleton, rate, name, near, (far,), remaining=fault, sure=fault and stem == "合格")
    whole_words = _WHOLE_WORDS.search(words[far.number]) is not None
    return Completion(skeleton, rate, name, near, (far,), sure=bool(own) and whole_words)


def _unit(figure: Numeral) -> str:
    return figure.quantity.unit if figure.quantity is not None else ""
