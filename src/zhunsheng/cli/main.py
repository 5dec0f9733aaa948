"""The program `zhunsheng`: noun verb, --json everywhere, exit codes 0 clean, 1 findings, 2 wrong use, 3 surroundings."""

import sys
import tempfile
import traceback

import click

from zhunsheng import __version__
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.cli.chinese import usage_message
from zhunsheng.cli.lazy import LazyGroup

_EPILOG = """\b
示例：
  zhunsheng evaluate huadu-2023              为随附的花都 2023 年度档案评分
  zhunsheng evaluate 我局2024 --json         输出含计算过程的 JSON
  zhunsheng report write huadu-2023 --out out  生成报告和表格
  zhunsheng audit 自评报告.docx              核对任何报告里的每个数字
  zhunsheng case template 模板.xlsx          取得填写用的工作簿
  zhunsheng rubric check                     证明评分体系没有漏洞

退出码：0 无问题，1 有发现，2 用法不对，3 环境问题。
"""

_COMMANDS = {
    "evaluate": ("zhunsheng.cli.evaluate:evaluate_command", "为一个年度档案评分，列出每个数的计算过程"),
    "audit": ("zhunsheng.cli.audit:audit_command", "核对任何报告里的每个数字"),
    "report": ("zhunsheng.cli.report:report_group", "生成自评报告、自评表和评分表"),
    "case": ("zhunsheng.cli.case:case_group", "年度档案：模板、检查、导入、导出、比较"),
    "indicator": ("zhunsheng.cli.indicator:indicator_group", "指标：由台账记录计算，追到每条记录"),
    "rubric": ("zhunsheng.cli.rubric:rubric_group", "评分体系：列表、内容、证明、比较"),
    "deadline": ("zhunsheng.cli.deadline:deadline_group", "时限：规则列表、内容，推算最后一日"),
    "ledger": ("zhunsheng.cli.ledger:ledger_group", "业务台账：模板、导入、记录、历史"),
    "city": ("zhunsheng.cli.city:city_group", "城市样本：按报告数字校准的合成数据"),
    "serve": ("zhunsheng.cli.site_serve:serve_command", "启动网站：网页服务和后台程序"),
    "worker": ("zhunsheng.cli.site_serve:worker_command", "只运行一个后台程序"),
    "admin": ("zhunsheng.cli.site_admin:admin_group", "网站的单位、用户和授权"),
    "backup": ("zhunsheng.cli.site_backup:backup_command", "备份整个网站"),
    "restore": ("zhunsheng.cli.site_backup:restore_command", "从备份恢复网站"),
    "trail": ("zhunsheng.cli.site_trail:trail_group", "操作记录：核对、导出"),
    "demo": ("zhunsheng.cli.demo:demo_command", "用随附的两个真实年度演示全过程"),
    "doctor": ("zhunsheng.cli.doctor:doctor_command", "检查运行环境和字体"),
    "docs": ("zhunsheng.cli.docs:docs_group", "重新生成参考文档"),
}


@click.group(
    cls=LazyGroup,
    commands_at=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EPILOG,
    no_args_is_help=True,
)
@click.version_option(__version__, "--version", message="zhunsheng %(version)s", help="显示版本。")
def program() -> None:
    """准绳：部门整体支出绩效自评——每个数字都能追到出处。"""


def run(arguments: list[str] | None = None) -> None:
    """Run the program and leave with its exit code."""
    try:
        code = program.main(args=arguments, prog_name="zhunsheng", standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.Abort:
        click.echo("已取消，没有写入任何文件。", err=True)
        sys.exit(130)
    except click.ClickException as wrong:
        _explain(wrong)
        sys.exit(2)
    except Surroundings as trouble:
        click.echo(f"环境问题：{trouble}", err=True)
        sys.exit(3)
    except BrokenPipeError:
        sys.exit(0)
    except Exception:  # noqa: BLE001 - the outermost place: nobody is shown a traceback
        with tempfile.NamedTemporaryFile(
            "w", prefix="zhunsheng-", suffix=".txt", delete=False, encoding="utf-8"
        ) as notes:
            notes.write(f"zhunsheng {__version__}\n{traceback.format_exc()}")
        click.echo(
            f"程序内部出错，没有完成。经过记在 {notes.name}，请随问题一并提供；输入文件没有改动。", err=True
        )
        sys.exit(3)
    sys.exit(code if isinstance(code, int) else 0)


def _explain(wrong: click.ClickException) -> None:
    context = getattr(wrong, "ctx", None)
    click.echo(f"用法不对：{usage_message(wrong)}", err=True)
    if context is not None:
        click.echo(f"查看用法：{context.command_path} --help", err=True)
