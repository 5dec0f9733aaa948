"""`zhunsheng case`: list, template, check, import, export, diff."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.checking import problems_in_use
from zhunsheng.assembly.evaluating import facts, load_sound_rubric
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.output import (
    JSON_OPTION,
    complete_case,
    complete_rubric,
    console,
    count_words,
    exit_code,
    print_json,
    print_problems,
    reports_rejection,
    simple_table,
)
from zhunsheng.cli.writing import write_file, write_files
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.plans.case import Case
from zhunsheng.plans.differences import differences
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.case_directory import write_case_directory
from zhunsheng.store.case_template import template_files
from zhunsheng.store.definition_files import case_codes

_EPILOG = """\b
示例：
  zhunsheng case template 填报模板.xlsx
  zhunsheng case check 我局2024.xlsx
  zhunsheng case import 我局2024.xlsx 我局2024
  zhunsheng case export huadu-2023 花都2023.xlsx
  zhunsheng case diff 我局2024 我局2024-修改.xlsx
  zhunsheng case extract 去年自评报告.docx --out 草稿
"""
_FILE = click.Path(path_type=Path)


@click.group(
    "case",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={
        "list": (f"{__name__}:list_command", "列出随附的年度档案"),
        "template": (f"{__name__}:template_command", "取得空白的填报工作簿或档案目录"),
        "check": (f"{__name__}:check_command", "检查档案，一次列出全部问题"),
        "import": (f"{__name__}:import_command", "工作簿转为档案目录"),
        "export": (f"{__name__}:export_command", "档案转为工作簿"),
        "diff": (f"{__name__}:diff_command", "比较两个档案"),
        "extract": (f"{__name__}:extract_command", "从去年的报告摘录出档案草稿"),
    },
)
def case_group() -> None:
    """年度档案：一个部门一年的任务、指标、预算和事实。"""


@click.command("list", cls=Command)
@JSON_OPTION
@reports_rejection
def list_command(as_json: bool) -> int:
    """列出随附的年度档案。"""
    cases = [load_case(code).case for code in case_codes()]
    if as_json:
        print_json(
            [
                {
                    "code": each.about.code,
                    "body": each.body.name,
                    "year": each.year,
                    "invented": each.about.invented,
                }
                for each in cases
            ]
        )
        return CLEAN
    table = simple_table("编码", "部门", "年度", "评分体系", "指标", "性质")
    for each in cases:
        kind = "虚构示例" if each.about.invented else "公开报告"
        table.add_row(
            each.about.code,
            each.body.name,
            str(each.year),
            each.about.rubric,
            str(len(each.indicators)),
            kind,
        )
    console().print(table)
    return CLEAN


@click.command("template", cls=Command)
@click.argument("target", type=_FILE, required=False)
@click.option(
    "--xlsx", is_flag=True, help="生成 Excel 工作簿（文件名以 .xlsx 结尾时可省略）；否则生成空白的档案目录。"
)
@JSON_OPTION
@reports_rejection
def template_command(target: Path | None, xlsx: bool, as_json: bool) -> int:
    """生成空白的填报工作簿或档案目录，带说明、选项和示例。"""
    if xlsx or (target is not None and target.suffix.lower() == ".xlsx"):
        from zhunsheng.documents.case_workbook import write_template  # noqa: PLC0415 - keeps the start fast

        file = _suffixed(target or Path("年度档案模板"))
        if file.exists():
            raise click.UsageError(f"“{file}”已存在；换一个名字，以免覆盖已填的内容。")
        path = write_file(file, write_template(facts=tuple(facts().values())))
        _written(path, as_json, f"已生成 {path}：先看“填写说明”，带 * 的列必填。")
        return CLEAN
    directory = target or Path("年度档案模板")
    if directory.exists():
        raise click.UsageError(f"“{directory}”已存在；换一个名字，以免覆盖。")
    write_files(
        directory, {name: text.encode() for name, text in template_files(tuple(facts().values())).items()}
    )
    _written(directory, as_json, f"已生成 {directory}/：各文件的注释说明了每个字段。")
    return CLEAN


@click.command("check", cls=Command)
@click.argument("case_name", metavar="CASE", shell_complete=complete_case)
@JSON_OPTION
@reports_rejection
def check_command(case_name: str, as_json: bool) -> int:
    """检查档案的格式、引用、分值以及与评分体系是否相符，一次列出全部问题。"""
    loaded = load_case(case_name)
    problems = (*loaded.problems, *problems_in_use(loaded))
    if as_json:
        print_json({"case": loaded.case.about.code, "problems": [each.as_data() for each in problems]})
    else:
        print_problems(problems)
        sound = all(each.severity is not Severity.ERROR for each in problems)
        verdict = "可以评分。" if sound else "改正错误后才能正式评分。"
        click.echo(f"{loaded.case.about.code}：{verdict}{count_words(problems)}")
    return exit_code(problems)


@click.command("import", cls=Command)
@click.argument("source", metavar="CASE", shell_complete=complete_case)
@click.argument("target", type=_FILE)
@JSON_OPTION
@reports_rejection
def import_command(source: str, target: Path, as_json: bool) -> int:
    """把工作簿（或档案）CASE 转为档案目录 TARGET；有错误时不写入任何文件。"""
    loaded = load_case(source)
    try:
        write_case_directory(loaded.case, target)
    except FileExistsError as error:
        raise click.UsageError(f"“{target}”已存在且不是年度档案目录。") from error
    except OSError as error:
        raise Surroundings(f"无法写入“{target}”：{reason_of(error)}") from error
    if not as_json:
        print_problems(loaded.problems)
    _written(target, as_json, f"已写入 {target}：{_contents(loaded.case)}。", loaded.problems)
    return exit_code(loaded.problems)


@click.command("export", cls=Command)
@click.argument("case_name", metavar="CASE", shell_complete=complete_case)
@click.argument("target", type=_FILE)
@JSON_OPTION
@reports_rejection
def export_command(case_name: str, target: Path, as_json: bool) -> int:
    """把档案 CASE 转为工作簿 TARGET（.xlsx）。"""
    from zhunsheng.documents.case_workbook import write_case_workbook  # noqa: PLC0415 - keeps the start fast

    loaded = load_case(case_name)
    path = write_file(_suffixed(target), write_case_workbook(loaded.case, tuple(facts().values())))
    _written(path, as_json, f"已生成 {path}：{_contents(loaded.case)}。")
    return CLEAN


@click.command("diff", cls=Command)
@click.argument("one", metavar="CASE", shell_complete=complete_case)
@click.argument("other", metavar="CASE", shell_complete=complete_case)
@JSON_OPTION
@reports_rejection
def diff_command(one: str, other: str, as_json: bool) -> int:
    """比较两个档案，逐行列出增加、删除和修改。"""
    found = differences(load_case(one).case, load_case(other).case)
    if as_json:
        print_json([each.as_data() for each in found])
        return FINDINGS if found else CLEAN
    out = console()
    labels = {section.name: section.label for section in SECTIONS}
    for each in found:
        out.print(
            Text(
                f"{labels[each.section]} {each.key}　{each.column_label}：{each.one or '（无）'} → {each.other or '（无）'}"
            )
        )
    out.print(Text(f"共 {len(found)} 处不同" if found else "两个档案相同"))
    return FINDINGS if found else CLEAN


def _written(path: Path, as_json: bool, words: str, problems: Sequence[Problem] = ()) -> None:
    if as_json:
        print_json({"written": path.as_posix(), "problems": [each.as_data() for each in problems]})
    else:
        click.echo(words)


def _suffixed(path: Path) -> Path:
    return path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")


def _contents(case: Case) -> str:
    parts = []
    for section in SECTIONS:
        rows = getattr(case, section.name)
        if section.shape == "table" and rows:
            parts.append(f"{section.label} {len(rows)}")
    return "，".join(parts)


@click.command("extract", cls=Command)
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", "target", required=True, type=_FILE, help="写入的档案目录。")
@click.option(
    "--rubric",
    "rubric_code",
    metavar="ID",
    default="guangdong-dept-2023",
    show_default=True,
    shell_complete=complete_rubric,
    help="按名称对应评分项的评分体系。",
)
@click.option("--code", default="", help="档案编码（默认按年度取名）。")
@JSON_OPTION
@reports_rejection
def extract_command(report: Path, target: Path, rubric_code: str, code: str, as_json: bool) -> int:
    """从报告 REPORT（Word、PDF、Excel、网页、文本）摘录年度档案草稿。

    读到的机构、任务、指标、目标值、完成值、得分、收支和项目都注明原文位置；读不到的留空并列出。
    """
    from zhunsheng.audit.reading import read  # noqa: PLC0415 - keeps the start fast
    from zhunsheng.documents.reading.reading import read_document  # noqa: PLC0415
    from zhunsheng.extraction.draft import draft_case  # noqa: PLC0415

    document = read_document(report)
    if not document.text:
        raise Rejected(document.problems)
    draft = draft_case(read(document), load_sound_rubric(rubric_code), code)
    try:
        write_case_directory(draft.case, target)
    except FileExistsError as error:
        raise click.UsageError(f"“{target}”已存在且不是年度档案目录。") from error
    except OSError as error:
        raise Surroundings(f"无法写入“{target}”：{reason_of(error)}") from error
    problems = (*document.problems, *draft.problems)
    if not as_json:
        print_problems(problems, title="需要补充或核对")
    _written(target, as_json, f"已写入草稿 {target}：{_contents(draft.case)}。", problems)
    return exit_code(problems)
