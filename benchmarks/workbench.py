"""The workbench's bars: first paint, a changed choice, and respondents while an analysis runs.

`python -m benchmarks.workbench [respondents]`. One server process with the study of the demo; an analyst's
browser and a crowd of respondents run on the same machine. A changed choice is measured from the click until
the page shows what it stands for. Bars: first paint of a warm server under 2 s, a changed choice under 1 s
with 2,000 respondents, respondents' pages as fast beside an analysis as without one.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from analysis.pages.words import words
from analysis.planning.simulate import simulate
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.load_measure import measure
from benchmarks.tools.load_server import served
from benchmarks.tools.measure import report
from benchmarks.tools.parts import CHROMIUM
from questionnaire.access.connect import open_access
from questionnaire.loading import load_study
from questionnaire.web.cookies import SESSION

STUDY = Path(__file__).parents[1] / "data" / "studies" / "social_capital.yaml"
RESPONDENTS = 2000
USERS = 100
CROWD_SECONDS = 25.0
PAINTS = 5
PAINT_BAR, CHOICE_BAR = 2.0, 1.0
ANALYSIS_MS = 1_800_000
SAY = words("en")


class Rows:
    """What has been measured, said at once: the whole takes minutes."""

    def __init__(self) -> None:
        self.found: list[tuple[str, float, str]] = []

    def add(self, row: tuple[str, float, str]) -> None:
        self.found.append(row)
        print(f"{row[0]}: {row[1]:.4g} {row[2]}", flush=True)


def run(n: int) -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    rows = Rows()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        answers = folder / "answers.csv"
        simulate(load_study(STUDY), n, seed=1).to_csv(answers, index=False)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM.place,
            args=["--no-sandbox", "--disable-gpu"],
        )
        with served(folder, STUDY) as (url, pid):
            visit = _analyst(browser, f"sqlite:///{folder}/load.sqlite", url)
            paints = [_paint(visit, url) for _ in range(PAINTS + 1)]
            rows.add(("first paint, first of all (s)", paints[0], "libraries are loaded"))
            rows.add((f"first paint, median of {PAINTS} (s)", float(np.median(paints[1:])), f"< {PAINT_BAR}"))
            code = load_study(STUDY).code
            alone = measure("light", url, pid, USERS, CROWD_SECONDS, code)
            rows.add((f"{USERS} respondents, p95 of a page (ms)", 1000 * alone.p95, "no analysis"))
            page = _page(visit, url)
            with _analysis(page, answers, rows, n):
                beside = measure("light", url, pid, USERS, CROWD_SECONDS, code)
            rows.add((f"{USERS} respondents, p95 of a page (ms)", 1000 * beside.p95, "beside an analysis"))
            for label, seconds in _choices(page):
                rows.add((f"{label} (s)", seconds, f"< {CHOICE_BAR}"))
        browser.close()
    report(f"The workbench with {n:,} respondents", rows.found)


def _analyst(browser: Any, database: str, url: str) -> Callable[[], Any]:
    """A maker of fresh browsers' contexts, signed in."""
    access = open_access(database)
    secret = access.first_owner_link()
    assert secret is not None
    cookie = access.welcome(secret, "analyst@uni.example", "a long walk along the river")
    access.store.close()

    def visit() -> Any:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": SESSION, "value": cookie, "url": url}])
        return context

    return visit


def _paint(visit: Callable[[], Any], url: str) -> float:
    """Seconds until a browser with an empty cache shows the page's own choice of answers."""
    context = visit()
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"{url}/workbench", wait_until="commit")
    page.get_by_text(SAY("answers"), exact=True).first.wait_for(timeout=60_000)
    spent = time.perf_counter() - start
    context.close()
    return spent


def _page(visit: Callable[[], Any], url: str) -> Any:
    page = visit().new_page()
    page.goto(f"{url}/workbench")
    return page


@contextmanager
def _analysis(page: Any, answers: Path, rows: Rows, n: int) -> Iterator[None]:
    """An analysis runs inside; its seconds, as the analyst waits for them, are added to ``rows``."""
    page.get_by_text(SAY("upload")).click()
    page.locator("input[type=file]").set_input_files(answers)
    start = time.perf_counter()
    page.get_by_role("button", name=SAY("analyse")).click(timeout=120_000)
    page.get_by_role("button", name=SAY("cancel")).wait_for()
    yield
    page.get_by_role("button", name=SAY("cancel")).wait_for(state="detached", timeout=ANALYSIS_MS)
    page.get_by_test_id("stAlertContentSuccess").wait_for(timeout=60_000)
    rows.add(("the whole analysis with its report (s)", time.perf_counter() - start, f"n = {n:,}"))


STILL_MS = 4000
"""Charts of a page just opened are drawn by then, so that what follows is the choice's own doing."""


def _choices(page: Any) -> Iterator[tuple[str, float]]:
    """Every page and what is chosen on it, as (what, seconds until it is shown)."""

    def opened(name: str, part: str = "") -> None:
        page.get_by_role("radio", name=SAY(f"view_{name}"), exact=True).click()
        page.get_by_role("heading", name=SAY(f"view_{name}"), exact=True).first.wait_for()
        if part:
            page.get_by_role("radio", name=SAY(f"part_{part}"), exact=True).click()
            page.wait_for_timeout(STILL_MS)

    def chosen(label: str, place: int) -> float:
        """Seconds from the click on another entry of the list until the last of the charts is drawn again."""
        page.get_by_role("combobox", name=label).click()
        option = page.get_by_role("option").nth(place)
        option.wait_for()
        page.evaluate(_WATCH)
        option.click()
        return float(page.evaluate("window.drawnAgain"))

    opened("screening", "answers")
    yield "another construct's answers", _median(lambda k: chosen(SAY("construct"), k))
    opened("synergy", "interactions")
    yield "another interaction's charts", _median(lambda k: chosen(SAY("probe"), k))
    opened("structure", "paths")
    yield "another model's diagram", _median(lambda k: chosen(SAY("model"), k))


_WATCH = """() => {
  const read = () => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg, .vega-embed svg')]
    .map(drawing => drawing.textContent).join('|');
  window.drawnAgain = new Promise((resolve, reject) => {
    const start = performance.now(), before = read();
    let last = before, changed = start;
    const timer = setInterval(() => {
      const seen = read(), now = performance.now();
      if (seen !== last) { last = seen; changed = now; }
      const still = last !== before && now - changed > 1500;
      if (still) resolve((changed - start) / 1000);
      if (now - start > 30000) reject(new Error('nothing was drawn anew'));
      if (still || now - start > 30000) clearInterval(timer);
    }, 20);
  });
}"""
"""Watches what the charts say until nothing has changed for 1.5 seconds; keeps when the last change came."""


def _median(once: Callable[[int], float]) -> float:
    return float(np.median([once(place) for place in (1, 0, 1)]))


BENCHMARK = Benchmark(
    __doc__,
    run,
    {
        "n": {
            "type": int,
            "default": RESPONDENTS,
            "metavar": "respondents",
            "help": "whose answers are analysed",
        }
    },
    needs=CHROMIUM,
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
