"""The city being generated: what every business needs to know of the others while it makes its records."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import numpy as np

from zhunsheng.kernel.work_calendar import WorkCalendar
from zhunsheng.ledgers.definition import Catalogue, LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.synthesis.amounts import Array, printed_ratio, scaled
from zhunsheng.synthesis.columns import KEY_WIDTH, Coded, Draft, numbered
from zhunsheng.synthesis.days import YearDays
from zhunsheng.synthesis.entities import CLASSES, Entities
from zhunsheng.synthesis.places import Places
from zhunsheng.synthesis.profile import Profile, ProfileFigure
from zhunsheng.synthesis.sinks import Sink

_SMALL = 20_000
"""Up to so many rows a ledger's records name their evidence."""

CHUNK = 150_000
"""Ledgers with more rows than this come in monthly parts."""


@dataclass
class City:
    """A body's year under construction.

    Attributes:
        scale: of the ledgers that grow with the city; 1 is the printed size.
        evidence: ledgers whose records may name evidence; the place of each is the number of its file.
        rows: rows written, by ledger.
        notes: what could not be met at this scale, in Chinese.
        shared: columns that one business leaves for another, by name.
    """

    profile: Profile
    scale: Fraction
    seed: int
    calendar: WorkCalendar
    catalogue: Catalogue
    referred: frozenset[str]
    sink: Sink
    progress: Callable[[str, int], None] = field(default=lambda _ledger, _rows: None)
    rows: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    shared: dict[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.year = self.profile.year
        self.days = YearDays(self.year, self.calendar)
        self.places = Places(self.profile)
        self.entities = Entities()
        self._next: dict[str, int] = {}
        self._pools: dict[int | None, Array] = {}

    # chance

    def random(self, name: str) -> np.random.Generator:
        """A stream of chance of its own: the same profile, scale, seed and name give the same numbers."""
        source = np.random.SeedSequence([self.seed, zlib.crc32(name.encode())])
        return np.random.Generator(np.random.PCG64(source))

    # figures of the profile

    def figure(self, name: str) -> ProfileFigure:
        """A total or assumption.

        Raises:
            KeyError: the profile has none of that name.
        """
        return self.profile.figures[name]

    def count(self, name: str) -> int:
        """A whole number; the ones that grow with the city are scaled, half-up."""
        found = self.figure(name)
        return scaled(found.value, self.scale if found.is_scaled else Fraction(1))

    def whole(self, name: str) -> int:
        """A whole number as printed, whatever the scale."""
        return scaled(self.figure(name).value, Fraction(1))

    def share(self, name: str) -> Decimal:
        """A ratio or mean as printed."""
        return self.figure(name).value

    def fen(self, name: str) -> int:
        """An amount in yuan as fen; the ones that grow with the city are scaled to the yuan."""
        found = self.figure(name)
        return self.count(name) * 100 if found.is_scaled else scaled(found.value * 100, Fraction(1))

    def thousandths(self, name: str) -> int:
        """A quantity such as kilograms in thousandths of its unit, scaled like its figure."""
        found = self.figure(name)
        return scaled(found.value * 1000, self.scale if found.is_scaled else Fraction(1))

    def has(self, name: str) -> bool:
        """Whether the profile has a figure of that name above zero."""
        found = self.profile.figures.get(name)
        return found is not None and found.value > 0

    def note(self, text: str) -> None:
        """Remember something the reader of the store must know."""
        self.notes.append(text)

    # choosing

    def pool(self, kind: int | None = None) -> Array:
        """Surrogates of entities that lived the whole year, of one class or of all."""
        if kind not in self._pools:
            self._pools[kind] = self.entities.living(self.days.first, self.days.last, kind)
        return self._pools[kind]

    def office_of(self, entities: Array) -> Array:
        """The offices of entities by their surrogates."""
        found: Array = self.entities.office[np.asarray(entities) - 1].astype(np.int64)
        return found

    def parts(self, total: int, weights: Array) -> list[tuple[int | None, int]]:
        """A year's total by month when it is large, else whole: (month or None, rows)."""
        if total <= CHUNK:
            return [(None, total)]
        return [(month, int(each)) for month, each in enumerate(self.days.monthly(total, weights))]

    def compare(
        self, name: str, label: str, parts: tuple[int, int], multiplier: int = 100, unit: str = "%"
    ) -> None:
        """Note it where the whole numbers of this scale do not give a printed ratio, at the places it is printed with.

        Args:
            name: of the figure.
            label: what is compared, in Chinese.
            parts: numerator and denominator as generated.
            multiplier: what the ratio is multiplied by to be in its unit.
            unit: as printed.
        """
        numerator, denominator = parts
        printed = self.share(name)
        if not denominator:
            self.note(f"{label}没有分母，应为 {printed}{unit}")
            return
        places = max(-int(printed.as_tuple().exponent), 0)
        found = printed_ratio(numerator, denominator, places, multiplier)
        if found != printed:
            self.note(
                f"{label}为 {found}{unit}（{numerator:,} / {denominator:,}），应为 {printed}{unit}：规模太小，整数取不到"
            )

    # rows

    def ledger(self, code: str) -> LedgerDefinition:
        """A ledger of the catalogue.

        Raises:
            KeyError: there is none, or its file has an error.
        """
        found = self.catalogue(code)
        if found is None:
            raise KeyError(code)
        return found

    def key(self, ledger: str, column: str) -> str:
        """An SQL expression: the key text of a record of another ledger, by its surrogate."""
        return numbered(self._prefix(ledger), column, KEY_WIDTH)

    def _prefix(self, ledger: str) -> str:
        initials = "".join(part[0] for part in ledger.split("_")).upper()
        return f"{initials}{self.profile.areas[-1].code[:4]}{self.year}-"

    def draft(self, code: str, size: int) -> Draft:
        """An empty set of rows of a ledger, with the surrogates that follow the ones given before."""
        first = self._next.get(code, 1)
        self._next[code] = first + size
        return Draft(self.ledger(code), size, first, self._prefix(code))

    def last_id(self, code: str) -> int:
        """The highest surrogate given in a ledger; 0 without any."""
        return self._next.get(code, 1) - 1

    def write(self, draft: Draft) -> None:
        """Sort, complete and keep the rows of a draft."""
        if not draft.size:
            return
        ledger = draft.ledger
        self._complete(draft)
        draft.sort()
        self.sink.write(draft, with_ids=ledger.code in self.referred)
        self.rows[ledger.code] = self.rows.get(ledger.code, 0) + draft.size
        self.progress(ledger.code, self.rows[ledger.code])

    def _complete(self, draft: Draft) -> None:
        """The envelope: the body responsible, its area, evidence for ledgers of moderate size."""
        ledger = draft.ledger
        body = ledger.by_name.get(ledger.organisation)
        if body is not None and body.type is FieldType.REFERENCE and not draft.has(ledger.organisation):
            draft.put(**{ledger.organisation: np.full(draft.size, self.places.root, dtype=np.int64)})
        self._stamp(draft)
        area = ledger.by_name.get("area_code")
        orgs = draft.array(ledger.organisation)
        if area is not None and area.target == "area" and not draft.has("area_code") and orgs is not None:
            draft.put(area_code=self.places.area_of_org[orgs])
        wanted = "evidence_ids" in ledger.by_name and ledger.code != "evidence"
        if wanted and not draft.has("evidence_ids") and draft.size <= _SMALL:
            number = self.evidence_of(ledger.code)
            draft.put(evidence_ids=f"[{self.key('evidence', str(number))}]")

    def _stamp(self, draft: Draft) -> None:
        """Attributes of the entity, which are at hand; other stamped fields are read by the store."""
        for each in draft.ledger.fields:
            if each.stamped == ("entity_id", "entity_class") and not draft.has(each.name):
                who = draft.array("entity_id")
                if who is not None:
                    draft.put(**{each.name: Coded(self.entities.kind[who - 1], CLASSES)})
            elif each.stamped == ("entity_id", "established_on") and not draft.has(each.name):
                who = draft.array("entity_id")
                if who is not None:
                    draft.put(**{each.name: self.entities.founded[who - 1].astype(np.int64)})

    def evidence_of(self, code: str) -> int:
        """The number of the evidence that a ledger's records name."""
        return self.evidence.index(code) + 1
