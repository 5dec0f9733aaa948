"""Which way a request is answered: read off partial states, or by a query of its own."""

from zhunsheng.expressions.types import Kind
from zhunsheng.indicators.measure import Aggregate, Measure
from zhunsheng.measures.request import Request

_ADDITIVE = {Aggregate.COUNT, Aggregate.SUM, Aggregate.MEAN}


def merges(request: Request) -> bool:
    """Whether partial results of parts of the records can be merged, so that states are worth keeping.

    Least and greatest numbers merge; of dates and words, and of things, they are asked anew. A condition that names
    the first or last day of the period cannot be kept by month.
    """
    measure = request.measure
    if measure.grouping is not None or request.names_period:
        return False
    if measure.aggregate in _ADDITIVE:
        return True
    return _counts_references(measure) or _least_of_numbers(measure)


def _counts_references(measure: Measure) -> bool:
    return (
        measure.aggregate is Aggregate.DISTINCT
        and measure.of is not None
        and measure.of.type.kind is Kind.REFERENCE
    )


def _least_of_numbers(measure: Measure) -> bool:
    return (
        measure.aggregate in {Aggregate.LEAST, Aggregate.GREATEST}
        and measure.of is not None
        and measure.of.type.is_number
    )
