"""A resolver that does not find LINE for a while."""

import socket
from pathlib import Path
from typing import Any

NAME = "line.test"  # a name that no resolver knows (RFC 6761)


def lose_while(file: Path | None) -> None:
    """LINE's name leads to this machine, but not while the file is there."""
    find_as_ever = socket.getaddrinfo

    def find(host: Any, *given: Any, **more: Any) -> Any:
        if host != NAME:
            return find_as_ever(host, *given, **more)
        if file is not None and file.exists():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return find_as_ever("127.0.0.1", *given, **more)

    socket.getaddrinfo = find
