"""The public body: name, year, duties, divisions."""

import re
from collections.abc import Iterator

from zhunsheng.audit.reading import Reading
from zhunsheng.extraction.places import passage_place
from zhunsheng.plans.case import Body, Division, DivisionCount, Duty
from zhunsheng.plans.choices import DivisionKind

_TITLE = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})年度?)?(?P<name>[\u4e00-\u9fff]{2,30}?(?:局|委员会|办公室|厅|部|署|院|中心|街道办事处|人民政府|管委会|学校|医院|所))"
    r"(?:(?P<later>(?:19|20)\d{2})年度?)?(?=[^。]{0,12}(?:部门|单位|整体|绩效|预算|决算))"
)
_COUNT = re.compile(
    r"(?P<kind>内设(?:机构|科室|处室)|派出机构|直属机构|下属(?:事业)?单位|所属(?:事业)?单位)(?P<number>\d+)(?:个|家)[^：，。；]{0,4}"
    r"(?P<listed>[：，](?:分别(?:是|为)[：]?|即)?(?P<names>[^。；]+))?"
)
_KINDS = {"内设": DivisionKind.INTERNAL, "派出": DivisionKind.DISPATCHED, "直属": DivisionKind.SUBORDINATE}
_DUTY_LENGTH = 400


def body_of(reading: Reading) -> tuple[Body, str]:
    """The body's name and the report's title, from the first passages; empty names when there are none."""
    for passage in reading.prose[:6]:
        match = _TITLE.search(passage.text)
        if match is not None:
            return Body(name=match["name"]), passage.text[:80]
    first = reading.prose[0].text[:80] if reading.prose else ""
    return Body(name=""), first


def duties_of(reading: Reading) -> Iterator[Duty]:
    """The numbered items under a heading that speaks of duties."""
    number = 0
    for passage in reading.prose:
        if passage.mark is None or not any(
            re.search(r"主要(?:职责|职能)|部门职[责能]", title)
            for title in reading.section_titles(passage)[:-1]
        ):
            continue
        text = passage.text[passage.mark.length :].strip()
        if len(text) < 8 or len(text) > _DUTY_LENGTH:
            continue
        number += 1
        yield Duty(number, text, passage_place(reading, passage.number))


def divisions_of(reading: Reading) -> tuple[tuple[Division, ...], tuple[DivisionCount, ...]]:
    """The divisions that are listed, and how many the report says there are."""
    divisions: dict[str, Division] = {}
    counts: dict[DivisionKind, DivisionCount] = {}
    for passage in reading.prose:
        for match in _COUNT.finditer(passage.text):
            kind = _KINDS.get(match["kind"][:2], DivisionKind.SUBORDINATE)
            place = passage_place(reading, passage.number)
            counts.setdefault(kind, DivisionCount(kind, int(match["number"]), place))
            for name in re.split(r"、(?![^（]*）)", match["names"] or ""):
                if 2 <= len(name) <= 40 and not re.search(r"\d+个", name):
                    divisions.setdefault(name, Division(name, kind, place))
    return tuple(divisions.values()), tuple(counts.values())
