"""What holds for every test."""

import gc


def pytest_collection_finish() -> None:
    """Keep the collector off what stays for the whole run: it is a quarter of the time of a screen's test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
