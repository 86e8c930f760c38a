"""What every test in a real browser needs: the browser, axe-core, and a place for pictures."""

import importlib.util
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright
from system_parts import require

STUDIES = Path(__file__).parents[2] / "data" / "studies"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

WAIT_MS = 30_000
"""Pages take tenths of a second; a busy machine may take many times that."""

QUIET_MS = 300
"""So long nothing on the page has moved: a chart draws itself in one go."""

_STILL = """quiet => new Promise(done => {
  const app = document.querySelector("[data-testid=stApp]");
  const running = () => app && app.dataset.testScriptState !== "notRunning"
    || document.querySelector("[data-testid=stVegaLiteChart]:not(:has(svg, canvas))");
  let timer;
  const again = () => { clearTimeout(timer); timer = setTimeout(look, quiet); };
  const look = () => { if (running()) return again(); watch.disconnect(); done(); };
  const watch = new MutationObserver(again);
  watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  again();
})"""

SCREENSHOTS = os.environ.get("SYNERGY_SCREENSHOTS")
"""A folder to keep pictures in, for whoever looks at them; without it none are taken."""


@contextmanager
def chromium():
    """The system's browser; skips loudly where there is none."""
    require(CHROMIUM, "Chromium", "apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


def axe_script():
    """The accessibility rules, as a script to run in a page."""
    spec = importlib.util.find_spec("axe_playwright_python")
    require(spec, "axe-core", "pip install axe-playwright-python")
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page, script=None):
    """What breaks WCAG 2.2 A or AA on the page as it is, each with the first places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(script or axe_script())
    result = page.evaluate("(values) => axe.run({runOnly: {type: 'tag', values}})", TAGS)
    return [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in result["violations"]]


def still(page):
    """Wait until the page's script has run, its charts are drawn and nothing moves any more."""
    page.evaluate(_STILL, QUIET_MS)


def picture(page, name):
    """The whole page: the framework scrolls inside a frame that is as high as the window."""
    if SCREENSHOTS:
        seen = page.viewport_size
        high = "document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 0"
        page.set_viewport_size({**seen, "height": max(seen["height"], page.evaluate(high))})
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)
        page.set_viewport_size(seen)
