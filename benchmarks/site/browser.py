"""A person at the site, as far as the wire is concerned: cookies, forms, one connection a request."""

import http.client
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

from benchmarks.site import places

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        place: where a redirect leads; "" without one.
    """

    status: int
    place: str
    text: str


@dataclass(slots=True)
class Form:
    """A form of a page: where it is sent, and what stands in it."""

    action: str
    values: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._text: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.found.append(self._form)
        elif self._form is not None and "name" in given:
            name = given["name"]
            if tag == "textarea":
                self._text, self._form.values[name] = name, ""
            elif tag == "select":
                self._select = name
            elif tag == "input" and given.get("type") not in {"file", "checkbox", "radio", "submit"}:
                self._form.values[name] = given.get("value", "")
            elif tag == "input" and "checked" in given:
                self._form.values[name] = given.get("value", "on")
        elif (
            tag == "option"
            and self._form is not None
            and self._select is not None
            and ("selected" in given or self._select not in self._form.values)
        ):
            self._form.values[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """End."""
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        """Text, of which only what is written in a field counts."""
        if self._form is not None and self._text is not None:
            before = self._form.values[self._text]
            # a browser leaves out the line break right behind the tag
            self._form.values[self._text] = before + (data.removeprefix("\n") if not before else data)


def forms_of(text: str) -> list[Form]:
    """The forms of a page."""
    reader = _Forms()
    reader.feed(text)
    return reader.found


class Browser:
    """A browser with its cookies."""

    def __init__(self, port: int, username: str = "") -> None:
        self.port = port
        self.username = username
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> Answer:
        """Ask for a page."""
        return self._send("GET", address, None)

    def post(self, address: str, values: dict[str, str]) -> Answer:
        """Send a form."""
        return self._send("POST", address, urlencode(values))

    def sign_in(self) -> None:
        """Sign in by the form.

        Raises:
            RuntimeError: the site does not let the person in.
        """
        page = self.get("/accounts/login/")
        values = {
            "login": self.username,
            "password": places.PASSWORD,
            "csrfmiddlewaretoken": token_in(page.text),
        }
        answer = self.post("/accounts/login/", values)
        if answer.status != http.client.FOUND or "sessionid" not in self.cookies:
            raise RuntimeError(f"{self.username} cannot sign in: {answer.status}")

    def _send(self, method: str, address: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://127.0.0.1:{self.port}{address}"
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            for each in answer.headers.get_all("Set-Cookie", []):
                name, _, value = each.partition(";")[0].partition("=")
                self.cookies[name.strip()] = value.strip()
            return Answer(
                answer.status, answer.headers.get("Location", ""), content.decode("utf-8", "replace")
            )
        finally:
            connection.close()


def token_in(text: str) -> str:
    """The token against forged requests that a page carries.

    Raises:
        LookupError: it carries none.
    """
    found = _TOKEN.search(text)
    if found is None:
        raise LookupError("the page has no form")
    return unescape(found[1])
