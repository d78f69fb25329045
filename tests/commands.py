"""The command `madoguchi`, typed in the process of the tests."""

import pytest

from console.cli.main import main


def typed(*words: str) -> int:
    """Its exit status, once it is done."""
    with pytest.raises(SystemExit) as left:
        main([*words])
    return int(left.value.code or 0)
