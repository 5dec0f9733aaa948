"""Who a program acts for."""

from ninja import Router, Schema

from zhunsheng.web.api.operations import operation
from zhunsheng.web.api.tokens import ApiRequest

ROUTER = Router(tags=["me"])


class RoleShape(Schema):
    """A role and where it is held."""

    role: str
    label: str
    organisation: str
    organisation_name: str


class MeShape(Schema):
    """A person, what they hold today, and whether this token may write."""

    username: str
    name: str
    language: str
    may_write: bool
    roles: list[RoleShape]


@operation(ROUTER, "GET", "/me", "self.use", MeShape, summary="当前令牌的用户和角色")
def me(request: ApiRequest) -> dict[str, object]:
    """Who the token acts for."""
    actor = request.actor
    assert actor.user is not None  # noqa: S101 - the right asks for a person
    return {
        "username": actor.user.username,
        "name": actor.user.name,
        "language": actor.user.language,
        "may_write": actor.may_write,
        "roles": [
            {
                "role": each.role.value,
                "label": each.role.label,
                "organisation": each.organisation.code,
                "organisation_name": each.organisation.name,
            }
            for each in actor.holdings
        ],
    }
