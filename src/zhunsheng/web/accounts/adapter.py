"""How people sign in: accounts are made by an administrator, never by signing up."""

from secrets import token_urlsafe
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhunsheng.store.database.models import User
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.actor import actor_of
from zhunsheng.workflow.people.own_settings import ChangePassword

_WRONG_CODE = gettext_lazy("验证码不对。请输入验证器上当前显示的 6 位数字，或一个没有用过的恢复码。")


class SecondFactorWords(DefaultMFAAdapter):  # type: ignore[misc] # the library has no types
    """The second factor, in our words."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
    }


class NoSignUp(DefaultAccountAdapter):  # type: ignore[misc] # the library has no types
    """No one makes an account for themselves."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "用户名或密码不对。连续输错 5 次会锁定 30 分钟；忘记密码请联系本单位管理员重置。"
        ),
        "enter_current_password": gettext_lazy("当前密码不对，请重新输入。"),
        "incorrect_password": gettext_lazy("密码不对，请重新输入。"),
        "incorrect_code": gettext_lazy(
            "验证码不对。请输入验证器上当前显示的 6 位数字，或一个没有用过的恢复码。"
        ),
        "too_many_login_attempts": gettext_lazy("尝试次数太多，请过几分钟再试。"),
        "rate_limited": gettext_lazy("尝试次数太多，请过几分钟再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as the base class
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401 - as the base class
        """Wrong passwords are counted in the database by the lockout, for all processes together."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address the server saw; behind a proxy the server is told to trust it."""
        return str(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104 - no binding, a placeholder

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of this very site may be gone on to."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={context.request.get_host()}, require_https=context.request.is_secure()
        )

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Check a new password.

        Raises:
            ValidationError: it is too weak or the old one.
        """
        checked: str = super().clean_password(password, user)
        if user is not None and user.has_usable_password() and user.check_password(checked):
            raise ValidationError(_("新密码不能与原密码相同。"))
        return checked

    def set_password(self, user: User, password: str) -> None:
        """Set a person's own new password and leave a line of it."""
        address = self.get_client_ip(context.request)
        perform(ChangePassword(user, password), actor_of(user, timezone.localdate(), "web", address))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - as the base class
        """After the password was changed: to work."""
        return reverse("home")


class KnownPeopleOnly(DefaultSocialAccountAdapter):  # type: ignore[misc] # the library has no types
    """Whoever comes from the single sign-on must have an account with the same user name."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - as the base class
        """Never."""
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:  # noqa: ARG002 - as the base class
        """Back to the settings."""
        return reverse("settings")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connect a person who is known, turn away anybody else."""
        if sociallogin.state.get("process") == "connect":
            # an identity belongs to the account of the same name and to no other
            raise ImmediateHttpResponse(redirect("settings"))
        if not sociallogin.is_existing:
            name = _user_name(sociallogin.account.extra_data)
            found = User.objects.filter(username=name, is_active=True).first() if name else None
            if found is None:
                raise ImmediateHttpResponse(
                    render(request, "accounts/unknown_person.html", {"name": name}, status=403)
                )
            sociallogin.connect(request, found)
        if sociallogin.user.must_change_password:
            # a password that was never used and will not be needed: nobody shall know it
            sociallogin.user.set_password(token_urlsafe(32))
            sociallogin.user.must_change_password = False
            sociallogin.user.save(update_fields=["password", "must_change_password"])


def _user_name(told: dict[str, Any]) -> str:
    """The user name that the single sign-on tells, wherever it stands."""
    for part in (told, told.get("userinfo"), told.get("id_token")):
        if isinstance(part, dict) and part.get("preferred_username"):
            return str(part["preferred_username"])
    return ""


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name under which wrong passwords are counted: that of the account, however it was spelled this time."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(given).strip().lower()


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """Too many wrong passwords."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    limit = {"failures": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    return render(request, "accounts/locked_out.html", limit, status=429)
