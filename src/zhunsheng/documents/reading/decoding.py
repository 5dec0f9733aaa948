"""From bytes to text: which encoding, and what could not be decoded.

A file that is valid UTF-8 is UTF-8. Only encodings that Chinese offices use are considered; guessing
among all encodings of the world would turn a short Chinese text into a Korean or Cyrillic one.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from zhunsheng.documents.reading.kinds import BAD_CHARACTERS, CUT_OFF, NOT_TEXT, ODD_CHARACTERS
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem

# about ten thousand pages; a web page has far more tags than words
MOST_CHARACTERS: Final = 5_000_000
MOST_MARKUP: Final = 40_000_000
_SAMPLE: Final = 200_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_FREQUENT: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们年月日万元部门单位项目资金支出预算绩效完成"
    "這為個國時來們萬門單項資預績與實際財經費計數額及各本等於業會政府行理工作，。、：；（）"
    "0123456789"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")
_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010fffd\x80-\x9f]")
_MOST_BAD: Final = 0.02
_MOST_CONTROL: Final = 0.005


@dataclass(frozen=True, slots=True)
class Decoded:
    """Decoded text.

    Attributes:
        text: the characters, byte order mark excluded; "" when the bytes are no text.
        encoding: Python's name of the encoding used.
        problems: what could not be decoded.
    """

    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the bytes are no text."""
        return not self.encoding


def decode(data: bytes, name: str, declared: str = "", *, most: int = MOST_CHARACTERS) -> Decoded:
    """Decode a text file.

    Args:
        data: the file's bytes.
        name: file name for messages.
        declared: an encoding that the file itself names, tried after UTF-8.
        most: characters kept; the rest is reported as not read.
    """
    whole = Place(name)
    encoding, skip = encoding_of(data, declared)
    text = data[skip:].decode(encoding, "replace")
    problems = []
    bad = text.count("\ufffd")
    control = _CONTROL.findall(text[:_SAMPLE])
    if bad > max(3, _MOST_BAD * len(text)) or len(control) > max(3, _MOST_CONTROL * min(len(text), _SAMPLE)):
        return Decoded("", "", (NOT_TEXT.at(whole, f"“{name}”的内容不是文字（可能是其他格式或已损坏）"),))
    if bad:
        where = text.count("\n", 0, text.index("\ufffd")) + 1
        problems.append(
            BAD_CHARACTERS.at(
                Place(name, line=where), f"有 {bad} 处字节不能按 {encoding} 解码，首处在第 {where} 行"
            )
        )
    if control:
        where = text.count("\n", 0, text.index(control[0])) + 1
        problems.append(ODD_CHARACTERS.at(Place(name, line=where), f"有控制字符，首处在第 {where} 行"))
    if len(text) > most:
        rest = len(text) - most
        text = text[:most]
        problems.append(CUT_OFF.at(whole, f"只读取前 {most:,} 个字符，其余 {rest:,} 个字符没有读取"))
    return Decoded(text, encoding, tuple(problems))


def encoding_of(data: bytes, declared: str = "") -> tuple[str, int]:
    """The encoding of some bytes, and how many bytes its mark at the beginning takes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    wide = _wide(data)
    if wide:
        return wide, 0
    if _is_valid(data, "utf-8"):
        return "utf-8", 0
    candidates = [each for each in ("gb18030", "big5hkscs") if _is_valid(data, each)]
    known = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs"}
    named = known.get(declared.lower().replace("_", "").strip(), "")
    if named in candidates:
        return named, 0
    if len(candidates) == 1:
        return candidates[0], 0
    if candidates:
        return _likelier(data), 0
    return _least_damaged(data), 0


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: line ends, digits and spaces have a zero byte, always on the same side."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or 0 not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for encoding, own, other in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if own > 20 * other and own * 200 > len(sample):
            text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
            if _frequency(text) > 0.2:
                return encoding
    return ""


def _frequency(text: str) -> float:
    """Share of frequent characters among the visible ones, less the share of private ones."""
    visible = [each for each in text if not each.isspace()]
    if not visible:
        return 0.0
    frequent = sum(each in _FREQUENT or "a" <= each <= "z" for each in visible)
    return (frequent - 2 * len(_PRIVATE.findall(text)) - 2 * text.count("\ufffd")) / len(visible)


def _likelier(data: bytes) -> str:
    """GB18030 or Big5 for bytes that are valid in both."""
    sample = data[:_SAMPLE]
    mainland = _frequency(sample.decode("gb18030", "replace"))
    taiwan = _frequency(sample.decode("big5hkscs", "replace"))
    if abs(mainland - taiwan) > 0.03:
        return "gb18030" if mainland > taiwan else "big5hkscs"
    best = from_bytes(sample[:20_000], cp_isolation=["gb18030", "big5"]).best()
    return "big5hkscs" if best is not None and best.encoding.startswith("big5") else "gb18030"


def _least_damaged(data: bytes) -> str:
    """The encoding that leaves the fewest bytes undecoded; UTF-8 when they are equal."""
    sample = data[:_SAMPLE]
    scores = {
        encoding: sample.decode(encoding, "replace").count("\ufffd")
        for encoding in ("utf-8", "gb18030", "big5hkscs")
    }
    return min(scores, key=lambda each: scores[each])
