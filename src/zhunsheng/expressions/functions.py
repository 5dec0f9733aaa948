"""The functions of the language: what each takes and gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zhunsheng.expressions.types import BOOLEAN, DATE, INTEGER, Kind, Type, common


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes:
        takes: for each argument, the kinds it may have.
        gives: the type of the result from the types of the arguments; None when they do not go together.
        meaning: in Chinese, for messages and lists.
        repeats: whether more arguments of the last kind may follow.
    """

    name: str
    takes: tuple[frozenset[Kind], ...]
    gives: Callable[[Sequence[Type]], Type | None]
    meaning: str
    repeats: bool = False

    def accepts(self, count: int) -> bool:
        """Whether so many arguments may be given."""
        return count >= len(self.takes) if self.repeats else count == len(self.takes)

    def kinds_at(self, position: int) -> frozenset[Kind]:
        """The kinds allowed at a position."""
        return self.takes[min(position, len(self.takes) - 1)]


_WHEN = frozenset({Kind.DATE, Kind.TIME})
_TIME = frozenset({Kind.TIME})
_NUMBER = frozenset({Kind.INTEGER, Kind.DECIMAL})
_WORD = frozenset({Kind.TEXT, Kind.ENUM, Kind.REFERENCE})
_LIST = frozenset({Kind.LIST})
_ANY = frozenset(Kind) - {Kind.JSON}


def _always(given: Type) -> Callable[[Sequence[Type]], Type | None]:
    return lambda _: given


FUNCTIONS = {
    each.name: each
    for each in (
        Function("days", (_WHEN, _WHEN), _always(INTEGER), "从前者的日期到后者的日期相隔的天数"),
        Function("seconds", (_TIME, _TIME), _always(INTEGER), "从前者到后者的整秒数"),
        Function("years", (_WHEN, _WHEN), _always(INTEGER), "从前者到后者的周年数"),
        Function("year", (_WHEN,), _always(INTEGER), "年份"),
        Function("month", (_WHEN,), _always(INTEGER), "月份，1 至 12"),
        Function("day", (_WHEN,), _always(DATE), "所在的日期"),
        Function("due", (_WHEN, frozenset({Kind.TEXT})), _always(DATE), "自该日起按时限规则的最后一日"),
        Function("size", (_LIST,), _always(INTEGER), "列表的元素个数；空值没有个数"),
        Function("contains", (_LIST, _WORD), _always(BOOLEAN), "列表中是否有该元素"),
        Function("length", (frozenset({Kind.TEXT}),), _always(INTEGER), "文字的字数"),
        Function("starts_with", (_WORD, frozenset({Kind.TEXT})), _always(BOOLEAN), "是否以该文字开头"),
        Function("coalesce", (_ANY, _ANY), common, "第一个不空的值", repeats=True),
        Function("least", (_NUMBER | _WHEN, _NUMBER | _WHEN), common, "最小的值；有空值则为空", repeats=True),
        Function(
            "greatest", (_NUMBER | _WHEN, _NUMBER | _WHEN), common, "最大的值；有空值则为空", repeats=True
        ),
    )
}
