"""Administrators look after their own people and nobody else's; every change is a line of the trail."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from demonstrated import actor, client_of, in_state
from django.test import Client
from django.utils import timezone

from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.models import (
    ApiToken,
    Grant,
    Organisation,
    OrganisationKind,
    TrailEntry,
    User,
)
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.actor import Actor, actor_of
from zhunsheng.workflow.people.grants import GiveRole, TakeRole
from zhunsheng.workflow.people.organisations import AddPart, RenameOrganisation, SetInUse
from zhunsheng.workflow.people.persons import CreatePerson, RenamePerson, SetActive, SetOneTimePassword
from zhunsheng.workflow.people.separation import APPROVING, WRITING, conflict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
BODY = "huadu-amr"
TODAY = timezone.localdate()


def org(code: str = BODY) -> Organisation:
    return Organisation.objects.get(code=code)


def person(username: str) -> User:
    return User.objects.get(username=username)


def last_line() -> TrailEntry:
    found = TrailEntry.objects.last()
    assert found is not None
    return found


# ---- separation of duties


@pytest.mark.parametrize("approving", sorted(APPROVING))
def test_an_administrator_approves_nothing_whichever_came_first(approving: Role) -> None:
    assert "管理员不能兼任" in conflict([Role.ADMINISTRATOR], approving)
    assert "管理员不能兼任" in conflict([approving, Role.FILLER], Role.ADMINISTRATOR)


def test_roles_that_approve_are_those_of_the_year() -> None:
    # finance checks, the leader signs and reviews, the finance bureau approves and freezes
    assert {each.value for each in APPROVING} == {"finance", "leader", "finance_bureau"}


@pytest.mark.parametrize("writing", sorted(WRITING))
def test_an_auditor_writes_nothing(writing: Role) -> None:
    assert conflict([Role.AUDITOR], writing)
    assert conflict([writing], Role.AUDITOR)


def test_roles_of_one_division_go_together() -> None:
    assert conflict([Role.FILLER], Role.DIVISION_HEAD) == ""
    assert conflict([Role.FILLER], Role.ADMINISTRATOR) == ""
    assert conflict([Role.AUDITOR], Role.AUDITOR) == ""


# ---- making and changing accounts


def send(client: Client, path: str, **typed: str) -> Any:
    return client.post(path, typed)


def test_an_account_is_made_and_its_password_told_once_and_changed_at_once() -> None:
    client = client_of("guanli")
    answer = send(
        client, "/people/new/", username="newone", name="新同事", role="filler", organisation=BODY, until=""
    )
    assert answer.status_code == 200
    (password,) = re.findall(r"<code>([a-z2-9-]{19})</code>", answer.content.decode())
    made = person("newone")
    assert made.must_change_password
    assert made.check_password(password)
    line = last_line()
    assert (line.action, line.who, line.organisation) == ("people.create", "guanli", BODY)
    assert password not in str(line.after)
    fresh = Client()
    assert fresh.post("/accounts/login/", {"login": "newone", "password": password}).status_code == 302
    assert fresh.get("/")["Location"] == "/accounts/password/"
    assert "新同事" in client.get("/people/").content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"username": "x"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "CAIWU"}, "username"),
        ({"username": "n\x00l"}, "username"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "字" * 61}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"organisation": ""}, "organisation"),
        ({"organisation": "huadu-czj"}, "organisation"),
        ({"organisation": "no-such"}, "organisation"),
        ({"role": "finance_bureau"}, "organisation"),
        ({"role": "leader", "organisation": f"{BODY}-01"}, "organisation"),
        ({"until": "2000-01-01"}, "until"),
        ({"until": "tomorrow"}, "until"),
        ({"until": "2024-02-31"}, "until"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_made(typed: dict[str, str], field: str) -> None:
    before = User.objects.count(), TrailEntry.objects.count()
    right = {"username": "newone", "name": "新同事", "role": "filler", "organisation": BODY, "until": ""}
    answer = client_of("guanli").post("/people/new/", {**right, **typed})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert f'id="{field}_error"' in text
    assert (User.objects.count(), TrailEntry.objects.count()) == before


def test_a_name_is_corrected_and_shown_as_text() -> None:
    found = person("tianbao")
    assert send(client_of("guanli"), f"/people/{found.pk}/", name="<b>陈</b>").status_code == 302
    text = client_of("guanli").get(f"/people/{found.pk}/").content.decode()
    assert "&lt;b&gt;陈&lt;/b&gt;" in text
    assert "<b>陈</b>" not in text
    assert (last_line().before, last_line().after) == ({"name": "陈填报"}, {"name": "<b>陈</b>"})


def test_an_account_is_closed_and_opened_and_closed_ones_are_signed_out() -> None:
    found, manager, theirs = person("tianbao"), client_of("guanli"), client_of("tianbao")
    question = manager.get(f"/people/{found.pk}/active/").content.decode()
    assert "停用“陈填报”的账号" in question
    send(manager, f"/people/{found.pk}/active/", active="0")
    assert theirs.get("/").status_code == 302
    assert last_line().after == {"is_active": False}
    assert send(manager, f"/people/{found.pk}/active/", active="0").status_code == 409
    send(manager, f"/people/{found.pk}/active/", active="1")
    assert person("tianbao").is_active


def test_a_reset_password_signs_out_everywhere_and_is_shown_once() -> None:
    found, theirs = person("tianbao"), client_of("tianbao")
    now = timezone.now()
    token = ApiToken.objects.create(
        user=found, name="程序", digest="0" * 64, scope="read", created=now, expires=now + timedelta(days=30)
    )
    answer = send(client_of("guanli"), f"/people/{found.pk}/password/")
    (password,) = re.findall(r"<code>([a-z2-9-]{19})</code>", answer.content.decode())
    assert person("tianbao").check_password(password)
    assert theirs.get("/").status_code == 302
    assert answer["Cache-Control"] == "no-store"
    assert last_line().after == {"password": "reset", "must_change": True, "tokens_revoked": 1}
    token.refresh_from_db()
    assert token.revoked is not None


# ---- roles


def test_a_role_is_given_until_a_day_and_taken_at_once_and_stays_known() -> None:
    found, manager = person("tianbao"), client_of("guanli")
    until = (TODAY + timedelta(days=30)).isoformat()
    send(manager, f"/people/{found.pk}/roles/", role="division_head", organisation=BODY, until=until)
    grant = Grant.objects.get(user=found, role="division_head")
    assert grant.until == date.fromisoformat(until)
    assert last_line().after == {"role": "division_head", "organisation": BODY, "until": until}
    assert Role.DIVISION_HEAD in actor_today("tianbao").roles
    send(manager, f"/people/{found.pk}/roles/{grant.pk}/take/")
    assert Role.DIVISION_HEAD not in actor_today("tianbao").roles
    assert Grant.objects.get(pk=grant.pk).until == TODAY - timedelta(days=1)
    assert last_line().action == "people.take"
    assert send(manager, f"/people/{found.pk}/roles/{grant.pk}/take/").status_code == 409
    # given again
    send(manager, f"/people/{found.pk}/roles/", role="division_head", organisation=BODY, until="")
    assert Grant.objects.get(pk=grant.pk).until is None


def actor_today(username: str) -> Actor:
    return actor_of(person(username), TODAY)


def test_an_administrator_gives_nothing_to_themselves() -> None:
    mine = person("guanli")
    with pytest.raises(Refused, match="自己"):
        perform(GiveRole(mine, "auditor", org()), actor("guanli"))
    with pytest.raises(Refused, match="自己"):
        perform(TakeRole(Grant.objects.get(user=mine)), actor("guanli"))
    for action in (
        RenamePerson(mine, "x"),
        SetActive(mine, active=False),
        SetOneTimePassword(mine, "a-b-c-d-e-f"),
    ):
        with pytest.raises(Refused, match="自己"):
            perform(action, actor("guanli"))


def test_an_administrator_gives_no_role_outside_their_organisations() -> None:
    for code in ("huadu", "huadu-czj", "review-firm"):
        with pytest.raises(Refused):
            perform(GiveRole(person("tianbao"), "auditor", org(code)), actor("guanli"))
        with pytest.raises(Refused):
            perform(CreatePerson("newone", "新同事", "x" * 12, "auditor", org(code)), actor("guanli"))


def test_roles_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(Invalid, match="管理员不能兼任"):
        perform(GiveRole(person("caiwu"), "administrator", org()), actor("guanli"))
    with pytest.raises(Invalid, match="审计"):
        perform(GiveRole(person("shenji"), "filler", org()), actor("guanli"))
    # what has ended counts no more
    Grant.objects.filter(user=person("shenji")).update(until=TODAY - timedelta(days=1))
    perform(GiveRole(person("shenji"), "filler", org()), actor("guanli"))


def test_nobody_takes_over_an_account_that_also_holds_something_elsewhere() -> None:
    found = person("tianbao")
    Grant.objects.create(user=found, role="filler", organisation=org("huadu-czj"))
    for action in (
        SetOneTimePassword(found, "x" * 12),
        SetActive(found, active=False),
        RenamePerson(found, "y"),
        GiveRole(found, "division_head", org()),
    ):
        with pytest.raises(Refused, match="不归您管理"):
            perform(action, actor("guanli"))
    # but what is held here may be ended here
    perform(TakeRole(Grant.objects.get(user=found, organisation__name="特种设备安全监察科")), actor("guanli"))


def test_an_account_of_the_system_is_nobodys() -> None:
    User.objects.filter(username="tianbao").update(is_superuser=True)
    with pytest.raises(Refused, match="系统账号"):
        perform(SetOneTimePassword(person("tianbao"), "x" * 12), actor("guanli"))


def test_an_administrator_of_a_division_reaches_only_that_division() -> None:
    division = Organisation.objects.get(name="特种设备安全监察科")
    User.objects.create(username="small", name="小管")
    Grant.objects.create(user=person("small"), role="administrator", organisation=division)
    perform(SetActive(person("tianbao"), active=False), actor("small"))
    with pytest.raises(Refused):
        perform(SetActive(person("caiwu"), active=False), actor("small"))
    text = client_of("small").get("/people/").content.decode()
    assert "李科长" in text
    assert "王财务" not in text
    assert client_of("small").get(f"/people/{person('caiwu').pk}/").status_code == 404


@pytest.mark.parametrize("username", ["tianbao", "chushi", "caiwu", "juzhang", "caizheng", "sanfang"])
def test_others_do_not_see_who_there_is(username: str) -> None:
    client = client_of(username)
    for path in ("/people/", "/people/new/", f"/people/{person('guanli').pk}/", "/people/organisations/"):
        assert client.get(path).status_code == 403


def test_the_auditor_sees_and_changes_nothing() -> None:
    client, found = client_of("shenji"), person("tianbao")
    text = client.get(f"/people/{found.pk}/").content.decode()
    assert "陈填报" in text
    assert "重置密码" not in text
    for path in (
        f"/people/{found.pk}/",
        f"/people/{found.pk}/active/",
        f"/people/{found.pk}/password/",
        f"/people/{found.pk}/roles/",
        f"/people/organisations/{BODY}/",
        f"/people/organisations/{BODY}/add/",
    ):
        assert client.post(path).status_code == 403
    assert client.get("/people/new/").status_code == 403


def test_the_list_is_searched_and_paged() -> None:
    client = client_of("guanli")
    assert "李科长" not in client.get("/people/", {"q": "王财"}).content.decode()
    assert "没有符合条件的用户" in client.get("/people/", {"q": "%_"}).content.decode()
    assert "李科长" not in client.get("/people/", {"q": "王\x00财"}).content.decode()
    assert "王财务" in client.get("/people/", {"q": "王\x00财"}).content.decode()
    division = Organisation.objects.get(name="特种设备安全监察科")
    text = client.get("/people/", {"at": division.code}).content.decode()
    assert "陈填报" in text
    assert "王财务" not in text
    # those of the finance bureau and the third party belong to others
    text = client.get("/people/").content.decode()
    assert "周财政" not in text
    assert "吴评审" not in text


# ---- organisations


def test_a_division_is_added_renamed_and_taken_out_of_use() -> None:
    client = client_of("guanli")
    answer = send(client, f"/people/organisations/{BODY}/add/", name="新科室", kind="division", short_name="")
    assert answer.status_code == 302
    made = Organisation.objects.get(name="新科室")
    assert made.path == f"{org().path}{made.code}/"
    assert last_line().action == "organisation.add"
    send(client, f"/people/organisations/{made.code}/", name="新科室二", short_name="新二")
    assert str(org(made.code)) == "新二"
    send(client, f"/people/organisations/{made.code}/active/", active="0")
    assert not org(made.code).is_active
    assert send(client, f"/people/organisations/{made.code}/active/", active="0").status_code == 409


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "new-name"),
        ({"name": "字" * 121}, "new-name"),
        ({"name": "特种设备安全监察科"}, "new-name"),
        ({"kind": "bureau"}, "new-kind"),
        ({"short_name": "字" * 41}, "new-short"),
    ],
)
def test_a_wrong_division_is_told_at_its_field(typed: dict[str, str], field: str) -> None:
    right = {"name": "新科室", "kind": "division", "short_name": ""}
    answer = client_of("guanli").post(f"/people/organisations/{BODY}/add/", {**right, **typed})
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()


def test_a_name_that_an_open_year_uses_waits_for_it() -> None:
    division = Organisation.objects.get(name="特种设备安全监察科")
    with pytest.raises(Refused, match="锁定后再改"):
        perform(RenameOrganisation(division, "特设科"), actor("guanli"))
    perform(RenameOrganisation(division, division.name, "特设科"), actor("guanli"))
    assert str(org(division.code)) == "特设科"
    in_state(TargetState.APPROVED, EvaluationState.FROZEN)
    perform(RenameOrganisation(division, "特设科", ""), actor("guanli"))


def test_an_organisation_in_use_is_not_taken_out_of_use() -> None:
    division = Organisation.objects.get(name="特种设备安全监察科")
    with pytest.raises(Refused, match="有效授权"):
        perform(SetInUse(division, active=False), actor("guanli"))
    with pytest.raises(Refused, match="在用的单位"):
        perform(SetInUse(org(), active=False), actor("guanli"))
    Grant.objects.filter(organisation=division).update(until=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="填报"):
        perform(SetInUse(division, active=False), actor("guanli"))


def test_organisations_of_others_are_neither_seen_nor_changed() -> None:
    client = client_of("guanli")
    assert client.get("/people/organisations/huadu-czj/").status_code == 404
    assert client.post("/people/organisations/huadu-czj/", {"name": "x"}).status_code == 403
    with pytest.raises(Refused):
        perform(AddPart(org("huadu"), "x", OrganisationKind.DIVISION), actor("guanli"))
    text = client.get("/people/organisations/").content.decode()
    assert "特种设备安全监察科" in text
    assert "花都区财政局" not in text


def test_whoever_comes_second_is_told() -> None:
    found = person("tianbao")
    perform(SetActive(found, active=False), actor("guanli"))
    with pytest.raises(Stale, match="刷新"):
        perform(SetActive(found, active=False), actor("guanli"))
