"""A502: numbers of headings and list items neither repeat nor jump."""

import re
from collections.abc import Iterator

from zhunsheng.audit.document import BlockKind
from zhunsheng.audit.finding import Check, Finding
from zhunsheng.audit.marks import Mark, MarkStyle
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at
from zhunsheng.kernel.written import chinese_numeral

CODE = "A502"

_SPOKEN = re.compile(r"(?:(?<=[，。；：、\n）”])|^)(?:第)?([一二三四五六七八九十]{1,3})是(?!否|非)")
_CONTENTS = re.compile(r"(?:\.{3,}|…{2,}|·{3,})\s*\d{1,3}$|^目录$")
_FEW = 3  # figures like 1.1 are taken for numbering only when enough of them follow one another


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Follow every numbering style under every heading, and the spoken lists (一是……二是……) in the text."""
    yield from _headings(reading, rule)
    yield from _spoken(reading, rule)


def _headings(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    lists: dict[tuple[int | None, MarkStyle, str], list[int]] = {}
    latest: dict[tuple[int | None, MarkStyle, str], Passage] = {}
    decimals = _stems(reading)
    for heading in reading.headings:
        passage = reading.passages[heading.passage]
        mark = heading.mark
        if mark is None or _CONTENTS.search(passage.text) or passage.kind is BlockKind.FOOTNOTE:
            continue
        if mark.style is MarkStyle.SPOKEN:
            continue
        if mark.style is MarkStyle.DECIMAL and decimals.get(mark.stem, 0) < _FEW:
            continue
        key = (heading.parent, mark.style, mark.stem)
        stack = lists.setdefault(key, [])
        previous = latest.get(key)
        if not _advance(stack, mark.number):
            if previous is not None and not _between(reading, previous, passage, mark):
                yield rule.failed(_finding(reading, rule, passage, mark, previous))
            stack[:] = [mark.number]
        elif previous is not None and mark.number > 1:
            yield rule.passed(reading)
        latest[key] = passage


def _between(reading: Reading, previous: Passage, passage: Passage, mark: Mark) -> bool:
    """Whether the numbers left out stand inside the paragraphs before, or (for parts) in the contents."""
    if previous.mark is None or mark.number <= previous.mark.number or not passage.mark:
        return False
    if mark.style in {MarkStyle.PART, MarkStyle.CHAPTER}:
        there = {
            heading.mark.number
            for heading in reading.headings
            if heading.mark is not None and heading.mark.style is mark.style
        }
        return all(number in there for number in range(previous.mark.number + 1, mark.number))
    text = "\n".join(
        each.text for each in reading.passages[previous.number : passage.number] if each.cell is None
    )
    wanted = [_written(mark, number) for number in range(previous.mark.number + 1, mark.number)]
    return bool(wanted) and all(
        written and re.search(rf"(?:^|[。；：，\n]){re.escape(written)}", text) for written in wanted
    )


def _written(mark: Mark, number: int) -> str:
    """The mark of another number in the same style."""
    digits = re.search(r"\d+(?=\D*$)", mark.text)
    if digits:
        return mark.text[: digits.start()] + str(number)
    chinese = re.search(r"[一二三四五六七八九十百]+", mark.text)
    if chinese:
        return mark.text[: chinese.start()] + _in_chinese(number) + mark.text[chinese.end() :].strip()
    return chr(ord("①") + number - 1) if mark.style is MarkStyle.CIRCLED else ""


def _in_chinese(number: int) -> str:
    ones = "零一二三四五六七八九"
    tens, one = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else ones[tens] + "十"
    return head + (ones[one] if one or not tens else "")


def _stems(reading: Reading) -> dict[str, int]:
    found: dict[str, int] = {}
    for heading in reading.headings:
        if heading.mark is not None and heading.mark.style is MarkStyle.DECIMAL:
            found[heading.mark.stem] = found.get(heading.mark.stem, 0) + 1
    return found


def _advance(stack: list[int], number: int) -> bool:
    """Take the next number; False when it continues none of the open lists.

    A list that starts again at 1 is a list inside the last item or a new list; both are fine.
    """
    if number == 1:
        stack.append(1)
        return True
    if not stack:
        stack.append(number)
        return True
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth] == number - 1:
            del stack[depth + 1 :]
            stack[depth] = number
            return True
    return False


def _finding(reading: Reading, rule: AuditRule, passage: Passage, mark: Mark, previous: Passage) -> Finding:
    before = previous.mark
    number = before.number if before is not None else 0
    kind = "重复或倒退" if mark.number <= number else "跳号"
    return rule.finding(
        f"编号{kind}：“{mark.text.strip()}”前面同级的编号是“{before.text.strip() if before else ''}”",
        [
            place_at(reading, passage.span(0, mark.length), "编号"),
            place_at(reading, previous.span(0, before.length if before else 1), "前一个编号"),
        ],
        confidence="0.8",
        printed=mark.text.strip(),
    )


def _spoken(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    stack: list[int] = []
    last: tuple[Passage, re.Match[str]] | None = None
    section: tuple[int, ...] = ()
    for passage in reading.passages:
        if passage.cell is not None or passage.section != section:
            stack, last, section = [], None, passage.section
        for match in _SPOKEN.finditer(passage.text):
            number = chinese_numeral(match[1])
            if number is None:
                continue
            if last is None and number > 1:
                stack, last = [number], (passage, match)
                continue
            if _advance(stack, number):
                if number > 1:
                    yield rule.passed(reading)
            elif last is not None:
                yield rule.failed(
                    rule.finding(
                        f"列举序号不连续：“{match[1]}是”前面是“{last[1][1]}是”",
                        [
                            place_at(reading, passage.span(match.start(1), match.end()), "序号"),
                            place_at(reading, last[0].span(last[1].start(1), last[1].end()), "前一个序号"),
                        ],
                        confidence="0.8",
                        printed=match[0],
                    )
                )
                stack = [number]
            last = (passage, match)
