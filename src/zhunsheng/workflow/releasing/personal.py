"""Traces of people in texts that are to become public: names of those who filled it in, telephone and identity numbers.

No program can find every name in free text. What is certain is looked for: names and numbers the year itself holds as
personal, names of the body's accounts, and numbers that have the form of a telephone or identity number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_MOBILE = re.compile(r"(?<![0-9A-Za-z.])1[3-9][0-9]{9}(?![0-9A-Za-z.])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z.])0[0-9]{2,3}[-—－][0-9]{7,8}(?![0-9A-Za-z])")
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)
_FORMS = (("手机号码", _MOBILE), ("电话号码", _LANDLINE), ("身份证号码", _IDENTITY))
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Trace:
    """Something personal in a text.

    Attributes:
        kind: what it is, in Chinese.
        where: path in the content, such as "tasks[0].results[1]".
        around: the words around it, with the personal part left out.
    """

    kind: str
    where: str
    around: str


def personal_traces(content: Any, names: Iterable[str]) -> list[Trace]:  # noqa: ANN401 - any plain data
    """Everything personal in plain data.

    Args:
        names: names and numbers of people that are known; those of one character are not looked for.
    """
    known = [each for each in dict.fromkeys(names) if len(each) >= _SHORTEST_NAME]
    return [trace for where, text in _texts(content, "") for trace in _in_text(where, text, known)]


def _texts(content: Any, where: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any plain data
    if isinstance(content, str):
        yield where, content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from _texts(value, f"{where}.{key}" if where else str(key))
    elif isinstance(content, Sequence):
        for place, value in enumerate(content):
            yield from _texts(value, f"{where}[{place}]")


def _in_text(where: str, text: str, names: Sequence[str]) -> Iterator[Trace]:
    for name in names:
        place = text.find(name)
        if place >= 0:
            yield Trace("填报或经办人员的姓名、电话", where, _around(text, place, place + len(name)))
    for kind, form in _FORMS:
        for match in form.finditer(text):
            yield Trace(kind, where, _around(text, match.start(), match.end()))


def _around(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 12) : start], text[end : end + 12]
    return f"{before}〔…〕{after}"
