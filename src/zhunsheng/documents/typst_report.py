"""A report tree as PDF by way of Typst: tagged, reproducible, with every number linked to its calculation."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from zhunsheng.documents.charts import missing_in_chart
from zhunsheng.documents.fonts import BODY, HEI, KAI, LATIN, SONG, TITLE, Face, FontSet, find_fonts
from zhunsheng.documents.typst_data import invisible, printable, report_data
from zhunsheng.reports.tree import Chart, Report

_FACES: dict[str, Face] = {
    "title": TITLE,
    "body": BODY,
    "kai": KAI,
    "hei": HEI,
    "song": SONG,
    "latin": LATIN,
}
# Characters the template itself prints.
_OWN_TEXT = "草稿（）附件　数据来源与计算过程表：编号值规则和出处取得的直接用缺图〔〕—〓"
_NAMED_MISSING = 20


class PdfError(RuntimeError):
    """The PDF could not be made; the message says why."""


def write_pdf(
    report: Report, charts: Mapping[str, str], fonts: Sequence[Path]
) -> tuple[bytes, tuple[str, ...]]:
    """Write a report as PDF/UA-1.

    Args:
        charts: SVG of each chart by its code.
        fonts: directories with the fonts.

    Returns:
        The file, and what was replaced or cannot be printed, in Chinese. Characters that no font has
        are printed as 〓. Equal reports and fonts give equal bytes.

    Raises:
        PdfError: there is no font at all, or typesetting failed.
        TableShapeError: the cells of a table do not fill its columns.
    """
    import typst  # noqa: PLC0415 - a large library, needed only here

    found = find_fonts(fonts)
    if not found.directories:
        raise PdfError(
            "找不到任何可用字体，无法生成 PDF；请运行 scripts/setup.sh fonts，或用 ZHUNSHENG_FONTS 指定字体目录"
        )
    loaded = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(each) for each in found.directories],
    )
    families, unreadable = _families(found, loaded.fonts())
    data = report_data(report, charts)
    missing = missing_characters(data, found)
    content = printable(data, missing)
    inputs = {
        "data": json.dumps(content, ensure_ascii=False),
        "fonts": json.dumps(families, ensure_ascii=False),
        "title-weight": "regular" if TITLE.official in found.official else "bold",
    }
    pdf, hints = _compile(typst, loaded, inputs)
    drawn = [
        each for block in report.blocks if isinstance(block, Chart) for each in missing_in_chart(block, fonts)
    ]
    return pdf, (*found.words(), *unreadable, *_missing_words(missing), *drawn, *hints)


def _compile(typst: Any, fonts: Any, inputs: dict[str, str]) -> tuple[bytes, list[str]]:  # noqa: ANN401 - a module
    template = (resources.files("zhunsheng.documents") / "templates" / "report.typ").read_bytes()
    compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs)
    hints: list[str] = []
    for standards in (["ua-1"], []):
        try:
            # a fixed time stamp: equal reports give equal files
            pdf, found = compiler.compile_with_warnings(template, pdf_standards=standards, timestamp=0)
        except typst.TypstError as error:
            if not standards:
                raise PdfError(f"排版失败：{error.message}") from error
            hints.append(f"PDF 未达到无障碍标准 PDF/UA-1：{error.message}")
        else:
            hints.extend(dict.fromkeys(f"排版提示：{each.message}" for each in found))
            return bytes(pdf), hints
    raise AssertionError  # the loop returns or raises


def _families(fonts: FontSet, known: Sequence[Any]) -> tuple[dict[str, str], list[str]]:
    """The family name under which Typst knows the file of each face, and faces it cannot read.

    The name comes from the file found: official faces carry different names in different editions.
    """
    names: dict[Path, list[str]] = {}
    for each in known:
        if each.path is not None:
            names.setdefault(Path(each.path).resolve(), []).append(each.family)
    families: dict[str, str] = {}
    unreadable = []
    for key, face in _FACES.items():
        path = fonts.file(face)
        offered = names.get(path.resolve(), []) if path is not None else []
        wanted = (name for name in (face.official, face.stand_in) if name in offered)
        family = next(wanted, offered[0] if offered else None)
        if family is not None:
            families[key] = family
        elif path is not None:
            unreadable.append(f"字体文件 {path.name} 无法读取，“{face.official}”改用其他字体")
    # a face that is missing borrows from one that is there; its absence is reported by FontSet.words
    spare = next(families[key] for key in ("song", "body", "hei", "kai", "title", "latin") if key in families)
    return {key: families.get(key, spare) for key in _FACES}, unreadable


def missing_characters(data: object, fonts: FontSet) -> frozenset[str]:
    """Characters of the data that none of the faces can print.

    Typst would leave them out without a word; they are looked for before it runs.
    """
    text = {char for part in (_OWN_TEXT, *_strings(data)) for char in part if not invisible(char)}
    # some fonts map control characters to an empty glyph
    control = {char for char in text if unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace()}
    return frozenset(control | fonts.missing_glyphs("".join(text), BODY))


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for each in data:
            yield from _strings(each)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key != "svg":
                yield from _strings(value)


def _missing_words(missing: frozenset[str]) -> tuple[str, ...]:
    if not missing:
        return ()
    named = [
        f"{char}（U+{ord(char):04X}）" if char.isprintable() else f"U+{ord(char):04X}"
        for char in sorted(missing)
    ]
    more = f"等 {len(named)} 个" if len(named) > _NAMED_MISSING else ""
    listed = "、".join(named[:_NAMED_MISSING])
    return (f"PDF 中无法显示的字符，已以“〓”代替：{listed}{more}；请换字或补充字体",)
