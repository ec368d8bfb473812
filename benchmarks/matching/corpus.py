"""Generated events: records of a street map, about 700 bytes each, as Amazon's own benchmark has them."""

from random import Random
from typing import Any

import orjson

STREETS = ("JEFFERSON", "MARINA", "TAYLOR", "BEACH", "NORTH POINT", "LEAVENWORTH", "COLUMBUS", "VAN NESS")


def event(random: Random) -> dict[str, Any]:
    """Return one record: a small nested object and an array of 4 to 14 coordinates."""
    block, lot = random.randrange(10_000), random.randrange(1000)
    return {
        "type": "Feature",
        "properties": {
            "MAPBLKLOT": f"{block:04}{lot:03}",
            "BLKLOT": f"{block:04}{lot:03}",
            "BLOCK_NUM": f"{block:04}",
            "LOT_NUM": f"{lot:03}",
            "FROM_ST": str(random.randrange(3000)),
            "TO_ST": str(random.randrange(3000)),
            "STREET": random.choice(STREETS),
            "ST_TYPE": random.choice(("ST", "AVE", "BLVD")),
            "ODD_EVEN": random.choice("OE"),
        },
        "geometry": {
            "type": "Polygon",
            "coordinates": [
                {
                    "x": -122.5 + random.randrange(10**6) / 10**7,
                    "y": 37.7 + random.randrange(10**6) / 10**7,
                    "z": 0.0,
                }
                for _ in range(random.randint(4, 14))
            ],
        },
        "source": "city.lots",
        "time": "2024-05-01T12:00:00Z",
        "id": f"{random.getrandbits(64):016x}",
    }


def lines(count: int, seed: int = 7) -> list[bytes]:
    """Return `count` records as JSON, one a line."""
    random = Random(seed)
    return [orjson.dumps(event(random)) for _ in range(count)]
