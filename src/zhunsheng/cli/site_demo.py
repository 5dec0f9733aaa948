"""The demonstration of the site: the shipped year of Huadu with generated records and one account for each role."""

import shutil
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from rich.table import Table
from rich.text import Text

from zhunsheng.cli.output import console, simple_table
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Organisation, StoredCase, User
from zhunsheng.workflow.demonstration import PASSWORD, PEOPLE, set_up

STORE, _PROFILE, _SCALE = "huadu", "huadu-2023", "0.05"


def load_demonstration(*, quiet: bool) -> list[dict[str, str]]:
    """Put the demonstration into an empty database; where it is already, say its accounts again.

    Raises:
        click.UsageError: other people are in the database.
    """
    out = console(quiet=quiet)
    if User.objects.filter(is_demo=True).exists():
        return _accounts()
    if User.objects.exists() or StoredCase.objects.exists() or Organisation.objects.exists():
        raise click.UsageError(
            "数据库中已有内容，不能再装入演示；去掉 --demo，或用 ZHUNSHENG_DATA 指定另一个目录。"
        )
    place: Path = settings.STORES_DIRECTORY / STORE
    if not (place / "manifest.sqlite").is_file():
        out.print(Text("生成演示用的业务台账（合成数据，约半分钟，仅此一次）……"))
        _generate(place)
    out.print(Text("装入花都 2023 年度……"))
    set_up(timezone.now(), store=STORE)
    return _accounts()


def _generate(place: Path) -> None:
    """Generate the records beside their place, so that a run that was broken off leaves nothing half."""
    from zhunsheng.cli.main import program  # noqa: PLC0415 - the program knows this command

    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    arguments = ["city", "generate", "--profile", _PROFILE, "--scale", _SCALE, "--store", str(part)]
    errors, sys.stderr = sys.stderr, StringIO()
    try:
        with redirect_stdout(StringIO()):
            program.main(args=arguments, prog_name="zhunsheng", standalone_mode=False)
    finally:
        sys.stderr = errors
    part.replace(place)


def _accounts() -> list[dict[str, str]]:
    names = dict(Organisation.objects.values_list("code", "name"))
    return [
        {
            "username": username,
            "password": PASSWORD,
            "name": name,
            "role": Role(role).label,
            "organisation": names.get(where, where),
        }
        for username, (name, role, where) in PEOPLE.items()
    ]


def accounts_table(accounts: list[dict[str, str]]) -> Table:
    """The accounts of the demonstration, one a line."""
    table = simple_table("用户名", "密码", "角色", "姓名", "单位", title="演示账号（每种角色一个，仅供试用）")
    for each in accounts:
        table.add_row(each["username"], each["password"], each["role"], each["name"], each["organisation"])
    return table
