"""How fast the console answers a hand: a click on a talk, a key in the composer, the first load; and
what a tab weighs after a long day.

.venv/bin/python -m tests.bench.console [--talks 10000] [--clicks 100] [--hours 8]

Everything is measured inside a real Chromium, up to the frame that shows it. Nothing is asserted.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from storage.unit import open_store
from tests.bench.full_house import fill
from tests.chaos.staff import Colleague, add_colleague
from tests.whole.conftest import CHROMIUM, FLAGS
from tests.whole.product import Product, serving

EVENTS_AN_HOUR, TALKS_AN_HOUR = 600, 60  # of a busy desk: a line every 6 s, a talk every minute
FAR_CLICKS = 40  # each fourth of the rows that `_rows` tells of
ROWS = 'section.queue a[href^="/talks/"]'
# From the click to the frame after the one in which the talk's own newest line is there.
CLICK = """([href, text]) => new Promise((done) => {
  const row = document.querySelector(`section.queue a[href^="${href}"]`);
  const start = performance.now();
  row.click();
  const look = () => {
    const lines = document.querySelector('[role=log]')?.innerText ?? '';
    const isThere = location.pathname === href && lines.includes(text);
    if (isThere) requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    else requestAnimationFrame(look);
  };
  look();
})"""
# Of each key: until the message after the frame that shows it. A key comes at any moment of a frame,
# so at 60 Hz the wait for the next one is up to 16.7 ms, on any page: a bare one is measured too.
KEYS = """() => {
  Object.assign(window, { keyTimes: [], keyEvents: [] });
  const soon = (work) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = work;
    port2.postMessage(null);
  };
  const box = document.querySelector('textarea');
  box.addEventListener('keydown', (event) => {
    requestAnimationFrame(() => {
      soon(() => window.keyTimes.push(performance.now() - event.timeStamp));
    });
  });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name === 'keydown') window.keyEvents.push(one.duration);
  }).observe({ type: 'event', durationThreshold: 16 });
}"""
BARE = '<!doctype html><textarea rows="2" style="width: 700px"></textarea>'


def main() -> None:
    """Measure one part after the other and print each."""
    options = _options()
    with TemporaryDirectory() as folder, serving(Path(folder)) as product:
        colleague = add_colleague(product, 0)
        _fill(product, options.talks)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = _open(browser, product, colleague)
            print(f"{options.talks} talks, {options.clicks} clicks, {options.hours} hours")
            _tell("first load", *_first_load(page))
            _tell("click on the next talk, painted", _clicks(page, options.clicks))
            _reload(page)
            _tell("click far away, painted", _clicks(page, FAR_CLICKS, apart=4))
            _tell_keys("in the composer", _keys(page))
            _tell_keys("in a bare page", _keys(_bare(browser)))
            _tell_memory(product, page, options.hours)
            browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=10_000)
    parser.add_argument("--clicks", type=int, default=100)
    parser.add_argument("--hours", type=float, default=8)
    return parser.parse_args()


def _fill(product: Product, talks: int) -> None:
    product.kill()
    with closing(open_store(f"sqlite:///{product.folder}/data/madoguchi.db")) as store:
        fill(store, talks, lines=30)
    product.start()


def _open(browser: Any, product: Product, colleague: Colleague) -> Any:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    name, _, value = colleague.cookie.partition("=")
    address = f"http://127.0.0.1:{product.port}"
    context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/?view=all")
    page.locator(ROWS).first.wait_for()
    return page


def _first_load(page: Any) -> tuple[list[float], str]:
    """Milliseconds until the list stands, of five loads; and what came over the wire."""
    taken = []
    for _ in range(5):
        _reload(page)
        taken.append(page.evaluate("() => performance.now()"))
    sizes = page.evaluate(
        "() => performance.getEntriesByType('resource').filter((r) => r.name.includes('/assets/'))"
        ".map((r) => [r.name.split('/').pop(), r.encodedBodySize])"
    )
    return taken, f"{sum(size for _, size in sizes) / 1024:.0f} KB of scripts and styles"


def _reload(page: Any) -> None:
    page.reload()
    page.locator(ROWS).first.wait_for()


def _clicks(page: Any, count: int, apart: int = 1) -> list[float]:
    """Down the list, each for the first time: one talk after the other, or with so many between
    them that none was foreseen."""
    taken: list[float] = []
    known: set[str] = set()
    while len(taken) < count:
        new = [row for row in _rows(page) if row[0] not in known]
        known.update(href for href, _ in new)
        new = new[apart - 1 :: apart]
        if not new:
            page.locator(ROWS).last.scroll_into_view_if_needed()
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(300)
            continue
        for href, text in new[: count - len(taken)]:
            taken.append(page.evaluate(CLICK, [href, text]))
            page.wait_for_timeout(30)
    return taken


def _rows(page: Any) -> list[tuple[str, str]]:
    """Each row's address, and the words of its newest line."""
    answer = page.evaluate(
        "async () => (await (await fetch('/api/v1/conversations?view=all&limit=200')).json()).items"
        ".map((row) => ['/talks/' + row.id, row.last_message.text.slice(0, 12)])"
    )
    shown = set(
        page.evaluate(f"() => [...document.querySelectorAll('{ROWS}')].map((a) => a.pathname)")
    )
    return [(href, text) for href, text in answer if href in shown]


def _bare(browser: Any) -> Any:
    """A page of nothing but a box: what the browser itself takes, here and now."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_content(BARE)
    return page


def _keys(page: Any) -> dict[str, list[float]]:
    """Letters into the first box of the page."""
    page.locator("textarea").first.click()
    page.evaluate(KEYS)
    page.keyboard.type("shashin wo okurimasu " * 10, delay=30)
    page.wait_for_timeout(200)
    names = ["keyTimes", "keyEvents"]
    found: dict[str, list[float]] = page.evaluate(
        "(names) => Object.fromEntries(names.map((name) => [name, window[name]]))", names
    )
    page.locator("textarea").first.fill("")
    return found


def _tell_keys(where: str, found: dict[str, list[float]]) -> None:
    _tell(f"key {where}, painted", found["keyTimes"])
    # Event Timing tells of what lasted 16 ms or longer, in steps of 8: until it was on the screen.
    slow = sorted(found["keyEvents"])
    print(
        f"  by Event Timing: {len(slow)} of {len(found['keyTimes'])} lasted 16 ms or more, the longest {slow[-1] if slow else 8:.0f} ms"
    )


def _tell_memory(product: Product, page: Any, hours: float) -> None:
    """What the tab weighs after so many hours' events, made as fast as they are taken."""
    weigh = _scales(page)
    before = weigh()
    friends = [_friend(product, n) for n in range(40)]
    rows = [href for href, _ in _rows(page)]
    began = time.monotonic()
    for number in range(int(hours * EVENTS_AN_HOUR)):
        product.sim(f"friends/{friends[number % 40]}/say", {"text": f"見本の声 {number}"})
        if number % (EVENTS_AN_HOUR // TALKS_AN_HOUR) == 0:
            page.evaluate("(href) => document.querySelector(`a[href^='${href}']`)?.click()",
                          rows[number // 10 % len(rows)])  # fmt: skip
    page.wait_for_timeout(3000)
    after = weigh()
    print(f"a tab after {hours:g} hours in {time.monotonic() - began:.0f} s")
    for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners"):
        unit, scale = ("MB", 1 / 2**20) if name == "JSHeapUsedSize" else ("", 1)
        print(f"  {name:<20}{before[name] * scale:10.1f} → {after[name] * scale:.1f} {unit}")


def _scales(page: Any) -> Any:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def weigh() -> dict[str, float]:
        devtools.send("HeapProfiler.collectGarbage")
        found = devtools.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in found}

    return weigh


def _friend(product: Product, number: int) -> str:
    user: str = product.sim("friends", {"account": "main", "name": f"見本{number}"})["user_id"]
    product.sim(f"friends/{user}/follow", {})
    return user


def _tell(name: str, taken: Sequence[float], more: str = "") -> None:
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    print(
        f"{name:<32}median {statistics.median(ordered):7.1f}  p95 {p95:7.1f}  worst {ordered[-1]:7.1f} ms  {more}",
        flush=True,
    )


if __name__ == "__main__":
    main()
