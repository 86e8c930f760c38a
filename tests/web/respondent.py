"""A respondent at a browser: sees a page, answers it, goes on. Works in both shells."""

import itertools

# The renderer stands in a shadow root in one shell and in the document in the other; playwright's own
# selectors look into open shadow roots, so one set of them does for both.
SETTLED = """() => {
  const roots = [document, ...[...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean)];
  const survey = roots.map((root) => root.querySelector('.survey')).find(Boolean);
  return survey && survey.querySelector('h1') && survey.getAttribute('aria-busy') !== 'true';
}"""


def address(base, shell, study, **query):
    parameters = "&".join(f"{name}={value}" for name, value in query.items())
    if shell == "light":
        return f"{base}/s/{study}?{parameters}"
    return f"{base}/respond?study={study}&{parameters}"


class Respondent:
    def __init__(self, page):
        self.page = page
        self.given = {}

    def open(self, url):
        self.page.goto(url)
        self.settled()
        return self

    def settled(self):
        self.page.wait_for_function(SETTLED)

    def heading(self):
        return self.page.locator(".survey h1").inner_text()

    def status(self):
        return self.page.locator(".survey .status")

    def entries(self):
        return self.page.locator(".survey .entry")

    def number(self):
        """The page's number as its address says it."""
        return int(self.page.evaluate("new URLSearchParams(location.search).get('p')"))

    def token(self):
        return self.page.evaluate("new URLSearchParams(location.search).get('t')")

    def agree(self, tier=1):
        self.page.locator(".choice").nth(tier).click()
        return self.next()

    def next(self, times=1):
        self.page.locator("button.next").click(click_count=times)
        self.settled()
        return self

    def answer(self, choose=None):
        """Answer everything on the page; ``choose(position, count)`` picks the option."""
        choose = choose or (lambda position, count: position % count)
        for position in range(self.entries().count()):
            self._answer_one(self.entries().nth(position), position, choose)
        return self

    def _answer_one(self, entry, position, choose):
        code, kind = entry.get_attribute("data-code"), entry.get_attribute("data-kind")
        if kind in ("number", "text"):
            entry.locator(".field").fill("3" if kind == "number" else "好 text")
            self.given[code] = 3 if kind == "number" else "好 text"
            return
        inputs = entry.locator(".choice input")
        picked = 0 if kind in ("single", "multiple") else choose(position, inputs.count())
        entry.locator(".choice").nth(picked).click()
        value = inputs.nth(picked).get_attribute("value")
        self.given[code] = int(value) if kind == "rating" else (value,) if kind == "multiple" else value

    def finish(self, at_page=None):
        """Answer page by page to the end; ``at_page(respondent)`` is called on each before answering."""
        for step in itertools.count():
            if self.entries().count() == 0:
                return self
            if at_page:
                at_page(self)
            self.answer(lambda position, count, step=step: (position + step) % count).next()
        return self
