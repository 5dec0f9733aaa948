"""A form that was sent after its session had ended: kept through the sign-in, to be shown and sent on with one click.

Browsers with scripts keep what was typed themselves (`static/forms.js`) and say so in the form; this is for all others,
and for forms that scripts do not keep.
"""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

KEPT_BY_PAGE = "kept-by-page"
"""Name of a field with which a page says that it keeps the form itself."""
KEY = "interrupted"
"""Where the session has it."""
_MOST = 200_000
"""Characters that are kept; a longer form is a workbook in disguise."""
_NEVER = frozenset({"csrfmiddlewaretoken", KEPT_BY_PAGE})


def keep(request: HttpRequest) -> bool:
    """Keep a form that nobody is signed in for, with the session that the sign-in takes over; whether it was kept."""
    by_script = KEPT_BY_PAGE in request.POST or request.headers.get("HX-Request") == "true"
    if by_script or request.path.startswith(("/accounts/", "/api/")):
        return False
    values = [
        [name, value]
        for name, found in request.POST.lists()
        if name not in _NEVER and "password" not in name
        for value in found
    ]
    if not any(value for _name, value in values) or sum(len(n) + len(v) for n, v in values) > _MOST:
        return False
    request.session[KEY] = {
        "to": request.get_full_path(),
        "from": _page_of(request),
        "values": values,
        "files": bool(request.FILES),
    }
    return True


def _page_of(request: HttpRequest) -> str:
    """The page the form stood on, when it is one of ours; the address it was sent to otherwise."""
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()})
    return referrer if ours else request.get_full_path()


def is_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that a form was sent from a page of this site."""
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
