"""How smooth the list stays with 10,000 conversations: scrolled, walked by keys, and while talks live.

.venv/bin/python -m tests.bench.inbox_scroll [--talks 10000]

Measured inside a real Chromium; nothing is asserted. All rows are loaded first, as for somebody who
has scrolled to the very end.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench.console import _fill, _friend, _open, _tell
from tests.chaos.staff import add_colleague
from tests.whole.conftest import CHROMIUM, FLAGS
from tests.whole.product import Product, serving

SCROLLER = "section.queue .scroll"
# Frames while the list moves by so many pixels in each of them.
SCROLL = """([selector, step, frames]) => new Promise((done) => {
  const list = document.querySelector(selector);
  const taken = [];
  let before = performance.now();
  const next = (now) => {
    taken.push(now - before);
    before = now;
    list.scrollTop += step;
    if (taken.length < frames) requestAnimationFrame(next);
    else done(taken.slice(1));
  };
  requestAnimationFrame(next);
})"""
WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((e) => window.longTasks.push(e.duration)))
    .observe({ type: 'longtask' });
}"""


def main() -> None:
    """Load all, then scroll, then let talks live."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=10_000)
    talks = parser.parse_args().talks
    with TemporaryDirectory() as folder, serving(Path(folder)) as product:
        colleague = add_colleague(product, 0)
        _fill(product, talks)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = _open(browser, product, colleague)
            loaded = _load_all(page)
            nodes = page.evaluate("() => document.querySelectorAll('section.queue *').length")
            print(f"{loaded} talks loaded, {nodes} elements in the list")
            for name, step in (("slowly", -40), ("fast", 900)):
                page.evaluate("(s) => (document.querySelector(s).scrollTop = 1e5)", SCROLLER)
                frames = page.evaluate(SCROLL, [SCROLLER, step, 240])
                _tell(f"a frame, scrolling {name}", frames)
            _live(page, product)
            browser.close()


def _load_all(page: Any) -> int:
    """To the very end, page after page: only there the rows say how many they are."""
    page.set_default_timeout(120_000)
    loaded: int = page.evaluate("""(selector) => new Promise((done) => {
      const list = document.querySelector(selector);
      const look = () => {
        list.scrollTop = list.scrollHeight;
        const size = Number(list.querySelector('li')?.getAttribute('aria-setsize') ?? -1);
        if (size >= 0) done(size);
        else setTimeout(look, 30);
      };
      look();
    })""", SCROLLER)  # fmt: skip
    return loaded


def _live(page: Any, product: Product) -> None:
    """Forty people write while somebody reads in the middle: what stands there must not move."""
    friends = [_friend(product, n) for n in range(40)]
    page.wait_for_timeout(1500)
    page.evaluate("(s) => (document.querySelector(s).scrollTop = 200000)", SCROLLER)
    page.wait_for_timeout(300)
    page.evaluate(WATCH)
    where = """(s) => { const list = document.querySelector(s).getBoundingClientRect();
      const row = document.elementFromPoint(list.left + 150, list.top + 60).closest('[data-talk]');
      return [row.dataset.talk, Math.round(row.getBoundingClientRect().top)]; }"""
    before = page.evaluate(where, SCROLLER)
    for number in range(120):
        product.sim(f"friends/{friends[number % 40]}/say", {"text": f"見本の声 {number}"})
    page.wait_for_timeout(1500)
    after = page.evaluate(where, SCROLLER)
    tasks = page.evaluate("() => window.longTasks")
    print(f"120 lines arrived; what was read {'stood still' if before == after else 'moved'}")
    print(f"tasks over 50 ms: {len(tasks)}, the longest {max(tasks, default=0):.0f} ms")


if __name__ == "__main__":
    main()
