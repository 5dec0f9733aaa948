"""How programs say who they are: a bearer token that acts for the person who made it."""

from dataclasses import replace
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from zhunsheng.store.database.models import ApiToken
from zhunsheng.web.page import PageRequest
from zhunsheng.workflow.action import Refused
from zhunsheng.workflow.actor import Actor, actor_of
from zhunsheng.workflow.people.tokens import digest_of

REQUESTS_A_MINUTE = 600
"""How often a token, or an address without one, may ask."""

_NOTED_EVERY = timedelta(minutes=5)


class Token(HttpBearer):
    """Finds the person of a token. Cookies are not looked at, so a page of another site can do nothing here."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, or None when the token is not valid.

        Raises:
            Refused: the person must first change a password.
        """
        now = timezone.now()
        found = (
            ApiToken.objects.select_related("user")
            .filter(digest=digest_of(token), revoked__isnull=True, expires__gt=now, user__is_active=True)
            .first()
        )
        if found is None:
            return None
        if found.user.must_change_password:
            raise Refused("这个账号的密码须先修改：请在网页登录并修改密码，然后令牌继续有效")
        if found.last_used is None or now - found.last_used > _NOTED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used=now)
        address = str(request.META.get("REMOTE_ADDR", ""))
        actor = actor_of(found.user, timezone.localdate(now), "api", address)
        return replace(actor, may_write=found.scope == "write")


class PerMinute(BaseThrottle):
    """So many requests a minute for a person or, without a token, an address."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether one more may be made."""
        actor = getattr(request, "auth", None)
        who = f"u{actor.user.pk}" if actor is not None else f"a{request.META.get('REMOTE_ADDR', '')}"
        key = f"api-{who}-{int(timezone.now().timestamp()) // 60}"
        if cache.add(key, 1, 120):
            return True
        try:
            return cache.incr(key) <= REQUESTS_A_MINUTE
        except ValueError:
            # it ran out between the two
            return True

    def wait(self) -> float:
        """Seconds until the next minute."""
        return 60 - timezone.now().timestamp() % 60


class ApiRequest(PageRequest):
    """A request with who asks and what the address names."""

    auth: Actor | None
