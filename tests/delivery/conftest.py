"""What is true of one request over a socket is true of it over either transport."""

from collections.abc import Iterator

import pytest

from tests.delivery import senders

_OF_BOTH = ("test_wire", "test_faults")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2] in _OF_BOTH:
        metafunc.parametrize("sender", ["httpx", "bulk"], indirect=True)


@pytest.fixture(autouse=True)
def sender(request: pytest.FixtureRequest) -> Iterator[None]:
    with senders.sending(getattr(request, "param", "httpx")):
        yield
