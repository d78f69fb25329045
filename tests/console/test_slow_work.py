"""Slow work on the pool's threads: its refusals are the caller's, not the log's."""

import pytest
from gevent.threadpool import ThreadPool

from console.cli.process import beside_on
from storage.refusals import NotFound


def refuse() -> None:
    raise NotFound


def test_a_refusal_rises_in_the_caller_and_leaves_no_trace_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pool = ThreadPool(1)
    beside = beside_on(pool)

    done = beside(lambda: "done")
    with pytest.raises(NotFound):
        beside(refuse)

    assert done == "done"
    assert "Traceback" not in capsys.readouterr().err
    pool.kill()
