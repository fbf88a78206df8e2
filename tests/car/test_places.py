"""Places are taken out of whatever a cloud lists, and nothing else is."""

from carport.car.places import without_places


def test_places_go_and_the_rest_stays() -> None:
    """By their keys, however deep, in whatever spelling."""
    listed = {
        "startAddress": "Sample Street 1",
        "distance": 12,
        "LAT": 48.1,
        "legs": [{"parkingPosition": {"x": 1}, "minutes": 7}, 5],
        "pair": (1, {"city": "Town", "note": None}),
    }
    assert without_places(listed) == {
        "distance": 12,
        "legs": [{"minutes": 7}, 5],
        "pair": [1, {"note": None}],
    }
