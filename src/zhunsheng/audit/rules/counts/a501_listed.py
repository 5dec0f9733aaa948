"""A501: a stated number of things is the number of things listed."""

import re
from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.counted_lists import (
    Listing,
    counts_things,
    listing_after,
    listing_before,
    listing_in_bracket,
)
from zhunsheng.audit.relations.joined_tables import JoinedTable, joined_tables
from zhunsheng.audit.rule import AuditRule, place_at, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A501"

_POINTER = re.compile(r"如下|以下|下列|下表|见表|附表|见附|具体[^，。；]{0,8}情况|列表|明细")
_VALUE_HEADER = re.compile(r"值|得分|分值|权重|说明|备注|原因|完成情况|金额|预算|比例|率$")
_COUNTED_BEFORE = re.compile(
    r"([\u4e00-\u9fff]{2,12}?)(?:共计|合计|总计|共有|共设置|共设|共|数量为|数为|为|有)?$"
)
_LEADS_ON = re.compile(r"[^，。；：、]{0,14}[，]?[^，。；：、]{0,10}：")
_PARTS = re.compile(r"(?:共设置|设置|共设|设有|下设|包括|包含|共包含|共有)(?:了)?$")
_CAPTION_LENGTH = 40
_PART_NOUN = re.compile(r"^(?:[一二三四]级|具体|绩效|个性|关键)?指标")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Count what follows every stated number: lists in the sentence, numbered passages, tables."""
    for passage in reading.passages:
        for numeral in reading.numerals_in(passage):
            if counts_things(numeral):
                listing = (
                    listing_after(passage.text, numeral.end)
                    or listing_in_bracket(passage.text, numeral.end)
                    or listing_before(passage.text, numeral.start)
                )
                if listing is not None:
                    yield from _in_sentence(reading, rule, passage, numeral, listing)
    yield from _numbered_passages(reading, rule)
    tables = joined_tables(reading)
    for table in tables:
        yield from _before_table(reading, rule, table)
    yield from _parts(reading, rule, tables)


def _in_sentence(
    reading: Reading, rule: AuditRule, passage: Passage, numeral: Numeral, listing: Listing
) -> Iterator[Check]:
    stated = int(numeral.amount)
    if listing.fewest <= stated <= listing.most or (listing.open_end and stated > listing.most):
        yield rule.passed(reading, numeral)
        return
    over = stated < listing.fewest
    if listing.marked and listing.fewest < 2:
        return
    if (over and not listing.alike) or listing.fewest < 2 or (listing.open_end and not listing.alike):
        yield rule.insufficient(reading, numeral, detail="所列事项的个数不能确定")
        return
    listed = listing.fewest if over else listing.most
    sure = listing.alike and not listing.open_end and not listing.marked
    yield rule.failed(
        rule.finding(
            f"写明 {numeral.text}，实际列出 {listed} 项",
            [
                place_of(reading, numeral, "写明的个数"),
                place_at(reading, passage.span(listing.start, listing.end), "所列事项"),
            ],
            severity=Severity.ERROR if sure else Severity.WARNING,
            confidence="0.92" if sure else "0.8",
            printed=numeral.text,
            computed=str(listed),
            difference=str(stated - listed),
        ),
        [(reading, numeral)],
    )


def _numbered_passages(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """以下5项： followed by passages numbered 1 to n."""
    for index, passage in enumerate(reading.passages[:-1]):
        following = reading.passages[index + 1]
        if passage.cell is not None or following.cell is not None or following.mark is None:
            continue
        if not passage.text.endswith("：") or following.mark.number != 1:
            continue
        sentence = passage.sentence_at(len(passage.text) - 1)
        numerals = [
            each for each in reading.numerals_in(passage) if each.start >= sentence[0] and counts_things(each)
        ]
        if not numerals or not _LEADS_ON.fullmatch(passage.text[numerals[-1].end :]):
            continue
        yield from _numbered(reading, rule, numerals, _run_length(reading, index + 1))


def _numbered(reading: Reading, rule: AuditRule, numerals: list[Numeral], length: int) -> Iterator[Check]:
    """Compare the number before a numbered list; 1家、1家、4家 before one list of 6 count together."""
    stated = numerals[-1]
    if stated.amount < 2 or length < 2:
        return
    together = sum((each.amount for each in numerals), Fraction(0))
    if length in {stated.amount, together, numerals[0].amount}:
        yield rule.passed(reading, *(numerals if together == length else [stated]))
    elif len(numerals) == 1:
        yield rule.failed(
            rule.finding(
                f"写明 {stated.text}，其后实际编号列出 {length} 项",
                [place_of(reading, stated, "写明的个数")],
                severity=Severity.WARNING,
                confidence="0.8",
                printed=stated.text,
                computed=str(length),
            ),
            [(reading, stated)],
        )
    else:
        yield rule.insufficient(reading, *numerals, detail="一句中有几个个数")


def _run_length(reading: Reading, first: int) -> int:
    """How many passages are numbered 1, 2, 3 in the style of the first one."""
    opening = reading.passages[first]
    count = 0
    if opening.mark is None:
        return 0
    for passage in reading.passages[first:]:
        if passage.mark is None:
            continue
        if passage.mark.rank < opening.mark.rank:
            break
        if passage.mark.style is opening.mark.style and passage.mark.stem == opening.mark.stem:
            if passage.mark.number != count + 1:
                break
            count += 1
    return count


def _before_table(reading: Reading, rule: AuditRule, table: JoinedTable) -> Iterator[Check]:
    """对应绩效指标共计41项，具体如下： followed by a table."""
    passages = [reading.passages[number] for number in table.introduced_by]
    for passage in reversed(passages):
        if not _POINTER.search(passage.text[-60:]):
            if len(passage.text) > _CAPTION_LENGTH or passage.is_heading:
                return
            continue
        start = passage.sentence_at(len(passage.text) - 1)[0]
        stated = [
            each
            for each in reading.numerals_in(passage)
            if each.start >= start and counts_things(each) and each.amount >= 2
        ]
        if not stated and len(passage.text) <= _CAPTION_LENGTH:
            continue  # the caption of the table; what counts its rows stands before it
        for numeral in stated:
            if listing_after(passage.text, numeral.end) is not None and not passage.text.endswith("："):
                continue
            yield from _against_columns(reading, rule, passage, numeral, table)
        return


def _noun(passage: Passage, numeral: Numeral) -> str:
    """The thing counted: after the number, else before it."""
    after = re.match(r"[\u4e00-\u9fff]{2,14}", passage.text[numeral.end :])
    if after:
        word = re.split(r"，|具体|分别|如下|情况", after[0])[0]
        if len(word) >= 2:
            return word
    before = _COUNTED_BEFORE.search(passage.text[max(0, numeral.start - 16) : numeral.start])
    return before[1] if before else ""


def _against_columns(
    reading: Reading, rule: AuditRule, passage: Passage, numeral: Numeral, table: JoinedTable
) -> Iterator[Check]:
    key = _noun(passage, numeral)[-2:]
    columns = [
        column
        for column, header in table.header.items()
        if key and key in header and not _VALUE_HEADER.search(header)
    ]
    counts = {column: len(table.things(column)) for column in columns}
    stated = int(numeral.amount)
    if stated in counts.values():
        yield rule.passed(reading, numeral)
        return
    if not counts:
        yield rule.insufficient(reading, numeral, detail="表中没有可数的列")
        return
    column = min(counts, key=lambda each: (abs(counts[each] - stated), -each))
    listed = counts[column]
    view, row = table.things(column)[0] if listed else (table.views[0], 0)
    cell = view.passages.get((row, column))
    places = [place_of(reading, numeral, "写明的个数")]
    if cell is not None:
        first = reading.passages[cell]
        places.append(place_at(reading, first.span(0, len(first.text)), f"“{table.header[column]}”列首项"))
    yield rule.failed(
        rule.finding(
            f"写明 {numeral.text}，表中“{table.header[column]}”列实际列出 {listed} 项",
            places,
            severity=Severity.ERROR if abs(listed - stated) * 4 <= stated else Severity.WARNING,
            confidence="0.9",
            printed=numeral.text,
            computed=str(listed),
            difference=str(stated - listed),
        ),
        [(reading, numeral)],
    )


def _parts(reading: Reading, rule: AuditRule, tables: list[JoinedTable]) -> Iterator[Check]:
    """该二级指标共设置5个三级指标, item by item: against the total stated, and against the table's groups."""
    parts: list[tuple[Passage, Numeral]] = []
    totals: list[tuple[Passage, Numeral]] = []
    for passage in reading.prose:
        for numeral in reading.numerals_in(passage):
            if (
                not counts_things(numeral)
                or numeral.quantity is None
                or numeral.quantity.unit not in {"个", "项"}
            ):
                continue
            before = passage.text[max(0, numeral.start - 10) : numeral.start]
            if _PARTS.search(before) and _PART_NOUN.match(passage.text[numeral.end :]):
                parts.append((passage, numeral))
            elif re.search(r"指标(?:共计|合计|总计|共)$", before):
                totals.append((passage, numeral))
    if len(parts) < 2:
        return
    together = sum((numeral.amount for _, numeral in parts), Fraction(0))
    if len(totals) == 1:
        total = totals[0][1]
        if total.amount == together:
            yield rule.passed(reading, total, *(numeral for _, numeral in parts))
        else:
            yield rule.failed(
                rule.finding(
                    f"写明指标共 {total.text}，各项任务所写个数之和为 "
                    f"{'+'.join(str(numeral.amount) for _, numeral in parts)}={together}",
                    [place_of(reading, total, "写明的总数"), *(place_of(reading, each) for _, each in parts)],
                    severity=Severity.WARNING,
                    confidence="0.75",
                    printed=total.text,
                    computed=str(together),
                    difference=str(total.amount - together),
                ),
                [(reading, total), *((reading, each) for _, each in parts)],
            )
    yield from _against_groups(reading, rule, parts, tables)


def _bare(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff]", "", text)


def _against_groups(
    reading: Reading, rule: AuditRule, parts: list[tuple[Passage, Numeral]], tables: list[JoinedTable]
) -> Iterator[Check]:
    for table in tables:
        columns = [
            column
            for column, header in table.header.items()
            if "指标" in header and not _VALUE_HEADER.search(header)
        ]
        if not columns or columns[-1] == 0:
            continue
        groups = [(_bare(label)[:60], rows) for label, rows in table.groups(0) if len(_bare(label)) >= 4]
        for passage, numeral in parts:
            name = _part_name(passage, numeral)
            found = [rows for label, rows in groups if len(name) >= 6 and (name in label or label in name)]
            if len(found) != 1:
                continue
            rows = [(view, row) for view, row in found[0] if (row, columns[-1]) in view.passages]
            if len(rows) == numeral.amount:
                yield rule.passed(reading, numeral)
                continue
            view, row = rows[0] if rows else found[0][0]
            place = reading.passages[view.passages.get((row, columns[-1]), passage.number)]
            yield rule.failed(
                rule.finding(
                    f"“{name[:24]}”写明设置 {numeral.text}指标，表中该任务下列出 {len(rows)} 个",
                    [
                        place_of(reading, numeral, "写明的个数"),
                        place_at(reading, place.span(0, len(place.text)), "表中该任务的首个指标"),
                    ],
                    severity=Severity.WARNING,
                    confidence="0.85",
                    printed=numeral.text,
                    computed=str(len(rows)),
                    difference=str(numeral.amount - len(rows)),
                ),
                [(reading, numeral)],
            )


def _part_name(passage: Passage, numeral: Numeral) -> str:
    """The task a statement about its number of indicators belongs to."""
    before = passage.text[: numeral.start]
    quoted = re.search(r"“(.{4,80}?)”(?!环境|驱动)", before)
    text = quoted[1] if quoted else before[passage.mark.length if passage.mark else 0 :]
    return _bare(re.split(r"。|该[一二三]?级?指标|指标完成情况", text)[0])
