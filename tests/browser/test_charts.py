"""A chart is taken along as a picture and as vectors, by the keyboard; its figures stay below it as a table."""

import io
from collections.abc import Iterator

import pytest
from lxml import etree
from pages_shown import ShownSite, View, Walk, views
from PIL import Image
from playwright.sync_api import Browser, Download, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
VIEWS = [each for each in views() if each.page in {"indicator", "indicator_board"} and each.name == "data"]


@pytest.fixture(params=VIEWS, ids=str)
def page(request: pytest.FixtureRequest, browser: Browser, shown: ShownSite) -> Iterator[Page]:
    view: View = request.param
    walk = Walk(browser, shown)
    with walk.opened(view) as found:
        said: list[str] = []
        found.on("console", lambda each: said.append(each.text))
        yield found
        # the policy of the page was kept
        assert said == []
    walk.close()


def taken(figure: Locator, button: str) -> Download:
    """What comes down when the button is pressed by the keyboard."""
    with figure.page.expect_download() as found:
        figure.locator(f"[{button}]").focus()
        figure.page.keyboard.press("Enter")
    return found.value


def content(download: Download) -> bytes:
    return download.path().read_bytes()


def test_a_chart_is_saved_as_a_picture_and_as_vectors_and_keeps_its_table(page: Page) -> None:
    figure = page.locator("figure.chart").first
    title = figure.get_attribute("data-title")
    assert title
    drawn = figure.locator("[data-chart-picture] svg").bounding_box()
    assert drawn is not None

    picture = taken(figure, "data-chart-save")
    assert picture.suggested_filename == f"{title}.png"
    image = Image.open(io.BytesIO(content(picture))).convert("RGB")
    # twice as sharp as the screen, the title above
    assert image.width == pytest.approx(drawn["width"] * 2, abs=2)
    assert image.height == pytest.approx(drawn["height"] * 2 + 80, abs=2)
    below = image.crop((0, 80, image.width, image.height)).getcolors(1 << 24)
    assert below is not None
    # the first colour of all charts, of a line or bars that go over the picture
    assert {colour: count for count, colour in below}.get((11, 78, 162), 0) > image.width / 4

    vectors = taken(figure, "data-chart-vector")
    assert vectors.suggested_filename == f"{title}.svg"
    root = etree.fromstring(content(vectors))
    assert etree.QName(root).localname == "svg"
    assert float(root.get("height") or 0) == pytest.approx(drawn["height"] + 40, abs=1)
    texts = [each.text for each in root.iter("{*}text")]
    assert texts[0] == title
    assert root.findtext("{*}title") == title
    assert len(texts) > 5
    assert len(list(root.iter("{*}path"))) > 5
    assert not list(root.iter("{*}script"))

    table = figure.locator("[data-chart-data]")
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    assert table.locator("tbody tr").first.is_visible()


def test_what_is_saved_is_drawn_by_a_browser_as_a_picture(page: Page) -> None:
    figure = page.locator("figure.chart").first
    written = content(taken(figure, "data-chart-vector")).decode()
    other = page.context.new_page()
    try:
        other.set_content(written)
        outer, *words = other.evaluate(
            "() => [document.querySelector('svg'), ...document.querySelectorAll('svg text')]"
            ".map(each => each.getBoundingClientRect().toJSON())"
        )
        assert len(words) > 5
        for each in words:
            assert outer["left"] <= each["left"] + 1
            assert each["right"] <= outer["right"] + 1
            assert outer["top"] <= each["top"] + 1
            assert each["bottom"] <= outer["bottom"] + 1
    finally:
        other.close()
