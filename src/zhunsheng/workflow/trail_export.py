"""The trail of a year as a file: JSON lines that can be verified alone, or CSV for people.

Both end with how many lines there are and with the head of the whole trail; who keeps the file elsewhere can later
tell whether the trail was written anew (`trail verify --head`).
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import TrailEntry
from zhunsheng.workflow.jobs import Work
from zhunsheng.workflow.trail import HASHED, Breach, hash_of_content, head
from zhunsheng.workflow.trail_reading import beginning_of, bodies_seen, seen_by

Form = Literal["csv", "jsonl"]
_LARGEST = 4_000_000_000
_HEADINGS = (
    ("number", "编号"),
    ("moment", "时间"),
    ("who", "用户名"),
    ("name", "姓名"),
    ("role", "角色"),
    ("channel", "途径"),
    ("address", "地址"),
    ("organisation", "单位"),
    ("case", "年度档案"),
    ("action", "操作"),
    ("subject", "对象"),
    ("before", "修改前"),
    ("after", "修改后"),
    ("reason", "理由"),
    ("before_hash", "上一条哈希"),
    ("hash", "本条哈希"),
)
_CHANNELS = {"web": "网页", "api": "接口", "command": "命令行"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def of_year(entries: QuerySet[TrailEntry], year: int) -> QuerySet[TrailEntry]:
    """The lines of a year, as in China, in order."""
    first, next_first = beginning_of(date(year, 1, 1)), beginning_of(date(year + 1, 1, 1))
    return entries.filter(moment__gte=first, moment__lt=next_first).order_by("number")


def years(entries: QuerySet[TrailEntry]) -> tuple[int, ...]:
    """From the first to the last year there are lines of."""
    moments = [
        each.moment
        for each in (entries.order_by("moment").first(), entries.order_by("-moment").first())
        if each
    ]
    found = [timezone.localtime(datetime.fromisoformat(each)).year for each in moments]
    return tuple(range(found[0], found[1] + 1)) if found else ()


def exported(entries: QuerySet[TrailEntry], form: Form) -> Iterator[bytes]:
    """The file, in parts.

    Args:
        entries: the lines, in order.
        form: "jsonl" or "csv".
    """
    return _as_csv(entries) if form == "csv" else _as_json_lines(entries)


def _as_json_lines(entries: QuerySet[TrailEntry]) -> Iterator[bytes]:
    digest, count = sha256(), 0
    for each in entries.iterator(2000):
        content = {name: getattr(each, name) for name in (*HASHED, "hash")}
        line = (json.dumps(content, ensure_ascii=False) + "\n").encode()
        digest.update(line)
        count += 1
        yield line
    yield (json.dumps({"lines": count, "head": str(head()), "sha256": digest.hexdigest()}) + "\n").encode()


def _as_csv(entries: QuerySet[TrailEntry]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + _csv_line([heading for _, heading in _HEADINGS])
    count = 0
    for each in entries.iterator(2000):
        count += 1
        yield _csv_line([_cell(name, getattr(each, name)) for name, _ in _HEADINGS])
    last = head()
    empty = [""] * (len(_HEADINGS) - 3)
    yield _csv_line([f"共 {count} 条", f"全部操作记录截至第 {last.count} 条", *empty, last.hash])


def _csv_line(cells: Iterable[str]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue().encode()


def _cell(name: str, value: Any) -> str:  # noqa: ANN401 - of any column
    match name:
        case "moment":
            return timezone.localtime(datetime.fromisoformat(value)).isoformat(sep=" ", timespec="seconds")
        case "role":
            return Role(value).label if value else ""
        case "channel":
            return str(_CHANNELS.get(value, value))
        case "before" | "after":
            return "" if value is None else _harmless(json.dumps(value, ensure_ascii=False))
        case _:
            return _harmless(str(value))


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def verify_file(lines: Iterable[str]) -> Iterator[Breach]:
    """What is wrong with an export as JSON lines, looked at alone."""
    digest, count, last, ended = sha256(), 0, None, False
    for place, line in enumerate(lines, 1):
        if ended:
            yield Breach(place, f"第 {place} 行：结束之后还有内容")
            return
        try:
            content = json.loads(line)
            if "lines" in content:
                ended = True
                if (content["lines"], content["sha256"]) != (count, digest.hexdigest()):
                    yield Breach(place, f"文件应有 {content['lines']} 条，实有 {count} 条，或内容被改动")
                continue
            if content["hash"] != hash_of_content(content):
                yield Breach(content["number"], f"第 {content['number']} 条的内容被改动")
            follows = last is not None and content["number"] == last["number"] + 1
            if follows and last is not None and content["before_hash"] != last["hash"]:
                yield Breach(content["number"], f"第 {content['number']} 条与上一条不衔接")
        except (ValueError, KeyError, TypeError):
            yield Breach(place, f"第 {place} 行不是操作记录")
            return
        digest.update(line.encode())
        count, last = count + 1, content
    if not ended:
        yield Breach(count, "文件没有结尾，可能被截断")


def export_job(work: Work) -> dict[str, Any]:
    """Export the lines of a year that the person who asks may see.

    Parameters of the job: `year` and `form`.
    """
    year, form = int(work.parameters["year"]), work.parameters["form"]
    today = timezone.localdate(work.now())
    chosen = of_year(seen_by(work.actor, today), year)
    bodies = [each.code for each in bodies_seen(work.actor, today)]
    total = chosen.count()

    def told() -> Iterator[bytes]:
        for place, part in enumerate(exported(chosen, "csv" if form == "csv" else "jsonl")):
            if place % 200 == 0:
                work.progress(5 + 90 * place // max(total, 1), f"已写出 {place} 条")
            yield part

    file = keep(told(), _LARGEST)
    return {"file": file.sha256, "name": f"操作记录-{year}.{form}", "lines": total, "bodies": bodies}
