"""`zhunsheng serve` and `zhunsheng worker`: running the site."""

import os
import signal
from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.output import JSON_OPTION, console, print_json
from zhunsheng.cli.site_opening import needs_site

_EPILOG = """\b
示例：
  zhunsheng serve                                 本机使用：http://127.0.0.1:8000/
  zhunsheng serve --demo                          装入花都 2023 年度演示和演示账号
  zhunsheng serve --host 0.0.0.0 --port 8080      供局域网使用（须设置 ZHUNSHENG_HOSTS）

数据放在 ZHUNSHENG_DATA（默认 var/site）。正式运行的设置见 docs/operations.zh-CN.md。
"""


@click.command("serve", cls=Command, epilog=_EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="监听的地址。")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), metavar="N", help="监听的端口。"
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    metavar="N",
    help="应答网页的进程数。",
)
@click.option(
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(0, 16),
    metavar="N",
    help="做后台任务的进程数。",
)
@click.option("--demo", is_flag=True, help="数据库为空时装入演示年度、演示台账和每种角色一个账号。")
@JSON_OPTION
@needs_site(current=False)
def serve_command(host: str, port: int, workers: int, jobs: int, demo: bool, as_json: bool) -> int:
    """启动网站：检查设置，升级数据库，启动网页服务和后台程序，看护到按 Ctrl-C 为止。"""
    from django.conf import settings  # noqa: PLC0415 - only after the settings are checked

    from zhunsheng.web.server import children, run  # noqa: PLC0415
    from zhunsheng.web.upgrading import collect_static, upgrade  # noqa: PLC0415

    out = console(quiet=as_json)
    if demo and settings.ENVIRONMENT.production:
        raise click.UsageError("正式运行（ZHUNSHENG_MODE=production）不装入演示；去掉 --demo。")
    made = upgrade()
    if made:
        out.print(Text(f"数据库已升级（{len(made)} 项）"))
    accounts: list[dict[str, str]] = []
    if demo:
        from zhunsheng.cli.site_demo import load_demonstration  # noqa: PLC0415

        accounts = load_demonstration(quiet=as_json)
    collect_static()
    _refuse_unsafe()
    address = f"http://{_named(host)}:{port}/"

    def ready() -> None:
        if as_json:
            print_json({"address": address, "data": str(settings.DATA_DIRECTORY), "accounts": accounts})
            return
        _tell(address, host, accounts)

    found = children(host, port, workers, jobs, settings.DATA_DIRECTORY / "logs")
    out.print(Text("启动网页服务和后台程序……"))
    run(found, host, port, lambda what: click.echo(what, err=True), ready)
    out.print(Text("已停止。"))
    return CLEAN


def _named(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared only


def _refuse_unsafe() -> None:
    """Refuse to run with what the checks of the site call an error: a page without a right, demo accounts."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.checks import ERROR, run_checks  # noqa: PLC0415

    faults = [
        f"{each.msg}{f'（{each.hint}）' if each.hint else ''}"
        for each in run_checks(include_deployment_checks=settings.ENVIRONMENT.production)
        if each.level >= ERROR and not each.is_silenced()
    ]
    if faults:
        raise Surroundings("不能启动：" + "；".join(faults))


def _tell(address: str, host: str, accounts: list[dict[str, str]]) -> None:
    from django.conf import settings  # noqa: PLC0415

    out = console()
    out.print()
    out.print(Text(f"准绳已启动：{address}", style="bold green"))
    out.print(Text(f"数据和日志在 {settings.DATA_DIRECTORY}；按 Ctrl-C 停止。"))
    if host in {"0.0.0.0", "::"} and not os.environ.get("ZHUNSHENG_HOSTS"):  # noqa: S104 - compared only
        out.print(
            Text(
                "提示：没有设置 ZHUNSHENG_HOSTS，只接受本机访问；设为别人使用的域名或地址后重启。",
                style="yellow",
            )
        )
    if not settings.ENVIRONMENT.production:
        out.print(Text("现为试用方式（未设置 ZHUNSHENG_MODE=production），不要放真实数据。", style="yellow"))
    if accounts:
        from zhunsheng.cli.site_demo import accounts_table  # noqa: PLC0415

        out.print(accounts_table(accounts))
    elif _nobody():
        out.print(
            Text("还没有用户：另开一个终端，用 zhunsheng admin create-organisation 和 create-user 建立。")
        )


def _nobody() -> bool:
    from django.db import connection  # noqa: PLC0415

    from zhunsheng.store.database.models import User  # noqa: PLC0415

    try:
        return not User.objects.exists()
    finally:
        # told from a thread that ends now
        connection.close()


@click.command("worker", cls=Command)
@JSON_OPTION
@needs_site(current=False)
def worker_command(as_json: bool) -> int:
    """只运行一个后台程序（serve 已带一个；另一台机器或单独的 systemd 单元用）。"""
    from zhunsheng.store.database.models import Job  # noqa: PLC0415
    from zhunsheng.web.ending import end_with_parent  # noqa: PLC0415
    from zhunsheng.web.upgrading import pending  # noqa: PLC0415
    from zhunsheng.workflow.worker import Worker  # noqa: PLC0415

    waiting = pending()
    if waiting:
        raise Surroundings(f"数据库还没有建立或需要升级（{len(waiting)} 项）：先运行 zhunsheng serve")

    def told(job: Job) -> None:
        if as_json:
            click.echo(f'{{"job": {job.pk}, "kind": "{job.kind}", "state": "{job.state}"}}')
        else:
            click.echo(f"任务 {job.pk}（{job.kind}）第 {job.attempts} 次：{job.get_state_display()}")

    worker = Worker(told=told)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, worker.stop)
    parent = os.environ.get("ZHUNSHENG_PARENT")
    if parent:
        end_with_parent(int(parent))
    worker.run()
    return CLEAN


def data_directory() -> Path:
    """Where the site keeps its data."""
    from django.conf import settings  # noqa: PLC0415

    found: Path = settings.DATA_DIRECTORY
    return found
