"""Shared by the tests: no network, no hub, the folder of real text where it stands beside the checkout."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["HF_HUB_OFFLINE"] = "1"
# No test asserts a timing: the first example of a property may load tables, and machines are busy.
_SLOW = [HealthCheck.too_slow]
# The suite tries the same examples every time, so that a change fails only for what it did; `make explore` draws new
# ones, more of them, and what it finds becomes an example of its test.
settings.register_profile("repeatable", deadline=None, suppress_health_check=_SLOW, derandomize=True)
settings.register_profile("explore", deadline=None, suppress_health_check=_SLOW, max_examples=1000)
settings.load_profile("repeatable")
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> object:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise OSError(f"a test tried to reach {address}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def shared() -> Path:
    """The folder of real text; the test skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder of real text beside the checkout")
    return SHARED
