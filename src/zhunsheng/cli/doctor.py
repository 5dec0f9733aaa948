"""`zhunsheng doctor`: is everything here that the program needs?"""

import platform
import sys
from importlib import metadata

import click
from rich.text import Text

from zhunsheng import __version__
from zhunsheng.assembly.evaluating import facts
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, SURROUNDINGS
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.store.definition_files import case_codes, rubric_codes

_PACKAGES = (
    "click",
    "rich",
    "PyYAML",
    "openpyxl",
    "python-docx",
    "typst",
    "matplotlib",
    "fonttools",
    "Jinja2",
)


@click.command("doctor", cls=Command)
@JSON_OPTION
@reports_rejection
def doctor_command(as_json: bool) -> int:
    """检查程序、依赖、定义文件和公文字体；缺什么、影响什么、怎么办。"""
    from zhunsheng.documents.fonts import find_fonts  # noqa: PLC0415 - keeps the start fast

    fonts = find_fonts()
    missing = [official for official, stand_in in fonts.substitutions if stand_in is None]
    data = {
        "program": __version__,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "rubrics": list(rubric_codes()),
        "cases": list(case_codes()),
        "facts": len(facts()),
        "fonts": [{"official": official, "used": stand_in} for official, stand_in in fonts.substitutions],
        "directories": [str(each) for each in fonts.directories],
    }
    if as_json:
        print_json(data)
        return SURROUNDINGS if missing else CLEAN
    out = console()
    out.print(Text(f"准绳 {__version__}　Python {platform.python_version()}　{sys.platform}"))
    out.print(
        Text(
            f"评分体系 {len(rubric_codes())} 个，随附档案 {len(case_codes())} 个，管理事实 {len(facts())} 个"
        )
    )
    table = simple_table("公文字体", "实际使用")
    for official, stand_in in fonts.substitutions:
        table.add_row(official, stand_in or "缺少：PDF 中该字体的文字无法显示")
    out.print(table)
    if missing:
        out.print(
            Text(
                "缺少字体：在源码目录运行 make fonts，或把字体放进 ~/.fonts 后重试。Word 文件不受影响。",
                style="yellow",
            )
        )
    return SURROUNDINGS if missing else CLEAN


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
