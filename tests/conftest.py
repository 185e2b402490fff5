"""What every test may rely on: no connection leaves this machine, property tests try the same examples each time, and there is a
PostgreSQL of the tests' own."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import settings

from bench import postgres

# The same examples in every run, so that a red build is about the change and not about luck; `pytest --hypothesis-profile=search`
# looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])  # type: ignore[index]
            if not host.startswith("127.") and host not in {"::1", "localhost"}:
                raise AssertionError(f"a test tried to reach {host}")
        return connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL that lives as long as the tests do, without a database's name at its end."""
    if postgres.program("initdb") is None:
        pytest.skip("PostgreSQL is not installed (scripts/install-services installs it)")
    with postgres.postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty PostgreSQL database of this test's own; it goes with the server."""
    return postgres.new_database(postgres_server)
