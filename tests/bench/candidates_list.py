"""The candidates of the comparison: how each is started and where its webhook is."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SECRET = "bench-channel-secret"
ANSWER = "10:00から19:00までです。"
FLOW = f"""\
flow: hours
title: 営業時間
start: [{{keyword: 営業時間}}]
steps:
  - say: {ANSWER}
  - end: done
"""


@dataclass(frozen=True)
class Candidate:
    """A server to be measured, with the command that starts it."""

    name: str
    path: str
    command: tuple[str, ...]
    environment: dict[str, str]
    ready_path: str = "/readyz"


def sdk_environment(cache: Path) -> Path:
    """A virtual environment with what the sample bot needs and nothing of ours."""
    python = cache / "sdk" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(cache / "sdk")], check=True)
        subprocess.run(
            [
                str(python),
                "-m",
                "pip",
                "install",
                "-q",
                "line-bot-sdk>=3.27,<4",
                "flask",
                "gunicorn",
            ],
            check=True,
        )
    return python


def candidates(cache: Path, work: Path, api_port: int, port: int) -> list[Candidate]:
    """The three references and ours, all on the same port and stand-in, one at a time."""
    sdk = sdk_environment(cache)
    shared = {
        **os.environ,
        "LINE_API_URL": f"http://127.0.0.1:{api_port}",
        "LINE_SECRET": SECRET,
        "LINE_TOKEN": "bench",
        "ANSWER": ANSWER,
        "PORT": str(port),
        "PYTHONPATH": str(HERE),
    }

    def reference(name: str, *command: str) -> Candidate:
        database = str(work / f"{name.replace(' ', '_')}.db")
        return Candidate(name, "/callback", command, {**shared, "DATABASE": database})

    folder = str(HERE / "candidates")
    return [
        reference("SDK sample, development server", str(sdk), f"{folder}/sample_bot.py"),
        reference(
            "SDK sample, gunicorn gthread 8",
            str(sdk),
            "-m",
            "gunicorn",
            "--chdir",
            folder,
            "-k",
            "gthread",
            "--threads",
            "8",
            "-b",
            f"127.0.0.1:{port}",
            "sample_bot:app",
        ),
        reference("barest bot", sys.executable, f"{folder}/barest_bot.py"),
        madoguchi(work, api_port, port),
    ]


def madoguchi(work: Path, api_port: int, port: int, url: str = "") -> Candidate:
    """Ours as it is installed: one process with the webhook, the worker and the console.

    url: of its database, by default SQLite in its folder.
    """
    (work / "flows").mkdir(parents=True, exist_ok=True)
    (work / "flows" / "hours.yaml").write_text(FLOW)
    (work / "secret").write_text(SECRET)
    (work / "token").write_text("bench-token")
    (work / "password").write_text("four measured sockets hum")
    api = f"http://127.0.0.1:{api_port}"
    environment = {
        **os.environ,
        "MADOGUCHI_DATA_DIR": str(work / "data"),
        "MADOGUCHI_FLOWS_DIR": str(work / "flows"),
        "MADOGUCHI_LINE_API_URL": api,
        "MADOGUCHI_LINE_DATA_API_URL": api,
        **({"MADOGUCHI_DATABASE_URL": url} if url else {}),
    }
    cli = (sys.executable, "-m", "console")
    add_account = (*cli, "account", "add", "main", "--name", "bench")
    files = ("--secret-file", str(work / "secret"), "--token-file", str(work / "token"))
    subprocess.run([*add_account, *files], env=environment, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        [*cli, "operator", "add", "bench@example.com", "--name", "bench", "--role", "operator",
         "--password-file", str(work / "password")],
        env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    serve = (*cli, "serve", "--port", str(port))
    return Candidate("Madoguchi", "/line/main/webhook", serve, environment)
