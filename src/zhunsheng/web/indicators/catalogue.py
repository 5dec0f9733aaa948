"""The indicator definitions as the pages show them: read once in a process, searched by words and by what they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.ledgers.chapters import CHAPTERS
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.store.ledger_files import ledger_of


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator of the library.

    Attributes:
        chapter: the business it belongs to.
        ledgers: codes and labels of the ledgers it is computed from.
        searched: everything it can be found by, in small letters.
    """

    definition: IndicatorDefinition
    chapter: str
    ledgers: tuple[tuple[str, str], ...]
    searched: str

    @property
    def code(self) -> str:
        """Its code."""
        return self.definition.code

    @property
    def unit(self) -> str:
        """Its unit, a dash for none."""
        return self.definition.unit or "—"


@cache
def entries() -> Mapping[str, Entry]:
    """All of them by code, by business. Reading them takes a second or two; `warm` does it before anybody waits."""
    found = [_entry(each) for code in indicator_codes() if (each := indicator_of(code)) is not None]
    return {each.code: each for each in sorted(found, key=lambda one: (one.definition.chapter, one.code))}


def warm() -> int:
    """Read all definitions into this process, so that no page has to; how many there are."""
    return len(entries())


def _entry(found: IndicatorDefinition) -> Entry:
    codes = dict.fromkeys(each.ledger for version in found.versions for each in version.measures)
    ledgers = tuple((code, code if (ledger := ledger_of(code)) is None else ledger.label) for code in codes)
    chapter = CHAPTERS.get(found.chapter, str(found.chapter))
    words = [
        found.code,
        found.label,
        found.label_en,
        found.description,
        found.unit,
        chapter,
        *found.stands_for,
        *(label for _, label in ledgers),
    ]
    return Entry(found, chapter, ledgers, " ".join(words).lower())


def chapters() -> dict[int, str]:
    """The businesses that have indicators, by number."""
    return {each.definition.chapter: each.chapter for each in entries().values()}


def matching(words: str, chapter: str, kind: str) -> Iterable[Entry]:
    """The indicators somebody looks for.

    Args:
        words: all of them must be in it.
        chapter: number of a business; "" for any.
        kind: of result; "" for any.
    """
    wanted = words.lower().split()
    return (
        each
        for each in entries().values()
        if (not chapter or str(each.definition.chapter) == chapter)
        and (not kind or each.definition.kind.value == kind)
        and all(word in each.searched for word in wanted)
    )
