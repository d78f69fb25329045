"""A talk of ten thousand lines in a real browser: how smooth it is to scroll, and what it weighs.

.venv/bin/python -m tests.bench.long_talk [--lines 10000]

Scrolls from the newest line to the first as a wheel does, and tells the time between frames, how
many lines stood in the page at most, and the heap before and after. Nothing is asserted.
"""

import argparse
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from storage.unit import open_store
from tests.bench.console import _open, _scales, _tell
from tests.bench.full_house import fill, lengthen
from tests.chaos.staff import add_colleague
from tests.whole.conftest import CHROMIUM, FLAGS
from tests.whole.product import Product, serving

STEP_PX = 240  # for each frame: a fast wheel
# One scroll for each frame until the first line stands at the top, or nothing has moved for 10 s.
SCROLL = """async (step) => {
  const log = document.querySelector('[role=log]');
  const frames = [];
  let last = performance.now(), moved = last, mostLines = 0, place = '', longest = 0;
  const watch = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
  });
  watch.observe({ entryTypes: ['longtask'] });
  for (;;) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
    mostLines = Math.max(mostLines, log.querySelectorAll('[data-stop]').length);
    const first = log.querySelector('[data-seq]')?.dataset.seq;
    const here = `${first}/${Math.round(log.scrollTop)}`;
    if (here !== place) [place, moved] = [here, now];
    if ((first === '1' && log.scrollTop < 4) || now - moved > 10_000)
      return { frames, mostLines, longest, first };
    log.scrollTop -= step;
  }
}"""


def main() -> None:
    """Fill one talk, open it, scroll it through, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    lines = parser.parse_args().lines
    with TemporaryDirectory() as folder, serving(Path(folder)) as product:
        colleague = add_colleague(product, 0)
        talk = _fill(product, lines)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = _open(browser, product, colleague)
            page.goto(f"http://127.0.0.1:{product.port}/talks/{talk}?view=all")
            page.get_by_role("log").locator("[data-seq]").last.wait_for()
            _measure(page, lines)
            browser.close()


def _fill(product: Product, lines: int) -> str:
    product.kill()
    with closing(open_store(f"sqlite:///{product.folder}/data/madoguchi.db")) as store:
        talk = fill(store, 1, lines=30)[0]
        lengthen(store, talk, lines - 30)
    product.start()
    return talk


def _measure(page: Any, lines: int) -> None:
    weigh = _scales(page)
    before, began = weigh(), time.monotonic()
    told = page.evaluate(SCROLL, STEP_PX)
    took, after = time.monotonic() - began, weigh()
    print(
        f"{lines} lines, {len(told['frames'])} frames in {took:.0f} s, up to line {told['first']}"
    )
    _tell("between frames", told["frames"])
    late = sum(frame > 50 for frame in told["frames"])  # three frames of a screen
    print(f"frames later than 50 ms         {late}, longest task {told['longest']:.0f} ms")
    print(f"lines in the page at most       {told['mostLines']}")
    for name in ("JSHeapUsedSize", "Nodes"):
        unit, scale = ("MB", 1 / 2**20) if name == "JSHeapUsedSize" else ("", 1)
        print(f"{name:<32}{before[name] * scale:.1f} → {after[name] * scale:.1f} {unit}")
    page.evaluate("document.querySelector('[role=log]').scrollTop = 1e9")


if __name__ == "__main__":
    main()
