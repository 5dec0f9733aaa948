"""What of a page could act: markup that a text brought along."""

from html.parser import HTMLParser
from typing import Any


class _Tags(HTMLParser):
    """Collects what could act on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.acting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            leads = name in {"href", "src", "action", "formaction"} and str(value).strip().lower().startswith(
                ("javascript:", "data:text")
            )
            if name.startswith("on") or leads or name == "style" or (tag == "img" and value == "x"):
                self.acting.append(f"<{tag} {name}={value!r}>")
        if tag == "script" and not any(name in {"src", "type"} for name, _ in attrs):
            self.acting.append("<script>")


def acting(answer: Any) -> list[str]:
    """Everything on the page that could act; nothing for what is no page."""
    if answer.streaming or "html" not in answer.get("Content-Type", ""):
        answer.close()
        return []
    text = answer.content.decode()
    found = _Tags()
    found.feed(text)
    return found.acting
