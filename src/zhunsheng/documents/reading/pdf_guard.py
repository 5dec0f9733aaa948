"""Whether a PDF may be given to the parser: contents that swell beyond measure are refused unread.

A few kilobytes can unpack to gigabytes, or draw a figure that draws ten others, each of which draws ten
more. Both are found by looking at the streams of the file, without following its structure.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_MOST_OF_ONE: Final = 24_000_000
_MOST_OF_ALL: Final = 400_000_000
_MOST_DRAWN: Final = 120_000_000
_MOST_STREAMS: Final = 200_000
_MOST_FILTERS: Final = 6
_HEAD: Final = 4_000
_CHUNK: Final = 1 << 16
_STREAM: Final = re.compile(rb"stream\r?\n")
_OBJECT: Final = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+obj\b")
_PICTURE: Final = re.compile(rb"/Subtype\s*/Image\b|/Length1\b|/Type\s*/XRef\b|/FontFile|/Type\s*/Metadata\b")
_INFLATED: Final = re.compile(rb"/FlateDecode\b|/Fl\b")
_OTHER_FILTER: Final = re.compile(
    rb"/(?:LZW|ASCIIHex|ASCII85|RunLength|DCT|JPX|CCITTFax|JBIG2|Crypt)(?:Decode)?\b"
)
_DRAWN: Final = re.compile(rb"/([^\s/\[\]<>()]{1,100})\s+Do\b")
_NAMED: Final = re.compile(rb"/([^\s/\[\]<>()]{1,100})\s+(\d{1,10})\s+\d{1,5}\s+R\b")


@dataclass(slots=True)
class _Content:
    """A stream that may draw: its length unpacked, what it draws how many times, its own names."""

    length: int
    drawn: dict[bytes, int] = field(default_factory=dict)
    own: dict[bytes, set[int]] = field(default_factory=dict)


def swells(data: bytes) -> bool:
    """Whether the contents of a file unpack, or draw, beyond measure."""
    total = 0
    contents: dict[int, _Content] = {}
    names: dict[bytes, set[int]] = {}
    _collect_names(data, names)
    for number, (head, start, end) in enumerate(_streams(data)):
        if number > _MOST_STREAMS:
            return True
        if _PICTURE.search(head):
            continue
        unpacked = _unpacked(data, start, end, head)
        if unpacked is None:
            return True
        total += len(unpacked)
        if total > _MOST_OF_ALL:
            return True
        if b"/ObjStm" in head:
            _collect_names(unpacked, names)
        elif b"Do" in unpacked:
            drawn: dict[bytes, int] = {}
            for match in _DRAWN.finditer(unpacked):
                drawn[match[1]] = drawn.get(match[1], 0) + 1
            if drawn:
                own: dict[bytes, set[int]] = {}
                _collect_names(_with_resources(data, head), own)
                contents[_number(head)] = _Content(len(unpacked), drawn, own)
        else:
            contents.setdefault(_number(head), _Content(len(unpacked)))
    return _Graph(contents, names).draws_too_much()


def _collect_names(text: bytes, names: dict[bytes, set[int]]) -> None:
    for match in _NAMED.finditer(text):
        names.setdefault(match[1], set()).add(int(match[2]))


def _with_resources(data: bytes, head: bytes) -> bytes:
    """The dictionary of a stream with the resources it refers to, where they stand in the open."""
    found = head
    for key in (b"Resources", b"XObject"):
        match = re.search(rb"/" + key + rb"\s+(\d{1,10})\s+\d{1,5}\s+R\b", found)
        if match is None:
            continue
        begin = re.search(rb"(?<!\d)" + match[1] + rb"\s+\d{1,5}\s+obj\b", data)
        if begin is not None:
            found += data[begin.end() : begin.end() + _HEAD].partition(b"endobj")[0]
    return found


def _streams(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The dictionary before each stream, and where its bytes begin and end."""
    position = 0
    while (match := _STREAM.search(data, position)) is not None:
        end = data.find(b"endstream", match.end())
        end = len(data) if end < 0 else end
        head = data[max(position, match.start() - _HEAD) : match.start()]
        begin = head.rfind(b" obj")
        line = max(head.rfind(b"\n", 0, begin), head.rfind(b"\r", 0, begin)) if begin >= 0 else -1
        yield head[max(line, 0) :], match.end(), end
        position = end + 9


def _number(head: bytes) -> int:
    match = _OBJECT.search(head)
    return int(match[1]) if match else -1


def _unpacked(data: bytes, start: int, end: int, head: bytes) -> bytes | None:
    """The bytes of a stream, unpacked as often as it says; None when they are too many."""
    times = len(_INFLATED.findall(head))
    if _OTHER_FILTER.search(head):
        return b"" if not times else b" " * min(end - start, _CHUNK)
    if times > _MOST_FILTERS:
        return None
    found: bytes | None = data[start:end]
    for _ in range(times):
        found = _inflated(found or b"")
        if found is None:
            return None
    return None if found is not None and len(found) > _MOST_OF_ONE else found


def _inflated(packed: bytes) -> bytes | None:
    machine = zlib.decompressobj()
    parts: list[bytes] = []
    length = 0
    rest = packed
    while rest and not machine.eof:
        try:
            part = machine.decompress(rest, _CHUNK * 16)
        except zlib.error:
            break
        if not part and not machine.unconsumed_tail:
            break
        parts.append(part)
        length += len(part)
        if length > _MOST_OF_ONE:
            return None
        rest = machine.unconsumed_tail
    return b"".join(parts)


class _Graph:
    """Which streams draw which; names are looked up with the stream, else anywhere in the file."""

    def __init__(self, contents: dict[int, _Content], names: dict[bytes, set[int]]) -> None:
        self._contents = contents
        self._names = names
        self._costs: dict[int, int] = {}
        self._open: set[int] = set()

    def draws_too_much(self) -> bool:
        """Whether a stream, with all that it draws, is more than can be followed, or draws itself."""
        return any(self._is_too_much(number) for number in self._contents)

    def _is_too_much(self, first: int) -> bool:
        stack = [(first, False)]
        while stack:
            number, done = stack.pop()
            if done:
                self._open.discard(number)
                if self._settle(number) > _MOST_DRAWN:
                    return True
            elif number not in self._costs and number not in self._open:
                self._open.add(number)
                stack.append((number, True))
                for name in self._contents[number].drawn:
                    children, certain = self._children(number, name)
                    if certain and any(child in self._open for child in children):
                        return True
                    stack.extend((child, False) for child in children if child not in self._costs)
        return False

    def _settle(self, number: int) -> int:
        content = self._contents[number]
        cost = content.length
        for name, times in content.drawn.items():
            children, _ = self._children(number, name)
            cost += times * max((self._costs.get(child, 0) for child in children), default=0)
        self._costs[number] = cost
        return cost

    def _children(self, number: int, name: bytes) -> tuple[list[int], bool]:
        """What a stream may mean by a name, and whether that is certain."""
        own = self._contents[number].own.get(name)
        if own is not None:
            return [child for child in own if child in self._contents], True
        return [
            child for child in self._names.get(name, ()) if child in self._contents and child != number
        ], False
