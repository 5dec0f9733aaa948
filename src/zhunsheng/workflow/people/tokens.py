"""Tokens for programs: made once, shown once, kept as a digest, revoked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from zhunsheng.kernel.place import Place
from zhunsheng.store.database.models import ApiToken
from zhunsheng.workflow.action import Change, Invalid, Setting, Stale
from zhunsheng.workflow.people import wording
from zhunsheng.workflow.people.own_settings import OwnAction

PREFIX = "zs_"
"""Begins every token, so that one in a log or a file is recognised."""

LONGEST_DAYS, MOST = 366, 20


def new_token() -> str:
    """A token of 256 bits."""
    return PREFIX + token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class MakeToken(OwnAction):
    """Makes a token for one's own programs."""

    code = "token.make"
    label = "建立接口令牌"

    token: str
    name: str
    scope: str
    days: str

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Keep its digest."""
        user = self.locked(setting)
        problems = wording.text_problems(wording.TOKEN_NAME, "name", self.name, 60)
        if self.scope not in {"read", "write"}:
            problems.append(wording.TOKEN_SCOPE.at(Place(field="scope"), "没有这个范围"))
        days = int(self.days) if self.days.isascii() and self.days.isdecimal() and len(self.days) < 5 else 0
        if not 1 <= days <= LONGEST_DAYS:
            problems.append(wording.TOKEN_DAYS.at(Place(field="days"), "天数不在 1 到 366 之间"))
        valid = user.tokens.filter(revoked__isnull=True, expires__gt=setting.moment).count()
        if valid >= MOST:
            problems.append(wording.TOKEN_MANY.at(Place(field="name"), f"已有 {valid} 个有效的令牌"))
        if problems:
            raise Invalid(problems)
        made = ApiToken.objects.create(
            user=user,
            name=self.name.strip(),
            digest=digest_of(self.token),
            scope=self.scope,
            created=setting.moment,
            expires=setting.moment + timedelta(days=days),
        )
        after = {"name": made.name, "scope": made.scope, "expires": made.expires}
        yield Change(f"tokens/{made.pk}", None, after)


@dataclass(frozen=True)
class RevokeToken(OwnAction):
    """Ends a token at once."""

    code = "token.revoke"
    label = "吊销接口令牌"

    number: int

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """End it; only one's own."""
        found = ApiToken.objects.select_for_update().filter(pk=self.number, user=setting.actor.user).first()
        if found is None or found.revoked is not None:
            raise Stale("这个令牌不存在或已经吊销；请刷新页面")
        found.revoked = setting.moment
        found.save(update_fields=["revoked"])
        yield Change(f"tokens/{found.pk}", {"name": found.name}, {"revoked": found.revoked})
