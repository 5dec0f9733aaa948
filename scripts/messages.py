"""Bring the English catalogue up to what the site says, and compile it.

    python scripts/messages.py          write src/zhunsheng/web/locale/en/LC_MESSAGES/django.po and .mo
    python scripts/messages.py --check  change nothing; say what is missing

Messages stand in templates and in Python of the site and the workflow; the names that the core has for its things come
from `zhunsheng.web.labels`. Needs no GNU gettext.
"""

import ast
import atexit
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "src/zhunsheng"
CATALOGUE = PACKAGE / "web/locale/en/LC_MESSAGES/django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
PYTHON = ("web", "workflow")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in the header; a true one would change the file with every run."""


def _settled() -> None:
    """Set Django up without touching the data of a site."""
    import django  # noqa: PLC0415 - only when nothing is set up yet
    from django.apps import apps  # noqa: PLC0415

    if not apps.ready:
        data = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, data, ignore_errors=True)
        os.environ["ZHUNSHENG_DATA"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.web.settings")
        django.setup()


def _in_templates() -> Iterator[tuple[str, bytes]]:
    from django.utils.translation.template import templatize  # noqa: PLC0415 - needs settings

    root = PACKAGE / "web/templates"
    for path in sorted(each for each in root.rglob("*") if each.suffix in {".html", ".txt"}):
        name = path.relative_to(PACKAGE).as_posix()
        source = templatize(path.read_text(encoding="utf-8"), origin=name)
        # indentation means nothing in a template
        yield name, "\n".join(line.strip() for line in source.split("\n")).encode()


def _in_python() -> Iterator[tuple[str, bytes]]:
    for part in PYTHON:
        for path in sorted((PACKAGE / part).rglob("*.py")):
            yield path.relative_to(PACKAGE).as_posix(), path.read_bytes()


def _steps(source: bytes) -> Iterator[str]:
    """How far a job says it is, `work.progress(20, "…")`: kept in Chinese, translated when it is shown."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "progress"
        ):
            for each in node.args[1:]:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


def extracted() -> Catalog:
    """All messages there are, without translation."""
    _settled()
    from zhunsheng.web.labels import labels  # noqa: PLC0415 - needs the models

    found = Catalog(charset="utf-8")
    for name, source in (*_in_templates(), *_in_python()):
        for _line, message, _comments, context in extract("python", io.BytesIO(source), KEYWORDS):
            found.add(message, locations=[(name, 0)], context=context)
    for name, source in _in_python():
        for step in _steps(source):
            found.add(step, locations=[(name, 0)])
    for label, where, context in labels():
        if label:
            found.add(label, locations=[(where, 0)], context=context)
    return found


def read() -> Catalog:
    """The catalogue as it stands; an empty one when there is none."""
    if not CATALOGUE.is_file():
        return _empty()
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def _empty() -> Catalog:
    return Catalog(
        locale="en",
        project="zhunsheng",
        charset="utf-8",
        header_comment="# English for the site; the messages themselves are Chinese. See docs/interface.md.",
        language_team="none",
        last_translator="Zhunsheng contributors",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        fuzzy=False,
    )


def updated(old: Catalog) -> Catalog:
    """All messages there are, with the translations that are known; what is no longer said is dropped."""
    new = _empty()
    for message in sorted(extracted(), key=lambda each: (str(each.id), each.context or "")):
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        kept = known.string if known is not None and known.pluralizable == message.pluralizable else None
        files = sorted({name for name, _line in message.locations})
        new.add(
            message.id,
            kept,
            locations=[(name, 0) for name in files],
            flags=message.flags,
            context=message.context,
        )
    return new


def as_po(catalogue: Catalog) -> bytes:
    """The text of the catalogue."""
    file = io.BytesIO()
    write_po(file, catalogue, width=110, include_lineno=False)
    return file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The compiled catalogue."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """Messages without English."""
    found = []
    for message in catalogue:
        if message.id:
            strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
            if not all(strings) or message.fuzzy:
                found.append(message.id if isinstance(message.id, str) else message.id[0])
    return found


def main(arguments: list[str]) -> int:
    """Write or check the catalogue; 1 when a message has no English."""
    old = read()
    new = updated(old)
    missing = untranslated(new)
    for each in missing:
        print(f"没有英文：{each}")
    if "--check" in arguments:
        stale = {each.id for each in old} != {each.id for each in new}
        if stale:
            print("目录与页面不一致：运行 make messages")
        return int(bool(missing) or stale)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(as_po(new))
    COMPILED.write_bytes(as_mo(new))
    print(f"{len(new)} 条，{len(missing)} 条没有英文")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
