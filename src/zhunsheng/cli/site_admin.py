"""`zhunsheng admin`: bodies, people and roles, from the command line of the machine."""

import sys
from dataclasses import asdict
from datetime import date, datetime

import click
from rich.text import Text

from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.output import JSON_OPTION, console, print_json, simple_table
from zhunsheng.cli.site_opening import needs_site
from zhunsheng.plans.roles import Role

_KINDS = ("bureau", "division", "station", "unit", "finance_bureau", "third_party", "region")
_ROLES = "、".join(f"{each.value}（{each.label}）" for each in Role)
_EPILOG = """\b
从空的数据库开始：
  zhunsheng admin create-organisation czj 区财政局 --kind finance_bureau
  zhunsheng admin create-organisation scjgj 区市场监督管理局 --kind bureau --overseer czj
  zhunsheng admin create-user zhangsan --name 张三 --role administrator --organisation scjgj
"""


@click.group(
    "admin",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={
        "create-organisation": (f"{__name__}:create_organisation_command", "建立单位"),
        "create-user": (f"{__name__}:create_user_command", "建立用户，可同时授权"),
        "grant": (f"{__name__}:grant_command", "授权或收回授权"),
        "reset-password": (f"{__name__}:reset_password_command", "重设密码并解除锁定"),
        "list": (f"{__name__}:list_command", "列出单位、用户和授权"),
    },
)
def admin_group() -> None:
    """单位、用户和授权（在服务器上操作，写入操作记录）。"""


def _role(_context: click.Context, _parameter: click.Parameter, written: str | None) -> Role | None:
    if written is None:
        return None
    found = next((each for each in Role if written in {each.value, each.label}), None)
    if found is None:
        raise click.BadParameter(f"没有“{written}”这个角色（可用：{_ROLES}）")
    return found


def _day(_context: click.Context, _parameter: click.Parameter, written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise click.BadParameter(f"“{written}”不是日期（例如 2026-12-31）") from None


_STDIN = click.option("--password-stdin", "from_stdin", is_flag=True, help="从标准输入读取密码。")


def _password(from_stdin: bool) -> tuple[str, bool]:
    """A password and whether it was made up: read, asked for, or made up where nobody can be asked."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        return str(click.prompt("密码", hide_input=True, confirmation_prompt="再输入一次")), False
    from zhunsheng.workflow.people.persons import one_time_password  # noqa: PLC0415 - only after the settings

    return one_time_password(), True


@click.command("create-organisation", cls=Command)
@click.argument("code", metavar="CODE")
@click.argument("name", metavar="NAME")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(_KINDS),
    metavar="KIND",
    help="类别：bureau 部门、division 处室、station 所、unit 所属单位、finance_bureau 财政部门、third_party 第三方、region 地区。",
)
@click.option("--parent", default="", metavar="CODE", help="上级单位的编码。")
@click.option("--overseer", default="", metavar="CODE", help="批复和复核它的财政部门的编码。")
@click.option("--area", default="", metavar="CODE", help="行政区划代码。")
@click.option("--store", default="", metavar="NAME", help="记录库在数据目录 stores 下的名称。")
@JSON_OPTION
@needs_site()
def create_organisation_command(
    code: str, name: str, kind: str, parent: str, overseer: str, area: str, store: str, as_json: bool
) -> int:
    """建立单位。"""
    from zhunsheng.workflow.administration import create_organisation  # noqa: PLC0415 - only after the settings

    made = create_organisation(code, name, kind, parent=parent, overseer=overseer, area=area, store=store)
    if as_json:
        print_json({"code": made.code, "path": made.path})
    else:
        console().print(Text(f"已建立单位 {made.name}（{made.code}）。"))
    return CLEAN


@click.command("create-user", cls=Command)
@click.argument("username", metavar="USERNAME")
@click.option("--name", required=True, metavar="NAME", help="姓名。")
@click.option("--role", callback=_role, metavar="ROLE", help=f"同时授予的角色：{_ROLES}。")
@click.option("--organisation", "code", metavar="CODE", help="角色所在单位的编码。")
@_STDIN
@JSON_OPTION
@needs_site()
def create_user_command(
    username: str, name: str, role: Role | None, code: str | None, from_stdin: bool, as_json: bool
) -> int:
    """建立用户；不在终端上运行时生成一次性密码，首次登录须修改。"""
    from django.db import transaction  # noqa: PLC0415 - only after the settings

    from zhunsheng.workflow.administration import create_person, grant, organisation_of  # noqa: PLC0415

    if (role is None) != (code is None):
        raise click.UsageError("--role 和 --organisation 要一起给出。")
    if code is not None:
        organisation_of(code)
    password, made_up = _password(from_stdin)
    with transaction.atomic():
        create_person(username, name, password, must_change=made_up)
        if role is not None and code is not None:
            grant(username, role, code)
    _tell_password(username, password if made_up else "", f"已建立用户 {name}（{username}）", as_json=as_json)
    return CLEAN


def _tell_password(username: str, password: str, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"username": username, **({"password": password} if password else {})})
        return
    console().print(Text(f"{done}。"))
    if password:
        console().print(Text(f"一次性密码：{password}（只显示这一次，首次登录须修改）"))


@click.command("grant", cls=Command)
@click.argument("username", metavar="USERNAME")
@click.argument("role", metavar="ROLE", callback=_role)
@click.argument("code", metavar="ORGANISATION")
@click.option("--until", callback=_day, metavar="DATE", help="有效期至（含当日）。")
@click.option("--revoke", "taken", is_flag=True, help="收回这项授权。")
@JSON_OPTION
@needs_site()
def grant_command(
    username: str, role: Role, code: str, until: date | None, taken: bool, as_json: bool
) -> int:
    """授予用户在某单位（及其下级）的角色，或用 --revoke 收回。"""
    from zhunsheng.workflow.administration import grant, take  # noqa: PLC0415 - only after the settings

    if taken:
        take(username, role, code)
    else:
        grant(username, role, code, until)
    if as_json:
        print_json({"username": username, "role": role.value, "organisation": code, "revoked": taken})
    else:
        ends = f"，有效期至 {until}" if until else ""
        what = "已收回" if taken else "已授予"
        console().print(Text(f"{what} {username} 在 {code} 的“{role.label}”{ends}。"))
    return CLEAN


@click.command("reset-password", cls=Command)
@click.argument("username", metavar="USERNAME")
@_STDIN
@JSON_OPTION
@needs_site()
def reset_password_command(username: str, from_stdin: bool, as_json: bool) -> int:
    """重设密码，解除因多次输错造成的锁定；不在终端上运行时生成一次性密码。"""
    from zhunsheng.workflow.administration import person_of, reset_password  # noqa: PLC0415 - only after the settings

    person_of(username)
    password, made_up = _password(from_stdin)
    reset_password(username, password, must_change=made_up)
    _tell_password(username, password if made_up else "", f"已重设 {username} 的密码", as_json=as_json)
    return CLEAN


@click.command("list", cls=Command)
@JSON_OPTION
@needs_site()
def list_command(as_json: bool) -> int:
    """列出单位、用户和授权。"""
    from zhunsheng.store.database.models import Organisation  # noqa: PLC0415 - only after the settings
    from zhunsheng.workflow.administration import people  # noqa: PLC0415

    found, bodies = people(), list(Organisation.objects.select_related("parent", "overseer"))
    if as_json:
        print_json(
            {
                "organisations": [
                    {"code": each.code, "name": each.name, "kind": each.kind} for each in bodies
                ],
                "people": [_plain(asdict(each)) for each in found],
            }
        )
        return CLEAN
    out = console()
    table = simple_table("编码", "名称", "类别", "上级", "财政部门", title=f"单位 {len(bodies)} 个")
    for body in bodies:
        above = body.parent.code if body.parent else ""
        overseer = body.overseer.code if body.overseer else ""
        table.add_row(body.code, body.name, body.get_kind_display(), above, overseer)
    out.print(table)
    table = simple_table("用户名", "姓名", "授权", "状态", title=f"用户 {len(found)} 个")
    for each in found:
        held = "；".join(
            f"{Role(role).label}@{code}{f' 至 {until}' if until else ''}" for role, code, until in each.grants
        )
        state = "停用" if not each.active else "演示" if each.demo else "在用"
        table.add_row(each.username, each.name, held or "—", state)
    out.print(table)
    return CLEAN


def _plain(person: dict[str, object]) -> dict[str, object]:
    grants = person.pop("grants")
    assert isinstance(grants, tuple)  # noqa: S101 - as declared
    held = [
        {"role": role, "organisation": code, "until": None if until is None else until.isoformat()}
        for role, code, until in grants
    ]
    return {**person, "grants": held}
