"""Take the pictures of the documentation anew: `python -m tools.screenshots`, or `make screenshots`.

They show a site over the three articles of docs/tutorial.md, in Debian's Chromium, which packs them as WebP.
"""

import base64
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "pictures"
SOURCES = [f"examples/{name}.html" for name in ("live-flood", "flood-money", "flood-wall")]
CHROMIUM = "/usr/bin/chromium"
QUALITY = 0.8
MARGIN = 24
MOST = 100_000
"""Bytes that a picture may have."""

_PACK = """async ([png, quality]) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


@contextmanager
def site() -> Iterator[str]:
    """Serve a new archive of the articles; gives its address."""
    gazetteer = [sys.executable, "-m", "gazetteer"]
    with tempfile.TemporaryDirectory() as folder:
        options = ["--archive", f"{folder}/news.sqlite", "--tags", "examples/tags.toml"]
        subprocess.run([*gazetteer, "add", *SOURCES, *options], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        serving = subprocess.Popen(  # noqa: S603
            [*gazetteer, "serve", "--port", "0", *options], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        try:
            assert serving.stderr is not None
            yield serving.stderr.readline().partition(" is at ")[2].split()[0]
        finally:
            serving.terminate()
            serving.wait()


def tour(browser: Browser, address: str) -> Iterator[tuple[str, bytes]]:
    """Go the tutorial's way, and give the name of each picture with it as PNG."""
    page = browser.new_page(base_url=address, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    page.goto("/")
    yield "front-page", page.screenshot()
    page.get_by_role("link", name="Odell heckled").click()
    article = page.url
    yield "digest", page.screenshot()
    name = page.locator("details.name", has=page.locator("summary", has_text="Hamish Odell"))
    name.locator("summary").click()
    yield "names", _of(page, "section.names")
    page.goto("/entities")
    page.get_by_role("link", name="Hamish R. Odell").click()
    page.get_by_text("It is the same as another").click()
    page.get_by_label("The other’s name").fill("Hamish Odell")
    yield "correct", _of(page, "section.correct")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_role("button", name="Make them one").click()
    yield "entity", page.screenshot()
    page.goto("/search?q=grants+-football")
    yield "search", page.screenshot()
    page.close()
    yield "phone", _on_a_phone(browser, article)


def _of(page: Page, selector: str) -> bytes:
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(selector).bounding_box()
    assert box is not None
    x, y, width, height = (box[side] for side in ("x", "y", "width", "height"))
    clip = {"x": x - MARGIN, "y": y, "width": width + 2 * MARGIN, "height": height + MARGIN}
    return page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]


def _on_a_phone(browser: Browser, address: str) -> bytes:
    page = browser.new_page(
        viewport={"width": 390, "height": 844}, color_scheme="dark", reduced_motion="reduce", device_scale_factor=1.5
    )
    page.goto(address)
    picture = page.screenshot()
    page.close()
    return picture


def packed(page: Page, picture: bytes) -> bytes:
    """Give a picture as WebP."""
    return base64.b64decode(page.evaluate(_PACK, [base64.b64encode(picture).decode(), QUALITY]))


def main() -> None:
    """Take all pictures; those that are too large are told, and not kept."""
    with site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless=new", "--no-sandbox"])
        packer = browser.new_page()
        for name, picture in tour(browser, address):
            content = packed(packer, picture)
            if len(content) > MOST:
                sys.exit(f"{name} has {len(content):,} bytes, and {MOST:,} are the most")
            (OUT / f"{name}.webp").write_bytes(content)
            sys.stdout.write(f"{name}.webp  {len(content):,} bytes\n")
        browser.close()


if __name__ == "__main__":
    main()
