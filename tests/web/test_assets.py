"""Files of the pages: those of others are what they say, ours keep the policy, weight and contrast."""

import gzip
import hashlib
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files import File

import zhunsheng.web

WEB = Path(zhunsheng.web.__file__).parent
STATIC = WEB / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
OWN = sorted(path for path in STATIC.iterdir() if path.suffix in {".js", ".css", ".svg"})
PINNED = Path(__file__).parents[2] / "scripts" / "vendor_assets.txt"
PERMISSIVE = {"MIT", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC"}
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def manifest() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
    return entries


def pinned() -> set[tuple[str, ...]]:
    lines = PINNED.read_text("utf-8").splitlines()
    return {tuple(line.split()[1:5]) for line in lines if line and not line.startswith("#")}


def test_every_file_of_others_is_in_the_manifest_with_its_hash() -> None:
    named = {
        f"{entry['directory']}/{name}": digest
        for entry in manifest()
        for name, digest in entry["files"].items()
    }
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert len(named) >= 10
    assert found == named


def test_manifest_holds_exactly_what_is_pinned() -> None:
    fields = ("package", "version", "licence", "integrity")
    held = {
        tuple(part[field] for field in fields) for entry in manifest() for part in (entry, *entry["contains"])
    }
    assert held == pinned()


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: entry["directory"])
def test_licences_are_permissive_and_lie_beside_the_files(entry: dict[str, Any]) -> None:
    assert {part["licence"] for part in (entry, *entry["contains"])} <= PERMISSIVE
    texts = [name for name in entry["files"] if name.startswith("LICENSE")]
    assert len(texts) > len(entry["contains"])
    assert all((VENDOR / entry["directory"] / name).stat().st_size > 150 for name in texts)


def test_no_source_maps() -> None:
    for path in VENDOR.rglob("*"):
        assert path.suffix != ".map"
        if path.suffix in {".js", ".css"}:
            assert b"sourceMappingURL" not in path.read_bytes(), path


def head_files() -> list[str]:
    """What the head of every page names, in its order."""
    text = (WEB / "templates" / "components" / "head.html").read_text("utf-8")
    return re.findall(r"(?:src|href)=\"\{% static '([^']+)' %\}\"", text)


def test_first_load_is_light() -> None:
    names = head_files()
    assert {"theme.css", "components.js", "forms.js"} <= set(names)
    assert all(finders.find(name) for name in names)
    total = sum(len(gzip.compress((STATIC / name).read_bytes(), mtime=0)) for name in names)
    assert total < 300_000, total


def test_components_are_registered_before_alpine_starts() -> None:
    names = head_files()
    alpine = next(name for name in names if "alpine" in name)
    assert names.index("components.js") < names.index(alpine)


def test_hashed_names_can_be_made(tmp_path: Path) -> None:
    """In production every name gets a hash, and every address inside a style sheet must be found."""
    storage = ManifestStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    found = {}
    for path in STATIC.rglob("*"):
        if path.is_file():
            name = path.relative_to(STATIC).as_posix()
            with path.open("rb") as source:
                storage.save(name, File(source))
            found[name] = (storage, name)
    results = list(storage.post_process(found))
    assert not [outcome for _name, _hashed, outcome in results if isinstance(outcome, Exception)]
    assert storage.url("theme.css") != "/static/theme.css"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB / "templates").as_posix())
def test_templates_have_nothing_inline(path: Path) -> None:
    text = COMMENT.sub("", path.read_text("utf-8"))
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all(" src=" in tag or 'type="application/json"' in tag for tag in scripts)
    assert "<style" not in text
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"hx-on\b|javascript:|\bjs:", text)


@pytest.mark.parametrize("path", [*TEMPLATES, *OWN], ids=lambda path: path.relative_to(WEB).as_posix())
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|[\"'(]//\w", text)


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if path.parent.name in {"templates", "components", "errors"}],
    ids=lambda path: path.relative_to(WEB / "templates").as_posix(),
)
def test_chinese_text_stands_in_translations(path: Path) -> None:
    text = COMMENT.sub("", path.read_text("utf-8"))
    text = re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    assert not re.findall(r"[\u4e00-\u9fff]+", text)


# ---- contrast, computed from the colours in the style sheet by the formula of WCAG 2.2


def colours() -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})\b", (STATIC / "theme.css").read_text("utf-8")))


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_formula_on_known_pairs() -> None:
    assert contrast("#fff", "#000") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.005)  # the known limit grey on white


TEXT = [
    (text, ground)
    for text in ("ink", "ink-soft", "blue", "blue-deep")
    for ground in ("paper", "page", "blue-pale")
] + [
    ("red", "paper"),
    ("red", "page"),
    ("red", "red-pale"),
    ("ink", "red-pale"),
    ("green", "paper"),
    ("ink", "green-pale"),
    ("ochre", "paper"),
    ("ochre", "ochre-pale"),
    ("ink", "ochre-pale"),
    ("paper", "blue"),
    ("paper", "red"),
]


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(colours()[text], colours()[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "page"])
def test_edges_of_controls_can_be_seen(ground: str) -> None:
    assert contrast(colours()["edge"], colours()[ground]) >= 3


def test_large_type_is_a_quarter_larger() -> None:
    text = (STATIC / "theme.css").read_text("utf-8")
    size = re.search(r"html\[data-type=\"large\"\] \{ font-size: (\d+)%; \}", text)
    assert size is not None
    assert Fraction(int(size[1]), 100) == Fraction(5, 4)
