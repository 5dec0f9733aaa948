"""What is refused before a workbook of records is parsed: as for a case, with the size of a year's records."""

import io
import zipfile
from typing import Final

from zhunsheng.documents import workbook_guard
from zhunsheng.documents.workbook_guard import BOMB, EXTERNAL_LINK, MACRO, NOT_A_WORKBOOK, TOO_LARGE
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Severity

MOST_BYTES: Final = 1_500_000_000
"""All parts of a workbook together, expanded; a million rows of thirty columns are about half of it."""
LARGEST_FILE: Final = 300_000_000
_LARGEST_PART: Final = 1_200_000_000
# sheets of a million equal rows shrink to a hundredth; nothing that people fill in shrinks much further
_MOST_RATIO: Final = 400
_RATIO_COUNTS_FROM: Final = 10_000_000
_SMALL: Final = 10_000_000
_LOOKED_AT: Final = 4_000_000
_MOST_MEMBERS: Final = 2000
_DECLARATIONS: Final = (b"<!DOCTYPE", b"<!ENTITY")
_PLAIN: Final = frozenset({"xl/workbook.xml", "[Content_Types].xml"})


def guard_ledger(data: bytes, name: str) -> tuple[Problem, ...]:
    """What forbids reading the bytes as a workbook of records, errors only where nothing can be read.

    A workbook as small as a case is held to the rules for cases, macros and links excepted: only values are read.
    """
    whole = Place(name)
    if len(data) > LARGEST_FILE:
        return (TOO_LARGE.at(whole, f"文件有 {len(data) / 1e6:,.0f} MB，上限 {LARGEST_FILE / 1e6:,.0f} MB"),)
    if not data.startswith(b"PK") or len(data) <= _SMALL:
        found = workbook_guard.guard(data, name)
        large = {TOO_LARGE.code, BOMB.code}
        if not any(each.code in large for each in found):
            return tuple(each for each in found if each.code not in {MACRO.code, EXTERNAL_LINK.code})
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return tuple(_directory(package, whole)) or tuple(_contents(package, whole))
    except (zipfile.BadZipFile, ValueError, KeyError, OSError, EOFError, NotImplementedError, RuntimeError):
        return (NOT_A_WORKBOOK.at(whole, f"“{name}”的压缩包已损坏或设有密码"),)


def _directory(package: zipfile.ZipFile, whole: Place) -> list[Problem]:
    members = package.infolist()
    problems = []
    if len(members) > _MOST_MEMBERS:
        problems.append(BOMB.at(whole, f"压缩包内有 {len(members):,} 个部分，上限 {_MOST_MEMBERS:,} 个"))
    if len({each.filename for each in members}) < len(members):
        problems.append(BOMB.at(whole, "压缩包内有重名的部分"))
    total = sum(each.file_size for each in members)
    if total > MOST_BYTES or any(each.file_size > _LARGEST_PART for each in members):
        problems.append(
            TOO_LARGE.at(whole, f"展开后共 {total / 1e6:,.0f} MB，上限 {MOST_BYTES / 1e6:,.0f} MB")
        )
    for each in members:
        ratio = each.file_size / max(each.compress_size, 1)
        if each.file_size > _RATIO_COUNTS_FROM and ratio > _MOST_RATIO:
            problems.append(
                BOMB.at(
                    whole, f"“{each.filename}”的压缩比为 {ratio:.0f}，上限 {_MOST_RATIO}", value=each.filename
                )
            )
    if not {each.filename for each in members} >= _PLAIN:
        problems.append(NOT_A_WORKBOOK.at(whole, f"“{whole.file}”是压缩包，但不是 .xlsx 工作簿"))
    return problems


def _contents(package: zipfile.ZipFile, whole: Place) -> list[Problem]:
    """Declarations stand at the beginning of a part; every part is looked at there."""
    problems = []
    for name in package.namelist():
        if not name.lower().endswith((".xml", ".rels")):
            continue
        with package.open(name) as stream:
            head = stream.read(_LOOKED_AT)
        plain = head.replace(b"\0", b"") if b"\0" in head[:200] else head
        if any(word in plain for word in _DECLARATIONS):
            problems.append(workbook_guard.UNSAFE_XML.at(whole, f"“{name}”含文档类型或实体声明", value=name))
    return problems


def is_refused(problems: tuple[Problem, ...]) -> bool:
    """Whether any problem forbids reading."""
    return any(each.severity is Severity.ERROR for each in problems)
