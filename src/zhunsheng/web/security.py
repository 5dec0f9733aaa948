"""The policy every answer carries: nothing from elsewhere, nothing inline."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
UPLOADED = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"
"""For content that somebody uploaded: it may be looked at and do nothing."""
SHOWN_PDF = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""For a PDF that is looked at. Browsers show one in a viewer of their own, which older ones do not start in a sandbox;
the viewer is an object with styles in its page. Nothing of the PDF itself runs in this site."""


class ContentPolicy:
    """Adds the policy where a view has not set a stricter one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the policy."""
        response = self._next(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if not request.path.startswith(("/static/", "/public/")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
