"""Changes as sentences state them: 收入总计X，比上年增加D，增长P; 由Y下降到X; 较标准Y节省P.

A change is read in three steps: the verb with its amounts, the comparison before it (比上年, 与年初预算相比),
then the figure that changed and, where it is printed, the base.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.skeleton import (
    BARE,
    LEVEL,
    MULTIPLE,
    PERCENT,
    POINTS,
    SIGNS,
    Skeleton,
    bare_label,
    sign_of,
    skeletons,
)

_UP = r"增加|增长|上升|提高|提升|上涨|上浮|扩大|超支|追加|调增|净增|增"
_DOWN = r"减少|下降|降低|下滑|回落|缩减|压减|压缩|节约|节省|缩短|下浮|核减|调减|收窄|缩小|减|降"
# 多, 少, 高, 低 are verbs only behind 比 or 较
_COMPARED_UP, _COMPARED_DOWN = r"(?<!最)(?<!至)(?<!不)[多高]", r"(?<![至不缺减])[少低]"
_NAMED_RATE = r"增幅|增速|增长率|增加率|增长幅度|增加幅度|变动率|差异率"
_NAMED_FALL = r"降幅|减幅|下降率|降低率|减少率|节约率|节省率|下降幅度|减少幅度|压减率|压缩率"
_LINK = r"(?:了|约|近|为|达到|达|超过|超|逾|共计|合计|共|额|数|幅度|率|比例|仅|高达|分别|各|均|支出|预算|资金|金额|经费|：|“|\s)*"
_EVENT = re.compile(
    rf"(?P<verb>{_NAMED_RATE}|{_NAMED_FALL}|(?<!新){_UP}|{_DOWN}|{_COMPARED_UP}|{_COMPARED_DOWN})"
    rf"(?:（(?:{_UP}|{_DOWN}|\+|-)）)?{_LINK}"
    rf"(?P<amounts>[{LEVEL}{PERCENT}{POINTS}{MULTIPLE}{BARE}](?:(?:[、，]|和|及|与|以及)[{LEVEL}{PERCENT}{POINTS}{MULTIPLE}])*)"
)
_HINT = re.compile(rf"{_UP}|{_DOWN}|{_NAMED_RATE}|{_NAMED_FALL}|多|少|高|低|→")
_THAN = re.compile(
    r"(?<![占对同环正百])(?:相比于?|相较于?|对比|比照|比|较)(?![例重较率值大高好快为])(?P<ref>[^，。；：\n]*)$"
)
_AGAINST = re.compile(
    r"(?:与|同|和|跟)(?P<ref>[^，。；：\n]{1,30}?)(?:相比较?|比较|对比|比)，?(?P<subject>[^，。；：\n]*)$"
)
_SAME_PERIOD = re.compile(r"(?P<period>同比|环比)[^，。；：\n]{0,4}$")
_CLAUSE = re.compile(rf"[，。；：！？\n（）{SIGNS}]")
_FILLER = re.compile(
    r"同比|环比|分别|也|又|实际|实现|大幅度?|明显|略有?|小幅|有所|相应|进一步|总体|其中|并且?|已|将|预计|幅度|较快|"
    r"各|均|共|都|且|即|则|仅|还|按[^，]{0,8}计算|呈|出现|继续|净|同期|相|了|、|“|”|\s"
)
_REAL_TERMS = re.compile(
    r"不变价|可比价|可比口径|同口径|扣除价格|剔除|还原|年均|平均每年|年平均|累计增长|两年|按.{0,6}口径"
)
_FROM_TO = re.compile(
    rf"(?:由|从)(?P<ref>[^，。；：\n{SIGNS}]{{0,24}})(?P<before>[{LEVEL}{PERCENT}])(?P<mid>[^，。；：\n{SIGNS}]{{0,24}}?)"
    rf"(?:至|到|为|→)(?P<after>[^，。；：\n{SIGNS}]{{0,12}})(?P<now>[{LEVEL}{PERCENT}])"
    rf"|(?P<before2>[{LEVEL}{PERCENT}])(?:→|—>|->|->)(?P<now2>[{LEVEL}{PERCENT}])"
)
_REACHING = re.compile(
    rf"^[，]?(?:达到|达|增至|升至|降至|减至|增加到|增加至|减少到|减少至|下降到|下降至|至|为){_LINK}(?P<now>{LEVEL})"
)
_GLUE = re.compile(r"^[，、（；]?(?:即|同比|环比|分别|各|均|也|且|相应|总体|幅度|，)*$")
_YEAR = re.compile(r"(?:19|20)\d{2}(?=年)")
_KEYS = (
    ("上年", re.compile(r"上年|上一年|去年|上期|往年|前一年")),
    ("同期", re.compile(r"同期")),
    ("预算", re.compile(r"预算|计划数")),
    ("决算", re.compile(r"决算")),
    ("执行", re.compile(r"执行")),
    ("目标", re.compile(r"目标|计划|任务")),
    ("标准", re.compile(r"标准|国标|规定|法定")),
    ("年初", re.compile(r"年初|期初")),
)
_GENERIC = re.compile(
    r"(?:19|20)\d{2}年度?|上年度?|上一年度?|去年|同期|当年|本年度?|全年|年初|年度|预算执行数|预算安排|安排|预算数?|决算数?|"
    r"执行数?|实际|支出数?|为|数|额|合计|总计|共计|目标值?|标准|计划|国家|的|“|”|（[^（）]*）|、"
)
_ONLY_A_TIME = re.compile(r"(?:[，。；：\s]|(?:19|20)\d{2}年度?|全年|年度|当年)*")
_FAR = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A stated change.

    Attributes:
        direction: 1 for an increase, -1 for a decrease, as the verb says.
        amount: the difference, if printed.
        rate: the growth in % or times, if printed.
        points: the change of a rate in percentage points, if printed.
        now: the figure after the change, if found.
        before: the base, if printed and found.
        sure: whether grammar leaves no doubt which figures are meant.
        comparable: whether figures at current prices and the same scope are compared.
    """

    skeleton: Skeleton
    direction: int
    amount: Numeral | None = None
    rate: Numeral | None = None
    points: Numeral | None = None
    now: Numeral | None = None
    before: Numeral | None = None
    sure: bool = True
    comparable: bool = True

    @property
    def figures(self) -> tuple[Numeral, ...]:
        """The figures found."""
        parts = (self.now, self.before, self.amount, self.rate, self.points)
        return tuple(each for each in parts if each is not None)


@dataclass(frozen=True, slots=True)
class _Event:
    """A verb with its amounts: positions in the skeleton."""

    start: int
    end: int
    direction: int
    amounts: tuple[int, ...]
    rates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What stands before the verb: the thing compared with, and the thing that changes."""

    reference: str
    reference_start: int
    subject: str
    start: int


def changes_in(reading: Reading) -> Iterator[Change]:
    """All changes stated in text and in the sentences of cells."""
    earlier: list[Skeleton] = []
    for skeleton in skeletons(reading, _HINT, 1):
        earlier = [each for each in earlier if skeleton.passage.number - each.passage.number <= 3]
        yield from _changes(reading, skeleton, earlier)
        earlier = [*earlier, skeleton][-3:]


def _changes(reading: Reading, skeleton: Skeleton, earlier: list[Skeleton]) -> Iterator[Change]:
    events = _events(skeleton.text)
    spoken = {place for event in events for place in event.amounts}
    used: set[int] = set()
    for match in _FROM_TO.finditer(skeleton.text):
        found = _from_to(skeleton, match, events, used)
        if found is not None:
            yield found
    previous = 0
    for index, event in enumerate(events):
        if index in used:
            previous = event.end
            continue
        start = max(previous, skeleton.sentence(event.start)[0])
        previous = event.end
        comparison = _comparison(skeleton.text, start, event.start)
        yield from _resolved(reading, skeleton, earlier, event, comparison, spoken)


def amount_places(text: str) -> frozenset[int]:
    """The places of a skeleton's text where a difference or growth stands, not a level."""
    return frozenset(place for event in _events(text) for place in (*event.amounts, *event.rates))


def _events(text: str) -> list[_Event]:
    """Verbs with amounts; 增加D，增长P is one event."""
    found: list[_Event] = []
    for match in _EVENT.finditer(text):
        verb = match["verb"]
        places = tuple(
            match.start("amounts") + offset
            for offset, sign in enumerate(match["amounts"])
            if sign in {LEVEL, PERCENT, POINTS, MULTIPLE, BARE}
        )
        if (
            len(verb) == 1
            and verb in "多少高低"
            and not _THAN.search(text[max(0, match.start() - 40) : match.start()])
        ):
            continue
        falling = re.fullmatch(rf"{_DOWN}|{_NAMED_FALL}|少|低", verb) is not None
        event = _Event(match.start(), match.end(), -1 if falling else 1, places)
        if found and _belongs(text, found[-1], event, verb):
            last = found[-1]
            found[-1] = replace(last, end=event.end, rates=event.amounts)
        else:
            found.append(event)
    return found


def _belongs(text: str, last: _Event, event: _Event, verb: str) -> bool:
    """Whether an event only adds the rate (or the amount) of the one before it."""
    if last.rates or len(last.amounts) != len(event.amounts):
        return False
    kinds = {text[place] for place in last.amounts}, {text[place] for place in event.amounts}
    levels = {LEVEL, BARE}
    if (kinds[0] <= levels) == (kinds[1] <= levels):
        return False
    named = re.fullmatch(_NAMED_RATE, verb) is not None
    if event.direction != last.direction and not named:
        return False
    return _GLUE.match(text[last.end : event.start]) is not None


def _comparison(text: str, start: int, verb: int) -> _Comparison:
    region = text[start:verb]
    than = _THAN.search(region)
    if than is not None:
        head = region[: than.start()]
        clause = _last_clause(head)
        return _Comparison(than["ref"], start + than.start("ref"), clause, start + than.start() - len(clause))
    against = _AGAINST.search(region)
    if against is not None:
        subject = _last_clause(against["subject"])
        return _Comparison(against["ref"], start + against.start("ref"), subject, start + against.start())
    period = _SAME_PERIOD.search(region)
    clause = _last_clause(region[: period.start()] if period else region)
    reference = "上年" if period and period["period"] == "同比" else ""
    end = start + (period.start() if period else len(region))
    return _Comparison(reference, verb, clause, end - len(clause))


def _last_clause(text: str) -> str:
    found = list(_CLAUSE.finditer(text))
    return text[found[-1].end() :] if found else text


def _resolved(
    reading: Reading,
    skeleton: Skeleton,
    earlier: list[Skeleton],
    event: _Event,
    comparison: _Comparison,
    spoken: set[int],
) -> Iterator[Change]:
    """The figures meant by an event; several where 分别 states several."""
    base = _Resolver(reading, skeleton, earlier, spoken)
    comparable = not _REAL_TERMS.search(skeleton.text[max(0, event.start - 40) : event.end])
    count = len(event.amounts)
    if count > 1:
        yield from base.several(event, comparison, comparable)
        return
    change = _with_amounts(Change(skeleton, event.direction, comparable=comparable), skeleton, event, 0)
    now, sure = base.now(event, comparison, change)
    change = replace(change, now=now, sure=sure)
    before, clear = base.before(comparison, change, event)
    yield replace(change, before=before, sure=sure and clear)


def _with_amounts(change: Change, skeleton: Skeleton, event: _Event, index: int) -> Change:
    for places in (event.amounts, event.rates):
        if index >= len(places):
            continue
        figure = skeleton.at(places[index])
        sign = skeleton.text[places[index]]
        if sign in {PERCENT, MULTIPLE}:
            change = replace(change, rate=figure)
        elif sign == POINTS:
            change = replace(change, points=figure)
        elif sign == LEVEL:
            change = replace(change, amount=figure)
    return change


class _Resolver:
    """Finds the figures a change speaks of."""

    def __init__(
        self, reading: Reading, skeleton: Skeleton, earlier: list[Skeleton], spoken: set[int]
    ) -> None:
        self._reading = reading
        self._skeleton = skeleton
        self._earlier = earlier
        self._spoken = spoken

    def now(self, event: _Event, comparison: _Comparison, change: Change) -> tuple[Numeral | None, bool]:
        """The figure that changed, and whether it is surely the one."""
        text = self._skeleton.text
        wanted = PERCENT if change.points is not None else LEVEL
        subject = _FILLER.sub("", comparison.subject)
        subject = bare_label(subject)
        if not subject:
            found = self._nearest(comparison.start, wanted, change.amount)
            if found[0] is not None:
                return found
            reaching = _REACHING.match(text[event.end : event.end + 30])
            if reaching and wanted == LEVEL:
                return self._skeleton.at(event.end + reaching.start("now")), True
            return None, False
        return self._named(subject, event.start, wanted, change.amount)

    def _nearest(self, position: int, wanted: str, amount: Numeral | None) -> tuple[Numeral | None, bool]:
        """The last figure before the clause, in its sentence or, when that begins here, the one before."""
        text = self._skeleton.text
        start, _ = self._skeleton.sentence(max(position - 1, 0) if position else 0)
        if _ONLY_A_TIME.fullmatch(text[start:position]):
            start, _ = self._skeleton.sentence(max(start - 2, 0))
        skipped = False
        for place, figure in self._skeleton.before(position, start):
            if place in self._spoken or text[place] != wanted:
                continue
            if amount is not None and wanted == LEVEL and _unit(figure) != _unit(amount):
                skipped = True
                continue
            return figure, not skipped
        return None, False

    def _named(
        self, subject: str, position: int, wanted: str, amount: Numeral | None
    ) -> tuple[Numeral | None, bool]:
        """The figure introduced before with the name of what changes."""
        loose: Numeral | None = None
        seen = 0
        for skeleton in [self._skeleton, *reversed(self._earlier)]:
            here = skeleton is self._skeleton
            for place, figure in skeleton.before(position if here else len(skeleton.text)):
                seen += 1
                if seen > _FAR * 3:
                    return loose, False
                if (here and place in self._spoken) or skeleton.text[place] != wanted:
                    continue
                if amount is not None and wanted == LEVEL and _unit(figure) != _unit(amount):
                    continue
                label = skeleton.label(figure)
                if label and (label.endswith(subject) or _same_things(subject, label)):
                    return figure, True
                if loose is None and len(label) >= 4 and subject.endswith(label):
                    loose = figure
        return loose, False

    def before(self, comparison: _Comparison, change: Change, event: _Event) -> tuple[Numeral | None, bool]:
        """The base: inside the comparison (较上年100万元增加) or stated before it (上年100万元)."""
        wanted = PERCENT if change.points is not None else LEVEL
        for place in self._skeleton.places:
            if comparison.reference_start <= place < event.start and self._skeleton.text[place] == wanted:
                figure = self._skeleton.at(place)
                if self._fits(figure, change):
                    return figure, True
        if change.now is None or change.now.passage != self._skeleton.passage.number:
            return None, True
        keys = _keys(comparison.reference)
        if not keys:
            return None, True
        return self._before_by_name(change, change.now, event, keys, wanted), True

    def _before_by_name(
        self, change: Change, now: Numeral, event: _Event, keys: frozenset[str], wanted: str
    ) -> Numeral | None:
        """The base stated earlier in the passage with the words of the comparison: 上年100万元."""
        own = _GENERIC.sub("", self._skeleton.label(now))
        start = self._skeleton.sentence(event.start)[0]
        for seen, (place, figure) in enumerate(self._skeleton.before(event.start)):
            if seen >= _FAR:
                break
            if figure is now or self._skeleton.text[place] != wanted or place in self._spoken:
                continue
            words = self._skeleton.words_before(place)
            rest = _GENERIC.sub("", bare_label(words))
            if (
                keys <= _keys(words)
                and (not rest or rest == own or own.endswith(rest))
                and self._fits(figure, change)
            ):
                if place < start and rest != own:
                    continue
                return figure
        return None

    @staticmethod
    def _fits(figure: Numeral, change: Change) -> bool:
        return change.now is None or (_unit(figure) == _unit(change.now) and figure is not change.now)

    def several(self, event: _Event, comparison: _Comparison, comparable: bool) -> Iterator[Change]:
        """分别增加a和b，增长c和d: as many figures before as amounts."""
        count = len(event.amounts)
        bases = [
            self._skeleton.at(place)
            for place in self._skeleton.places
            if comparison.reference_start <= place < event.start and self._skeleton.text[place] == LEVEL
        ]
        start = self._skeleton.sentence(event.start)[0]
        nows = [
            figure
            for place, figure in self._skeleton.before(comparison.start, start)
            if self._skeleton.text[place] == LEVEL and place not in self._spoken
        ][:count][::-1]
        for index in range(count):
            change = Change(self._skeleton, event.direction, comparable=comparable, sure=False)
            change = _with_amounts(change, self._skeleton, event, index)
            if len(nows) == count:
                now = nows[index]
                if change.amount is None or _unit(now) == _unit(change.amount):
                    change = replace(change, now=now)
            if len(bases) == count and change.now is not None and _unit(bases[index]) == _unit(change.now):
                change = replace(change, before=bases[index], sure=True)
            yield change


def _unit(figure: Numeral) -> str:
    return figure.quantity.unit if figure.quantity is not None else ""


def _same_things(subject: str, label: str) -> bool:
    """收、支总计 is 收入支出总计; the last words must be the same."""
    return (
        len(subject) >= 3
        and subject[-2:] == label[-2:]
        and set(subject) <= set(label)
        and len(label) <= 2 * len(subject) + 20
    )


def _keys(words: str) -> frozenset[str]:
    """What a base is called: its year, and 上年, 预算, 执行 and the like."""
    found = {name for name, pattern in _KEYS if pattern.search(words)}
    years = _YEAR.findall(words)
    if years:
        found.add(years[-1])
    return frozenset(found)


def _from_to(skeleton: Skeleton, match: re.Match[str], events: list[_Event], used: set[int]) -> Change | None:
    first = "before" if match["before"] else "before2"
    second = "now" if match["now"] else "now2"
    before, now = skeleton.at(match.start(first)), skeleton.at(match.start(second))
    if _unit(before) != _unit(now):
        return None
    for index, event in enumerate(events):
        gap = skeleton.text[match.end() : event.start] if event.start >= match.end() else None
        if gap is None or index in used or len(event.amounts) != 1:
            continue
        if len(gap) > 6 or not re.fullmatch(r"[，（、]?(?:同比|共|总共|累计|总体|平均|整体|实际|即)*", gap):
            break
        used.add(index)
        comparable = not _REAL_TERMS.search(skeleton.text[max(0, match.start() - 30) : event.end])
        change = Change(skeleton, event.direction, now=now, before=before, comparable=comparable)
        return _with_amounts(change, skeleton, event, 0)
    return None


def is_percentage(figure: Numeral | None) -> bool:
    """Whether a figure is itself a percentage."""
    return figure is not None and sign_of(figure) == PERCENT
