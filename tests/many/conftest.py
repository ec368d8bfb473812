"""The commands and their workspace, on an endpoint that remembers as many requests as these tests send."""

from collections.abc import Iterator

import pytest

from inspector.cli.samples import bundled_endpoint
from inspector.endpoint.options import EndpointOptions
from inspector.endpoint.server import Endpoint
from tests.cli.conftest import API_KEY, CLIENT_SECRET, PASSWORD, command, folder

__all__ = ["command", "endpoint", "folder"]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Endpoint]:
    options = EndpointOptions(
        basic={"shop": PASSWORD},
        api_keys={"X-Api-Key": API_KEY},
        clients={"shop": CLIENT_SECRET},
        keep=10_000,
    )
    with bundled_endpoint(0, options) as running:
        yield running
