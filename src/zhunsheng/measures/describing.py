"""What a measure counts, in words."""

from collections.abc import Iterable
from decimal import Decimal

from zhunsheng.indicators.definition import ParameterDefinition
from zhunsheng.indicators.measure import Aggregate, Measure, Span
from zhunsheng.ledgers.definition import Catalogue
from zhunsheng.measures.wording import Wording

_MEDIAN = 500
_SPANS = {Span.DURING: "在期间内", Span.UNTIL_END: "截至期末", Span.BEFORE_START: "在期初之前"}


def measure_words(
    measure: Measure, catalogue: Catalogue, parameters: Iterable[ParameterDefinition] = ()
) -> str:
    """The ledger, what is taken from it, under which condition and for which period, in Chinese.

    Args:
        parameters: what the definition leaves open, so that it can be named.
    """
    ledger = catalogue(measure.ledger)
    say = Wording(ledger, catalogue, {each.name: each for each in parameters})
    words = f"台账“{measure.ledger if ledger is None else ledger.label}”"
    if measure.grouping is None:
        words += f"的{_what(measure, say)}"
    else:
        inner = {name: _within(each, say) for name, each in measure.grouping.values}
        of_things = Wording(ledger, catalogue, say.parameters, inner)
        words += f"按{say.column(measure.grouping.by)}归集"
        if measure.grouping.having is not None:
            words += f"，满足{of_things.condition(measure.grouping.having.root)}"
        counted = "个数" if measure.of is None else f"{of_things.closed(measure.of.root)}的{_taken(measure)}"
        words += f"，其{counted}"
    if measure.where is not None:
        words += f"，条件：{say.condition(measure.where.root)}"
    if measure.date and measure.span is not Span.ANY:
        words += f"；{say.named((measure.date,))}{_SPANS[measure.span]}"
    if measure.shift:
        words += f"；期间移动 {measure.shift} 年"
    return words


def _what(measure: Measure, say: Wording) -> str:
    return "记录数" if measure.of is None else f"{say.closed(measure.of.root)}的{_taken(measure)}"


def _taken(measure: Measure) -> str:
    if measure.aggregate is Aggregate.QUANTILE and measure.quantile == _MEDIAN:
        return "中位数"
    if measure.aggregate is Aggregate.QUANTILE:
        return f" {Decimal(measure.quantile) / 10:f}% {measure.aggregate.label}"
    is_value = measure.aggregate in {Aggregate.MEAN, Aggregate.LEAST, Aggregate.GREATEST}
    return f"{measure.aggregate.label}{'值' if is_value else ''}"


def _within(measure: Measure, say: Wording) -> str:
    """What is taken from the records of one thing; in brackets where a condition says which of them."""
    what = _what(measure, say)
    return what if measure.where is None else f"〔{what}，条件：{say.condition(measure.where.root)}〕"
