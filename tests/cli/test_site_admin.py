"""Bodies, people and roles from the command line; the trail of it."""

import json
from pathlib import Path

import pytest
from site_by_command import command, python

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a finance bureau and a bureau."""
    place = tmp_path_factory.mktemp("site") / "data"
    for arguments in (
        ("czj", "区财政局", "--kind", "finance_bureau"),
        ("scjgj", "区市场监管局", "--kind", "bureau", "--overseer", "czj"),
    ):
        code, _, said = command(place, "admin", "create-organisation", *arguments)
        assert code == 0, said
    return place


def test_a_person_is_made_with_a_role_and_a_password_told_once(data: Path) -> None:
    code, out, _ = command(
        data,
        "admin",
        "create-user",
        "zhangsan",
        "--name",
        "张三",
        "--role",
        "管理员",
        "--organisation",
        "scjgj",
        "--json",
    )
    assert code == 0
    password = json.loads(out)["password"]
    checked = python(
        data,
        "from zhunsheng.store.database.models import User\n"
        "u = User.objects.get(username='zhangsan')\n"
        f"print(u.check_password({password!r}), u.must_change_password, u.is_demo)",
    )
    assert checked.split() == ["True", "True", "False"]
    code, out, _ = command(data, "admin", "list", "--json")
    (person,) = [each for each in json.loads(out)["people"] if each["username"] == "zhangsan"]
    assert person["grants"] == [{"role": "administrator", "organisation": "scjgj", "until": None}]
    # the password stands nowhere in the trail
    trail = python(
        data,
        "from zhunsheng.store.database.models import TrailEntry\nprint(list(TrailEntry.objects.values()))",
    )
    assert password not in trail
    assert "people.create" in trail


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("create-user", "lisi", "--name", "李四", "--password-stdin"), "123\n", "至少 10 个字符"),
        (("create-user", "李四", "--name", "李四", "--password-stdin"), "Gut-9-lang-genug\n", "不符合要求"),
        (("create-user", "lisi", "--name", "李四", "--role", "leader"), "", "要一起给出"),
        (
            ("create-user", "lisi", "--name", "李四", "--role", "king", "--organisation", "scjgj"),
            "",
            "没有“king”这个角色",
        ),
        (
            ("create-user", "lisi", "--name", "李四", "--role", "leader", "--organisation", "nope"),
            "",
            "没有编码为“nope”的单位",
        ),
        (("grant", "nobody", "leader", "scjgj"), "", "没有用户“nobody”"),
        (("reset-password", "nobody"), "", "没有用户“nobody”"),
        (("create-organisation", "czj", "又一个", "--kind", "bureau"), "", "已被占用"),
        (("create-organisation", "a b", "空格", "--kind", "bureau"), "", "编码"),
        (
            ("create-organisation", "x", "无人批", "--kind", "bureau", "--overseer", "scjgj"),
            "",
            "不是财政部门",
        ),
    ],
)
def test_what_cannot_be_is_said_with_a_remedy(
    data: Path, arguments: tuple[str, ...], given: str, said: str
) -> None:
    code, out, message = command(data, "admin", *arguments, given=given)
    assert code == 2, message
    assert said in message
    assert out == ""


def test_roles_that_do_not_go_together_are_refused_and_a_role_is_taken_again(data: Path) -> None:
    made = command(
        data,
        "admin",
        "create-user",
        "wangwu",
        "--name",
        "王五",
        "--password-stdin",
        given="Gut-9-lang-genug\n",
    )
    assert made[0] == 0, made[2]
    assert command(data, "admin", "grant", "wangwu", "leader", "scjgj", "--until", "2999-12-31")[0] == 0
    code, _, said = command(data, "admin", "grant", "wangwu", "administrator", "scjgj")
    assert code == 2
    assert "不能兼任" in said
    assert command(data, "admin", "grant", "wangwu", "leader", "scjgj", "--revoke")[0] == 0
    code, _, said = command(data, "admin", "grant", "wangwu", "leader", "scjgj", "--revoke")
    assert (code, "没有有效的" in said) == (2, True)


def test_the_trail_of_it_holds_and_one_changed_byte_is_found(data: Path, tmp_path: Path) -> None:
    code, out, _ = command(data, "trail", "verify", "--json")
    head = json.loads(out)["head"]
    assert (code, json.loads(out)["breaches"]) == (0, [])
    year = python(
        data,
        "from zhunsheng.store.database.models import TrailEntry\nprint(TrailEntry.objects.get(number=1).moment[:4])",
    )
    target = tmp_path / "trail.jsonl"
    assert command(data, "trail", "export", "--year", year.strip(), "--out", str(target))[0] == 0
    assert command(data, "trail", "verify", "--file", str(target))[0] == 0
    target.write_text(target.read_text().replace("区财政局", "区财政厅"))
    assert command(data, "trail", "verify", "--file", str(target))[0] == 1
    python(
        data,
        "from django.db import connection\n"
        "from zhunsheng.store.database.trail_guard import guard, unguard\n"
        "c = connection.cursor()\n"
        "unguard(connection.vendor, c.execute)\n"
        "c.execute(\"UPDATE database_trailentry SET subject = 'organisations/czk' WHERE number = 1\")\n"
        "guard(connection.vendor, c.execute)",
    )
    code, out, _ = command(data, "trail", "verify")
    assert code == 1
    assert "第 1 条的内容被改动" in out
    assert command(data, "trail", "verify", "--head", head)[0] == 1
    assert command(data, "trail", "verify", "--head", "nonsense")[0] == 2


@pytest.mark.parametrize(
    "arguments", [("--year", "1999", "--out", "x.csv"), ("--year", "2026", "--out", "x.exe")]
)
def test_an_export_that_makes_no_sense_is_refused(data: Path, arguments: tuple[str, ...]) -> None:
    code, _, said = command(data, "trail", "export", *arguments)
    assert code == 2
    assert said.startswith("用法不对：")
