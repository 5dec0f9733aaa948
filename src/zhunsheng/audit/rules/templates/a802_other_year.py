"""A802: headings and dates of state name the report's own year."""

import re
from collections import defaultdict
from collections.abc import Iterator

from zhunsheng.audit.document import Span
from zhunsheng.audit.finding import Check, FoundPlace, Outcome
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at

CODE = "A802"

_YEARED = re.compile(r"((?:19|20)\d{2})(?=年)")
_STATE = re.compile(r"截[至止到](?:目前)?((?:19|20)\d{2})年(?:12月(?:31日|底|末|末)|底|末)")
_TITLE_LENGTH = 45
_REPORT = re.compile(r"(?:决算|自评|总结|公报|执行情况)")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """The same title must not carry two years; a state at a year's end belongs to the report's year."""
    year = reading.fiscal_year
    if year is None:
        return
    yield from _titles(reading, rule, year)
    yield from _states(reading, rule, year)


def _titles(reading: Reading, rule: AuditRule, year: int) -> Iterator[Check]:
    """One title written with two years: in the contents, over the part, in the page head."""
    found: dict[str, list[tuple[int, FoundPlace]]] = defaultdict(list)
    for passage in reading.prose:
        text = re.sub(r"[.…·\s]*\d*$", "", passage.text)
        years = _YEARED.findall(text)
        if not 8 <= len(text) <= _TITLE_LENGTH or len(set(years)) != 1 or text[-1] in "。；，":
            continue
        key = re.sub(r"\s", "", _YEARED.sub("", text[passage.mark.length if passage.mark else 0 :]))
        match = _YEARED.search(passage.text)
        if match is not None:
            place = place_at(reading, passage.span(match.start(), match.end()), "标题中的年度")
            found[key].append((int(years[0]), place))
    if _is_compilation(found, rule):
        return
    for places in found.values():
        named = {each for each, _ in places}
        if len(places) < 2:
            continue
        if named == {year} or len(named) == 1:
            yield Check(rule.code, Outcome.PASSED, ())
            continue
        if year not in named:
            continue
        wrong = [place for each, place in places if each != year]
        right = [place for each, place in places if each == year]
        yield rule.failed(
            rule.finding(
                f"同一标题的年度不一致：此处写 {wrong[0].text} 年，另处写 {year} 年",
                [*wrong, *right[:1]],
                confidence="0.9",
                printed=f"{wrong[0].text}年",
                computed=f"{year}年",
            )
        )


def _is_compilation(found: dict[str, list[tuple[int, FoundPlace]]], rule: AuditRule) -> bool:
    """Whether the document holds the reports of several years, so that most of its titles come twice."""
    twice = [places for places in found.values() if len({each for each, _ in places}) > 1]
    return len(twice) >= rule.numbers["compilation_least"]


def _states(reading: Reading, rule: AuditRule, year: int) -> Iterator[Check]:
    title = " ".join(passage.text for passage in reading.prose[:8])
    if not _REPORT.search(title):
        return
    for passage in reading.prose:
        for match in _STATE.finditer(passage.text):
            named = int(match[1])
            if named == year:
                yield Check(rule.code, Outcome.PASSED, ())
            elif named == year - 1 and not re.search(
                r"上年|较|比|增长|年初", passage.text[max(0, match.start() - 20) : match.end() + 40]
            ):
                span: Span = passage.span(match.start(1), match.end(1))
                yield rule.failed(
                    rule.finding(
                        f"{year} 年度的报告，状态日期却写 {match[0]}",
                        [place_at(reading, span, "年度")],
                        confidence="0.85",
                        printed=f"{named}年",
                        computed=f"{year}年",
                    )
                )
