"""What is wrong with the rows of a source, as it is shown: what keeps rows out first, warnings put together."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich.text import Text

from zhunsheng.cli.output import console, simple_table
from zhunsheng.ledgers.field import Level
from zhunsheng.store.intake.importing import Import
from zhunsheng.store.intake.row_faults import Alike, RowFault

_SHOWN: Final = 30
_PLACES: Final = 3
_LEVELS: Final = (Level.REJECT, Level.QUARANTINE, Level.WARN)
_STYLES: Final = {Level.REJECT: "bold red", Level.QUARANTINE: "yellow", Level.WARN: "cyan"}


def print_faults(work: Import, faults: Sequence[RowFault], *, everything: bool) -> None:
    """Print the faults of an import.

    Args:
        faults: the strictest first.
        everything: one line for each, warnings too.
    """
    counts = work.tally.faults
    if not counts:
        return
    out = console()
    total = {
        level: sum(count for (name, _), count in counts.items() if name == level.value) for level in _LEVELS
    }
    words = "，".join(f"{level.label} {count:,} 处" for level, count in total.items() if count)
    out.print(Text(f"  逐行核对发现：{words}"))
    listed = [each for each in faults if everything or each.level is not Level.WARN]
    shown = listed if everything else listed[:_SHOWN]
    if shown:
        table = simple_table("处理", "位置", "列", "填的值", "问题", "怎么办")
        for each in shown:
            table.add_row(
                Text(each.level.label, style=_STYLES[each.level]),
                Text(_place(each)),
                Text("、".join(each.headings)),
                Text((each.problem.value or "")[:40]),
                Text(each.problem.what),
                Text(each.problem.remedy),
            )
        out.print(table)
    hidden = sum(counts.values()) - len(shown)
    if not everything:
        hidden -= total[Level.WARN]
        warnings = work.alike(Level.WARN, _PLACES)
        codes = Counter(alike.code for alike in warnings)
        for alike in warnings:
            # beyond a limit warnings are only counted, by their code
            known = counts[Level.WARN.value, alike.code] if codes[alike.code] == 1 else alike.count
            _print_alike(work, alike, known)
    if hidden:
        more = "" if everything else "用 --all 全部列出；"
        out.print(Text(f"  ……另有 {hidden:,} 处，{more}退回和待核的行见退回文件", style="dim"))


def _print_alike(work: Import, alike: Alike, count: int) -> None:
    first = alike.first[0]
    if count == 1:
        text = f"{first.problem.what}：{_place(first)}"
    else:
        text = f"{_words(work, alike)}：{count:,} 处，如{_places(alike.first)}"
    line = Text("  ")
    line.append(Level.WARN.label, style=_STYLES[Level.WARN])
    line.append(f" {text}。{first.problem.remedy}")
    console().print(line)


def _words(work: Import, alike: Alike) -> str:
    """What is wrong, without the values of one row."""
    check = next((each for each in work.request.ledger.checks if each.code == alike.code), None)
    if check is not None:
        return check.message
    labels = "、".join(work.request.ledger.by_name[each].label for each in alike.fields)
    return f"{labels}：{alike.first[0].problem.why}" if labels else alike.first[0].problem.why


def _places(faults: Sequence[RowFault]) -> str:
    """The first places in few words: the sheet once where it is one."""
    sheets = {each.problem.place.sheet for each in faults}
    if len(sheets) == 1 and not faults[0].problem.place.sheet:
        return f"第 {'、'.join(str(each.line) for each in faults)} 行"
    return "、".join(_place(each) for each in faults)


def _place(fault: RowFault) -> str:
    place = fault.problem.place
    where = place.cell or f"第 {fault.line} 行"
    return f"{place.sheet} {where}" if place.sheet else where
