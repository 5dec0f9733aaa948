"""Pictures of every page at two widths, with data, empty, with errors: docs/gallery with a page that shows them.

Starts the demonstration with a record store, walks over the list of tests/cases/shown/pages.yaml as the right people.
"""

import argparse
import io
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "worlds"))

from browsing import NARROW, WIDE, chromium, chromium_path  # noqa: E402 - found from the root of the project
from pages_shown import ShownSite, View, Walk, in_order, listed, shown_site, views  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Error as PlaywrightError  # noqa: E402

TARGET = ROOT / "docs" / "gallery"
MOST = 3_000_000
"""Bytes of the whole folder."""
TALL = {1440: 1120, 390: 900}
"""How much of a page is shown, in pixels of the page."""
SHOWN = {1440: 800, 390: 273}
"""Width of the pictures."""
QUALITY = 16
NAMES = {"data": "有数据", "empty": "没有数据", "errors": "有错误", "refused": "没有权限"}


def picture(page_bytes: bytes, width: int) -> bytes:
    """The picture of a page, made small."""
    image = Image.open(io.BytesIO(page_bytes)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, TALL[width])))
    scale = SHOWN[width] / width
    image = image.resize((SHOWN[width], round(image.height * scale)), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=QUALITY, method=6)
    return stream.getvalue()


def take(walk: Walk, view: View, target: Path) -> int:
    """Both pictures of a view; how many bytes."""
    total = 0
    with walk.opened(view) as page:
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type] # width and height
            # pictures of charts are drawn again
            page.wait_for_timeout(200)
            content = picture(page.screenshot(full_page=True, animations="disabled"), size["width"])
            (target / f"{view}-{size['width']}.webp").write_bytes(content)
            total += len(content)
    return total


def written() -> str:
    """The page that shows them, in the order of the list."""
    lines = [
        "# 界面图集",
        "",
        "每个页面的样子：宽屏（1440 像素）和手机（390 像素），有数据、没有数据、有错误、没有权限。长页面只截上部。",
        "数据是花都 2023 年度的演示，台账为合成数据。由 `make gallery` 生成，页面清单在 `tests/cases/shown/pages.yaml`。",
    ]
    last = ""
    for each in views():
        if each.page != last:
            lines += ["", f"## {each.label}"]
            last = each.page
        words = "，".join(filter(None, (NAMES.get(each.name, ""), each.note)))
        lines += [
            "",
            f"{words}：",
            "",
            " ".join(
                f'<img src="{each}-{width}.webp" alt="{each.label}，{words}，{screen}" width="{wide}">'
                for width, screen, wide in ((1440, "宽屏", 640), (390, "手机", 200))
            ),
        ]
    return "\n".join(lines) + "\n"


def walked(site: ShownSite, target: Path, only: set[str]) -> list[str]:
    """All pictures; what could not be taken, with the reason."""
    total, begun, faults = 0, time.perf_counter(), []
    with chromium() as browser:
        walk = Walk(browser, site)
        wanted = [each for each in in_order(views()) if not only or each.page in only]
        for number, each in enumerate(wanted, 1):
            try:
                total += take(walk, each, target)
            except (AssertionError, PlaywrightError) as fault:
                faults.append(f"{each}: {str(fault).splitlines()[0]}")
            print(
                f"\r{number}/{len(wanted)} {each} {total // 1000} kB {time.perf_counter() - begun:.0f} s\033[K",
                end="",
            )
        walk.close()
    print()
    return faults


def main() -> None:
    """Take the pictures.

    Raises:
        SystemExit: they are too many or too large.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="only these pages, by the names of their addresses")
    parser.add_argument("--scale", default="0.05", help="of the generated records")
    chosen = parser.parse_args()
    unknown = set(chosen.pages) - set(listed()["pages"])
    if unknown:
        raise SystemExit(f"no such pages: {', '.join(sorted(unknown))}")
    if chromium_path() is None:
        raise SystemExit(
            "没有 Chromium。Debian 上：apt-get install chromium；在别处的用 ZHUNSHENG_CHROMIUM 指定"
        )
    TARGET.mkdir(parents=True, exist_ok=True)
    if not chosen.pages:
        for old in TARGET.glob("*.webp"):
            old.unlink()
    with shown_site(chosen.scale) as site:
        faults = walked(site, TARGET, set(chosen.pages))
    (TARGET / "README.md").write_text(written(), encoding="utf-8")
    total = sum(each.stat().st_size for each in TARGET.iterdir())
    print(f"{TARGET.relative_to(ROOT)}: {len(views()) * 2} pictures, {total / 1_000_000:.2f} MB")
    if faults:
        raise SystemExit("\n".join(["these pictures were not taken:", *faults]))
    if total > MOST:
        raise SystemExit(f"docs/gallery is larger than {MOST // 1_000_000} MB")


if __name__ == "__main__":
    main()
