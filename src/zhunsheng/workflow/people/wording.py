"""What people type about people: checked, with problems at the field."""

import re

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.store.database.models import User

USERNAME = Kind(
    "PEOPLE-001",
    Severity.ERROR,
    "用户名由 2 到 60 个英文字母、数字或 . _ - 组成",
    "换一个用户名，例如姓名的拼音。",
)
USERNAME_TAKEN = Kind(
    "PEOPLE-002", Severity.ERROR, "用户名不能重复，不分大小写", "换一个用户名，或在名单中找到这个账号。"
)
NAME = Kind("PEOPLE-003", Severity.ERROR, "姓名为 1 到 60 个字", "填写本人姓名。")
TEXT = Kind("PEOPLE-004", Severity.ERROR, "文字中不能有不可见的控制字符", "删除这些字符，或重新手工输入。")
ROLE = Kind("PEOPLE-005", Severity.ERROR, "授权须选择列出的角色", "重新选择角色。")
PLACE = Kind("PEOPLE-006", Severity.ERROR, "角色只能授予适合它的单位", "换一个单位，或换一个角色。")
UNTIL = Kind("PEOPLE-007", Severity.ERROR, "有效期不能早于今天", "改为今天或以后的日期；长期有效就留空。")
TOGETHER = Kind(
    "PEOPLE-008", Severity.ERROR, "有些角色不能由同一个人担任", "由另一个人担任，或先收回已有的角色。"
)
DIVISION_KIND = Kind(
    "PEOPLE-010", Severity.ERROR, "下设单位只能是处室、市场监管所或所属单位", "重新选择类别。"
)
BODY_NAME = Kind(
    "PEOPLE-011", Severity.ERROR, "单位名称为 1 到 120 个字，简称不超过 40 个字", "改短或补上名称。"
)
SAME_NAME = Kind(
    "PEOPLE-012", Severity.ERROR, "同一上级下的单位名称不能重复", "换一个名称，或启用已有的单位。"
)
TOKEN_NAME = Kind("PEOPLE-020", Severity.ERROR, "令牌的用途为 1 到 60 个字", "写明哪个程序使用它。")
TOKEN_SCOPE = Kind("PEOPLE-021", Severity.ERROR, "令牌的范围为只读或读写", "重新选择范围。")
TOKEN_DAYS = Kind("PEOPLE-022", Severity.ERROR, "令牌的有效天数为 1 到 366", "填写 1 到 366 的整数。")
TOKEN_MANY = Kind("PEOPLE-023", Severity.ERROR, "每人最多有 20 个有效的令牌", "先吊销不再使用的令牌。")
LANGUAGE = Kind("PEOPLE-030", Severity.ERROR, "界面语言为简体中文或英文", "重新选择语言。")

_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}\Z")
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\ud800-\udfff]"
)


def text_problems(kind: Kind, field: str, text: str, longest: int) -> list[Problem]:
    """Problems of a line of text: empty, too long, with characters nobody sees."""
    place = Place(field=field)
    if _INVISIBLE.search(text):
        return [TEXT.at(place, "含有不可见的控制字符")]
    if not text.strip():
        return [kind.at(place, "没有填写")]
    if len(text.strip()) > longest:
        return [kind.at(place, f"有 {len(text.strip())} 个字，超过 {longest} 个")]
    return []


def username_problems(username: str) -> list[Problem]:
    """Problems of a new user name."""
    place = Place(field="username")
    if not _USERNAME.match(username):
        shown = _INVISIBLE.sub("\ufffd", username[:60])
        return [USERNAME.at(place, f"“{shown}”不符合要求" if username else "没有填写", value=shown)]
    if User.objects.filter(username__iexact=username).exists():
        return [USERNAME_TAKEN.at(place, f"用户名“{username}”已经有人使用", value=username)]
    return []
