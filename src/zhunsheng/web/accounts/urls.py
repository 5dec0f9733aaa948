"""Addresses for signing in; of the library only what is wanted.

Nobody signs up, resets a password by mail or connects an identity by hand, so those pages do not exist.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.urls import URLPattern, URLResolver, include, path

from zhunsheng.web.accounts import second_factor, views
from zhunsheng.web.accounts.interrupted import interrupted

assert second_factor  # noqa: S101 - its receivers listen once it is imported

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    # for people who came by the single sign-on and have no password of their own
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/two-factor/", mfa.index, name="mfa_index"),
    path("accounts/two-factor/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/two-factor/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/two-factor/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/two-factor/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/two-factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "accounts/two-factor/codes/generate/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/two-factor/codes/download/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("accounts/sessions/", sessions.list_usersessions, name="usersessions_list"),
    # accounts/oidc/sso/login/ and …/callback/
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("accounts/sso/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("accounts/sso/error/", social.login_error, name="socialaccount_login_error"),
    path("me/", views.settings, name="settings"),
    path("me/interrupted/", interrupted, name="interrupted"),
    path("me/tokens/", views.make_token, name="token_make"),
    path("me/tokens/<int:token>/revoke/", views.revoke_token, name="token_revoke"),
]
