"""The made-up resellers lie in their towns, always at the same place."""

import math

import pandas as pd
import pytest
from history import coordinates, places


def _resellers(towns):
    table = pd.DataFrame(towns, columns=["country", "city"])
    return table.assign(reseller=[f"R{row}" for row in range(len(table))])


@pytest.fixture(scope="module")
def resellers():
    every = [
        (country, one[0]) for country in places.TOWNS for one in places.TOWNS[country]
    ]
    return _resellers(every * 20)


def test_every_town_is_known():
    towns = {
        (country, one[0]) for country in places.TOWNS for one in places.TOWNS[country]
    }
    assert set(coordinates.TOWNS) == towns


def test_near_the_middle_of_the_town_and_not_all_on_one_spot(resellers):
    found = coordinates.place(resellers)
    assert len(found.drop_duplicates()) == len(found)
    for town, place in zip(
        zip(resellers["country"], resellers["city"], strict=True),
        found.itertuples(index=False),
        strict=True,
    ):
        latitude, longitude = coordinates.TOWNS[town]
        north = (place.latitude - latitude) * 111.2
        east = (place.longitude - longitude) * 111.2 * math.cos(math.radians(latitude))
        assert math.hypot(north, east) < coordinates.FARTHEST * 1.01


def test_towns_lie_in_their_countries():
    boxes = {
        "ID": (-11, 6, 95, 141),
        "DE": (47, 55.1, 5.8, 15.1),
        "GB": (49.8, 59, -8, 2),
    }
    for (country, town), (latitude, longitude) in coordinates.TOWNS.items():
        south, north, west, east = boxes[country]
        assert south < latitude < north and west < longitude < east, town


def test_same_place_whatever_else_is_loaded(resellers):
    found = coordinates.place(resellers)
    again = coordinates.place(resellers.iloc[::-3])
    assert found.loc[again.index].equals(again)


def test_nowhere_when_the_town_is_unknown():
    found = coordinates.place(
        _resellers([("DE", "Atlantis"), ("", ""), ("ID", "Köln")])
    )
    assert not found.any(axis=None)
