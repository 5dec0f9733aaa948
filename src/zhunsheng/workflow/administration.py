"""What whoever runs the machine does from the command line: bodies, people and their roles, before anybody can sign in.

Needs no right, because whoever reads the database file has them all; leaves its line in the trail all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Grant, Organisation, OrganisationKind, User
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.people import wording
from zhunsheng.workflow.people.grants import grant_problems, shown_grant
from zhunsheng.workflow.people.reach import valid_grants
from zhunsheng.workflow.trail import record

OPERATOR = Actor(None, channel="command")
"""Whoever runs the machine."""

_WEAK = {
    "password_too_short": "太短，至少 10 个字符",
    "password_too_common": "太常见，容易被猜到",
    "password_entirely_numeric": "全是数字",
    "password_too_similar": "与用户名或姓名太相近",
}


class Impossible(Exception):  # noqa: N818 - the request is wrong, the program is fine
    """It cannot be done; the text says what, why and what to do, in Chinese."""

    @classmethod
    def because(cls, problems: Iterable[Problem]) -> "Impossible":
        """With everything that is wrong."""
        return cls("；".join(f"{each.what}，{each.why}。{each.remedy}".rstrip("。") for each in problems))


def organisation_of(code: str) -> Organisation:
    """A body by its code.

    Raises:
        Impossible: there is none.
    """
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        known = "、".join(Organisation.objects.values_list("code", flat=True)[:12]) or "还没有任何单位"
        raise Impossible(f"没有编码为“{code}”的单位（现有：{known}）；先用 admin create-organisation 建立")
    return found


def person_of(username: str) -> User:
    """A person by user name.

    Raises:
        Impossible: there is none.
    """
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Impossible(f"没有用户“{username}”；用 admin list 查看，或用 admin create-user 建立")
    return found


@transaction.atomic
def create_organisation(
    code: str, name: str, kind: str, *, parent: str = "", overseer: str = "", area: str = "", store: str = ""
) -> Organisation:
    """Add a body.

    Args:
        code: short and unique.
        kind: one of `OrganisationKind`.
        parent: code of the body above.
        overseer: code of the finance bureau that approves its year.
        area: code of its area.
        store: directory of its record store.

    Raises:
        Impossible: the code is taken or malformed, or a named body does not exist.
    """
    if Organisation.objects.filter(code=code).exists():
        raise Impossible(f"编码“{code}”已被占用；换一个编码")
    made = Organisation(
        code=code,
        name=name,
        kind=kind,
        parent=organisation_of(parent) if parent else None,
        overseer=organisation_of(overseer) if overseer else None,
        area=area,
        store=store,
    )
    if made.overseer is not None and made.overseer.kind != OrganisationKind.FINANCE_BUREAU:
        raise Impossible(f"“{overseer}”不是财政部门，不能作为批复单位")
    _check(made)
    made.save()
    after = {"code": code, "name": name, "kind": kind, "parent": parent, "overseer": overseer}
    record(
        OPERATOR,
        timezone.now(),
        action="organisation.add",
        subject=f"organisations/{code}",
        after=after,
        organisation=made,
    )
    return made


@transaction.atomic
def create_person(username: str, name: str, password: str, *, must_change: bool) -> User:
    """Add a person who may sign in.

    Args:
        must_change: whether the password is to be changed when they first sign in.

    Raises:
        Impossible: the name is taken or malformed, or the password too weak.
    """
    problems = [
        *wording.username_problems(username),
        *wording.text_problems(wording.NAME, "name", name, 60),
    ]
    if problems:
        raise Impossible.because(problems)
    made = User(username=username, name=name.strip(), must_change_password=must_change)
    _set_password(made, password)
    made.save()
    record(
        OPERATOR,
        timezone.now(),
        action="people.create",
        subject=f"people/{username}",
        after={"name": name, "must_change_password": must_change},
    )
    return made


@transaction.atomic
def reset_password(username: str, password: str, *, must_change: bool) -> None:
    """Give a person a new password and lift a lockout; sessions end with the old password, and so do tokens.

    Raises:
        Impossible: there is no such person, or the password is too weak.
    """
    person = person_of(username)
    _set_password(person, password)
    person.must_change_password = must_change
    person.save()
    person.tokens.filter(revoked__isnull=True).update(revoked=timezone.now())
    apps.get_model("axes", "AccessAttempt").objects.filter(username__iexact=username).delete()
    record(OPERATOR, timezone.now(), action="people.password", subject=f"people/{username}")


def _set_password(person: User, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        said = [_WEAK.get(str(each.code), each.messages[0]) for each in weak.error_list]
        raise Impossible("密码不合要求：" + "；".join(said)) from weak
    person.set_password(password)


def _check(made: Organisation) -> None:
    try:
        with translation.override("zh-hans"):
            made.full_clean(exclude=["path"])
    except ValidationError as wrong:
        labels = {each.name: str(each.verbose_name) for each in made._meta.fields}
        said = (
            f"{labels.get(name, name)}：{'；'.join(each.rstrip('。') for each in messages)}"
            for name, messages in wrong.message_dict.items()
        )
        raise Impossible("内容有误　" + "　".join(said)) from wrong


@transaction.atomic
def grant(username: str, role: Role, code: str, until: date | None = None) -> Grant:
    """Give a role at a body and everything below it; given again, only its end changes.

    Raises:
        Impossible: there is no such person or body, or the role is not held there or not beside others.
    """
    person, body, today = person_of(username), organisation_of(code), timezone.localdate()
    held = {Role(each.role) for each in valid_grants(person, today)}
    problems = grant_problems(held, role.value, body, until, today)
    if problems:
        raise Impossible.because(problems)
    known = Grant.objects.filter(user=person, role=role.value, organisation=body).first()
    before = None if known is None else shown_grant(known)
    made = known or Grant(user=person, role=role.value, organisation=body)
    made.until = until
    made.save()
    _record_grant("people.grant", made, before)
    return made


@transaction.atomic
def take(username: str, role: Role, code: str) -> None:
    """End a role; the grant stays, so that it is known who held what.

    Raises:
        Impossible: it is not held.
    """
    today = timezone.localdate()
    found = next(
        (
            each
            for each in valid_grants(person_of(username), today)
            if each.role == role.value and each.organisation.code == organisation_of(code).code
        ),
        None,
    )
    if found is None:
        raise Impossible(f"“{username}”在“{code}”没有有效的“{role.label}”授权；用 admin list 查看")
    before, found.until = shown_grant(found), today - timedelta(days=1)
    found.save(update_fields=["until"])
    _record_grant("people.take", found, before)


def _record_grant(action: str, found: Grant, before: dict[str, str] | None) -> None:
    record(
        OPERATOR,
        timezone.now(),
        action=action,
        subject=f"people/{found.user.username}",
        before=before,
        after=shown_grant(found),
        organisation=found.organisation,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as listed: what they hold where."""

    username: str
    name: str
    active: bool
    demo: bool
    grants: tuple[tuple[str, str, date | None], ...]


def people() -> tuple[Listed, ...]:
    """Everybody, by user name."""
    found = User.objects.prefetch_related("grants__organisation").order_by("username")
    return tuple(
        Listed(
            each.username,
            each.name,
            each.is_active,
            each.is_demo,
            tuple((held.role, held.organisation.code, held.until) for held in each.grants.all()),
        )
        for each in found
    )
