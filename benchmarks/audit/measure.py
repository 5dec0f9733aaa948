"""Measuring the audit: planted errors found, false alarms on clean documents, known errors of real ones."""

import random
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from generated_forms import FORMS
from generated_report import Figure
from rendering import RENDERED

from zhunsheng.audit.auditing import Audit, audit
from zhunsheng.audit.document import Span
from zhunsheng.audit.planting import plants
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule
from zhunsheng.documents.reading.reading import read_document
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.audit_rule_files import load_audit_rules

_TELLING_DIGITS = 3


@dataclass
class Score:
    """Planted and found errors."""

    planted: int = 0
    found: int = 0

    def add(self, hit: bool) -> None:
        """Count one planted error."""
        self.planted += 1
        self.found += hit

    @property
    def recall(self) -> str:
        """Found of planted, in per cent."""
        return f"{self.found * 100 / self.planted:.1f} %" if self.planted else "—"


@dataclass
class Measured:
    """What one document gave."""

    name: str
    format: str
    seconds: float
    clean_errors: int
    clean_warnings: int
    numerals: int
    understood: int
    checked: int
    by_kind: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_relation: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)


def marked_numerals(reading: Reading, figures: Iterable[Figure]) -> list[tuple[Numeral, Figure]]:
    """The numerals of the marked figures: both stand in the same order."""
    found: list[tuple[Numeral, Figure]] = []
    position = 0
    for figure in figures:
        for index in range(position, len(reading.numerals)):
            numeral = reading.numerals[index]
            passage = reading.passage_of(numeral)
            if passage.text[numeral.start : numeral.digits_end] == figure.text:
                found.append((numeral, figure))
                position = index + 1
                break
    return found


def measure_generated(form: str, seed: int, format_name: str, most: int | None = None) -> Measured:
    """Plant errors into one invented report, read from a file of one format."""
    report = FORMS[form](seed)
    with TemporaryDirectory() as directory:
        path = Path(directory) / f"{report.name}.{format_name}"
        path.write_bytes(RENDERED[format_name](report))
        begun = time.perf_counter()
        document = read_document(path)
        clean = audit([document], _rules())
        seconds = time.perf_counter() - begun
    measured = _measured(clean, report.name, format_name, seconds)
    reading = clean.readings[0]
    marked = marked_numerals(reading, report.figures)
    if len(marked) < len(report.figures):
        measured.missed.append(f"{len(report.figures) - len(marked)} 个数没有读到")
    source = random.Random(f"{form}-{seed}-{format_name}")
    if most is not None and len(marked) > most:
        marked = source.sample(marked, most)
    for numeral, figure in marked:
        _plant(measured, clean, numeral, figure.kinds, source, figure.stale)
    return measured


def measure_real(path: Path, rows: Sequence[dict[str, str]]) -> Measured:
    """Plant errors into the figures of a real document whose relations were checked by hand."""
    begun = time.perf_counter()
    document = read_document(path)
    clean = audit([document], _rules())
    measured = _measured(clean, path.name, document.format, time.perf_counter() - begun)
    reading = clean.readings[0]
    source = random.Random(path.name)
    for row in rows:
        for numeral in _numerals_of(reading, row):
            _plant(measured, clean, numeral, frozenset({row["type"]}), source, None)
    return measured


def _numerals_of(reading: Reading, row: dict[str, str]) -> list[Numeral]:
    """The result and the operands of a relation, each where it first stands in running text, else anywhere."""
    wanted = {Decimal(row["stated"])} | {Decimal(each) for each in re.findall(r"\d+(?:\.\d+)?", row["expr"])}
    wanted -= {Decimal(100), Decimal(10000), Decimal(0), Decimal(1), Decimal(2), Decimal(1000), Decimal(10)}
    found: list[Numeral] = []
    for value in sorted(wanted):
        hits = [
            numeral
            for numeral in reading.numerals
            if numeral.quantity is not None and abs(numeral.quantity.value) == value
        ]
        prose = [numeral for numeral in hits if reading.passage_of(numeral).cell is None]
        if len(hits) > 1 and len(value.as_tuple().digits) < _TELLING_DIGITS:
            continue  # a small number stands for many things: which of them the relation means is not known
        if hits:
            found.append((prose or hits)[0])
    return found


def _plant(
    measured: Measured,
    clean: Audit,
    numeral: Numeral,
    relations: frozenset[str],
    source: random.Random,
    stale: Decimal | None,
) -> None:
    reading = clean.readings[0]
    known = {(each.code, each.message) for each in clean.findings}
    try:
        made = list(plants(reading, numeral, source, stale))
    except ValueError:
        return
    for plant, document in made:
        result = audit([document], _rules())
        hit = any(
            (each.code, each.message) not in known
            and each.severity is not Severity.NOTE
            and any(_overlaps(place.span, plant.span) for place in each.places)
            for each in result.findings
        )
        measured.by_kind[plant.kind.value].add(hit)
        for relation in relations:
            measured.by_relation[relation].add(hit)
        if not hit:
            passage = reading.passage_of(numeral)
            around = passage.text[max(0, numeral.start - 18) : numeral.end + 8].replace("\n", " ")
            place = (
                f"表格 {passage.cell.table} 行 {passage.cell.row} 列 {passage.cell.column}"
                if passage.cell
                else around
            )
            measured.missed.append(
                f"{plant.kind.value} {plant.before}→{plant.after} [{'/'.join(sorted(relations))}] {place}"
            )


def _overlaps(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _measured(result: Audit, name: str, format_name: str, seconds: float) -> Measured:
    coverage = result.coverage[0]
    serious = [each for each in result.findings if each.severity is not Severity.NOTE]
    return Measured(
        name,
        format_name,
        seconds,
        sum(each.severity is Severity.ERROR for each in serious),
        sum(each.severity is Severity.WARNING for each in serious),
        coverage.numerals - coverage.structural,
        coverage.understood,
        coverage.checked,
        alarms=[f"{each.severity.value} {each.code} {each.message}" for each in serious],
    )


def _rules() -> tuple[AuditRule, ...]:
    rules, problems = load_audit_rules()
    if problems:
        raise ValueError(problems[0].what)
    return rules
