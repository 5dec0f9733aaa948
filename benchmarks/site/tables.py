"""What was measured, as Markdown."""

import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.site import places
from benchmarks.site.arrivals import Measured
from benchmarks.site.looking import Prepared
from benchmarks.site.painting import Painted
from benchmarks.site.saving import Tally
from benchmarks.site.using import Work

from zhunsheng.store.records.reading import data_files
from zhunsheng.store.records.record_store import RecordStore

MOST, MOST_PAINT, MOST_SIZE = 150, 1000, 300
"""Milliseconds 95 of 100 requests may take; milliseconds to the first paint; kB of a first load."""
_SHOWN_FAULTS = 10


def head(data: Path, scale: str) -> str:
    """What was measured on, and how busy the machine was."""
    with RecordStore.open(data / "stores" / places.STORE) as store:
        snapshot = store.snapshot()
        rows = {
            code: sum(each.rows for each in data_files(code, snapshot)) for code in store.manifest.ledgers()
        }
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return "\n".join(
        [
            (
                f"## {datetime.now(UTC):%Y-%m-%d}, the site (`make bench-site`), {os.cpu_count()} cores, {memory:.0f} GB,"
                f" Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the start"
            ),
            "",
            (
                f"World: guangzhou-2021 at scale {scale}, synthetic: {sum(rows.values()):,} records in {len(rows)} ledgers,"
                f" {rows[places.LEDGER]:,} market entities; {places.PEOPLE} people in {places.PARTS + 4} bodies;"
                f" {len(places.EARLIER) + 3} years. Server (`zhunsheng serve`, 2 processes, production mode), load generator,"
                " browser and database share the cores of this machine."
            ),
        ]
    )


def pages(
    prepared: Prepared,
    measured: Mapping[str, Measured],
    painted: Mapping[str, Painted],
    work: Work,
    started: float,
    rate: float,
) -> str:
    """Times of the pages, their ratio to the sign-in page, and first paint."""
    count = sum(len(each.seconds) for each in measured.values())
    reference = next(each.name for each in places.PAGES if each.baseline)
    base = measured[reference].percentile(50) if measured[reference].seconds else 0
    lines = [
        "### Pages under load",
        "",
        (
            f"{rate:g} requests a second in all, evenly spaced, each page in turn, by {len(prepared.people)} signed-in people;"
            " a time runs from when a request was due, so waiting counts. First request: the very first for that page after"
            " the server was started."
        ),
        "",
        "| page | p50 ms | p95 ms | p99 ms | p50 / sign-in page | first request ms | target | met |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for each in places.PAGES:
        found = measured.get(each.name)
        if found is None or not found.seconds:
            why = prepared.absent.get(each.name) or (found and ", ".join(found.faults)) or "not measured"
            lines.append(f"| {each.name} | | | | | | | no: {why} |")
            continue
        p50, p95, p99 = (found.percentile(share) for share in (50, 95, 99))
        judged = each.required and not each.baseline
        faults = f" ({sum(found.faults.values())} failed: {', '.join(found.faults)})" if found.faults else ""
        target = f"p95 < {MOST}" if judged else ""
        met = _yes(p95 < MOST and not found.faults) if judged else ""
        lines.append(
            f"| {each.name}{faults} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {p50 / base if base else 0:.1f} "
            f"| {1000 * prepared.first[each.name]:.0f} | {target} | {met} |"
        )
    lines += [
        "",
        (
            f"{count:,} requests in {work.seconds:.0f} s; the site's processes worked {1000 * work.cpu / max(count, 1):.0f} ms"
            f" a request ({work.cpu / work.seconds:.2f} cores), the largest held {work.memory / 2**20:.0f} MB."
            f" The server answered {started:.1f} s after it was started; {len(prepared.people)} people signed in by the form"
            f" in {prepared.sign_in_seconds:.1f} s."
        ),
    ]
    return "\n".join([*lines, "", *_paint(painted)])


def _paint(painted: Mapping[str, Painted]) -> list[str]:
    lines = [
        "### First paint",
        "",
        "Chromium, 1440 × 900, a new browser context with an empty cache each time, median of five.",
        "",
        "| page | first paint ms | worst ms | over the wire kB | target | met |",
        "| --- | ---: | ---: | ---: | --- | --- |",
    ]
    for name, each in painted.items():
        met = each.median < MOST_PAINT and each.size < MOST_SIZE * 1000
        lines.append(
            f"| {name} | {each.median:.0f} | {each.worst:.0f} | {each.size / 1000:.0f} "
            f"| < {MOST_PAINT} ms, < {MOST_SIZE} kB | {_yes(met)} |"
        )
    return lines


def savers(engine: str, tally: Tally, faults: Sequence[str]) -> str:
    """Parallel savers on a database."""
    read, save = tally.read, tally.save
    version = f" {sqlite3.sqlite_version}" if engine == "SQLite" else ""
    rows = [
        ("people at once, each without a pause", f"{tally.people}"),
        ("rounds of reading, changing, saving", f"{tally.rounds}"),
        ("answered as saved", f"{len(tally.saved):,} of {tally.people * tally.rounds:,}"),
        ("told that somebody else was first, and saved again", f"{tally.conflicts:,}"),
        ("saves a second", f"{len(tally.saved) / tally.seconds:.1f}"),
        ("requests a second", f"{(len(read.seconds) + len(save.seconds)) / tally.seconds:.1f}"),
        ("reading a form, p50 and p95", f"{read.percentile(50):,.0f} and {read.percentile(95):,.0f} ms"),
        ("saving, p50 and p95", f"{save.percentile(50):,.0f} and {save.percentile(95):,.0f} ms"),
        ("signing all in by the form", f"{tally.sign_in_seconds:.1f} s"),
        ("errors, lost or overwritten saves, breaches of the trail", f"**{len(faults)}** (target 0)"),
    ]
    lines = [
        f"### {tally.people} people saving at once, {engine}{version}",
        "",
        "| what | measured |",
        "| --- | --- |",
        *(f"| {what} | {figure} |" for what, figure in rows),
        "",
        (
            "Four people share each row, so many saves meet another one. What was answered as saved is held against the"
            " trail: it is there once, and was written over exactly what its writer had seen."
        ),
    ]
    return "\n".join([*lines, *(f"- {each}" for each in faults[:_SHOWN_FAULTS])])


def _yes(met: bool) -> str:
    return "yes" if met else "no"
