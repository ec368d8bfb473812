"""Many measurements in a few numbers, and as a bar."""

import pytest

from inspector.workbench.statistics import Spread, bar, spread


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([7.0], Spread(1, 7.0, 7.0, 7.0, 7.0), id="one"),
        pytest.param([4.0, 2.0], Spread(2, 2.0, 3.0, 4.0, 4.0), id="the median lies between two"),
        pytest.param([9.0, 1.0, 5.0], Spread(3, 1.0, 5.0, 9.0, 9.0), id="in any order"),
        pytest.param(
            [float(n) for n in range(1, 21)], Spread(20, 1.0, 10.5, 19.0, 20.0), id="95 of 100 of 20 are 19"
        ),
        pytest.param([float(n) for n in range(1, 101)], Spread(100, 1.0, 50.5, 95.0, 100.0), id="95 of 100"),
    ],
)
def test_a_spread(measured: list[float], expected: Spread | None) -> None:
    assert spread(measured) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(Spread(9, 0, 50, 75, 100), "─────█──··", id="over the whole scale"),
        pytest.param(Spread(9, 20, 20, 20, 20), "  █       ", id="no spread at all"),
        pytest.param(Spread(9, 100, 100, 100, 100), "         █", id="at the end"),
        pytest.param(Spread(9, 40, 45, 45, 70), "    █···  ", id="one that took long"),
    ],
)
def test_a_bar(found: Spread, expected: str) -> None:
    assert bar(found, 100.0, width=10) == expected
