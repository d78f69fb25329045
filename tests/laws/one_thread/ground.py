"""What worlds stand on, one after another: applications, engines, a furnished database to copy."""

from pathlib import Path

from flask import Flask

from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.webhook import webhook
from tests import given
from tests.laws.killing import Failpoint
from tests.laws.one_thread.counter import Counter
from tests.laws.one_thread.drawn import Drawn
from tests.laws.one_thread.processes import Engines, Seat
from tests.laws.one_thread.shop import OPERATORS


class Ground:
    """It is dear to make, and keeps nothing of any world."""

    def __init__(self, drawn: Drawn, folder: Path, engines: Engines) -> None:
        self.drawn, self.folder, self.engines = drawn, folder, engines
        self.failpoint = Failpoint()
        self.counter = Counter(drawn, [str(n) for n in range(len(OPERATORS))], folder)
        self.eyes, self.web = Seat(), Seat()
        self.flows = FlowSource(self.eyes)  # type: ignore[arg-type] # a store
        self.door = Flask("web")
        accounts = Accounts(self.web, given.KEY)  # type: ignore[arg-type] # a store
        self.door.register_blueprint(webhook(self.web, accounts, lambda: drawn.now))  # type: ignore[arg-type] # a store
