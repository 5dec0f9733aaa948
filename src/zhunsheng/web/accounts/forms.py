"""The forms of signing in, in our words."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _


def _rules() -> str:
    return _(
        "至少 10 个字符；不能全是数字；不能是常见密码；不能与用户名、姓名相近；不能与原密码相同。"
        "建议用几个不相干的词连成一句。"
    )


PASSWORD_RULES = lazy(_rules, str)()
"""The rules of passwords in words, as the settings check them."""


def _say(form: forms.Form, words: dict[str, str]) -> None:
    for name, label in words.items():
        field = form.fields[name]
        field.label = label
        field.widget.attrs.pop("placeholder", None)


class SignIn(account.LoginForm):  # type: ignore[misc] # the library has no types
    """User name and password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"login": _("用户名"), "password": _("密码")})
        self.fields["login"].widget.attrs.update({"autocapitalize": "none", "spellcheck": "false"})


class ChangePassword(account.ChangePasswordForm):  # type: ignore[misc]
    """The old password and twice the new one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        words = {"oldpassword": _("当前密码"), "password1": _("新密码"), "password2": _("再输入一次新密码")}
        _say(self, words)
        self.fields["password1"].help_text = PASSWORD_RULES


class SetPassword(account.SetPasswordForm):  # type: ignore[misc]
    """Twice a password, for people who came by the single sign-on and have none."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password1": _("新密码"), "password2": _("再输入一次新密码")})
        self.fields["password1"].help_text = PASSWORD_RULES


class ConfirmPassword(account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password": _("密码")})


class _WithCode:
    """A form with the code of an authenticator."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"code": _("验证码")})  # type: ignore[arg-type] # mixed into a form
        self.fields["code"].widget.attrs["inputmode"] = "text"  # type: ignore[attr-defined]


class SecondFactor(_WithCode, mfa.AuthenticateForm):  # type: ignore[misc]
    """The code at signing in."""


class ConfirmCode(_WithCode, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The code once more."""


class TurnOnSecondFactor(_WithCode, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator."""
