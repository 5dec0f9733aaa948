"""What a measure counts, in words."""

from zhunsheng.indicators.measure import Measure, Span
from zhunsheng.ledgers.definition import Catalogue

_SPANS = {Span.DURING: "在期间内", Span.UNTIL_END: "截至期末", Span.BEFORE_START: "在期初之前"}


def measure_words(measure: Measure, catalogue: Catalogue) -> str:
    """The ledger, what is taken from it, under which condition and for which period, in Chinese."""
    ledger = catalogue(measure.ledger)
    named = measure.ledger if ledger is None else ledger.label
    what = "记录数" if measure.of is None else f"“{measure.of.text}”的{measure.aggregate.label}"
    words = f"台账“{named}”的{what}"
    if measure.grouping is not None:
        having = "" if measure.grouping.having is None else f"，满足 {measure.grouping.having.text}"
        what = "个数" if measure.of is None else what
        words = f"台账“{named}”按“{measure.grouping.by.name}”分组{having}，其{what}"
    if measure.where is not None:
        words += f"，条件 {measure.where.text}"
    if measure.date and measure.span is not Span.ANY:
        field = None if ledger is None else ledger.by_name.get(measure.date)
        words += f"，{measure.date if field is None else field.label}{_SPANS[measure.span]}"
    if measure.shift:
        words += f"，期间移动 {measure.shift} 年"
    return words
