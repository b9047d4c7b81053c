"""Where the made-up companies lie: near the middle of their town, for the map.

Nobody lives there either: the distance from the middle is drawn.
"""

from __future__ import annotations

import math

import pandas as pd

from history.frames import draw

# Latitude and longitude of the middle of each town of ``places.TOWNS``.
TOWNS = {
    ("ID", "Jakarta Selatan"): (-6.266, 106.813),
    ("ID", "Jakarta Barat"): (-6.168, 106.758),
    ("ID", "Bandung"): (-6.918, 107.619),
    ("ID", "Bekasi"): (-6.238, 106.993),
    ("ID", "Bogor"): (-6.597, 106.799),
    ("ID", "Depok"): (-6.402, 106.794),
    ("ID", "Semarang"): (-7.006, 110.438),
    ("ID", "Surakarta"): (-7.566, 110.825),
    ("ID", "Surabaya"): (-7.276, 112.728),
    ("ID", "Malang"): (-7.979, 112.631),
    ("ID", "Yogyakarta"): (-7.797, 110.370),
    ("ID", "Tangerang"): (-6.189, 106.631),
    ("ID", "Denpasar"): (-8.657, 115.217),
    ("ID", "Medan"): (3.583, 98.672),
    ("ID", "Padang"): (-0.932, 100.385),
    ("ID", "Palembang"): (-2.977, 104.761),
    ("ID", "Pekanbaru"): (0.508, 101.448),
    ("ID", "Batam"): (1.081, 104.030),
    ("ID", "Balikpapan"): (-1.233, 116.845),
    ("ID", "Makassar"): (-5.147, 119.443),
    ("ID", "Manado"): (1.459, 124.846),
    ("ID", "Mataram"): (-8.589, 116.116),
    ("DE", "Hamburg"): (53.565, 10.001),
    ("DE", "Bremen"): (53.079, 8.817),
    ("DE", "Hannover"): (52.374, 9.738),
    ("DE", "Oldenburg"): (53.141, 8.214),
    ("DE", "Berlin"): (52.517, 13.389),
    ("DE", "Potsdam"): (52.399, 13.059),
    ("DE", "Leipzig"): (51.340, 12.375),
    ("DE", "Dresden"): (51.049, 13.738),
    ("DE", "Erfurt"): (50.978, 11.029),
    ("DE", "Magdeburg"): (52.131, 11.627),
    ("DE", "Köln"): (50.938, 6.957),
    ("DE", "Dortmund"): (51.514, 7.465),
    ("DE", "Münster"): (51.962, 7.626),
    ("DE", "Kassel"): (51.316, 9.498),
    ("DE", "Frankfurt am Main"): (50.111, 8.682),
    ("DE", "Mainz"): (49.992, 8.247),
    ("DE", "Stuttgart"): (48.778, 9.180),
    ("DE", "Freiburg"): (47.996, 7.849),
    ("DE", "München"): (48.137, 11.576),
    ("DE", "Nürnberg"): (49.454, 11.077),
    ("DE", "Kiel"): (54.323, 10.123),
    ("DE", "Lübeck"): (53.866, 10.685),
    ("DE", "Rostock"): (54.084, 12.110),
    ("DE", "Saarbrücken"): (49.235, 6.997),
    ("GB", "London"): (51.507, -0.128),
    ("GB", "Bristol"): (51.454, -2.588),
    ("GB", "Reading"): (51.454, -0.978),
    ("GB", "Cambridge"): (52.205, 0.119),
    ("GB", "Chester"): (53.191, -2.892),
    ("GB", "Plymouth"): (50.376, -4.143),
    ("GB", "Brighton"): (50.828, -0.140),
    ("GB", "Southampton"): (50.909, -1.404),
    ("GB", "Canterbury"): (51.280, 1.079),
    ("GB", "Preston"): (53.763, -2.703),
    ("GB", "Leicester"): (52.637, -1.140),
    ("GB", "Liverpool"): (53.408, -2.981),
    ("GB", "Norwich"): (52.628, 1.299),
    ("GB", "York"): (53.960, -1.083),
    ("GB", "Nottingham"): (52.953, -1.150),
    ("GB", "Oxford"): (51.752, -1.258),
    ("GB", "Sheffield"): (53.381, -1.470),
    ("GB", "Newcastle upon Tyne"): (54.974, -1.613),
    ("GB", "Cardiff"): (51.482, -3.180),
    ("GB", "Birmingham"): (52.480, -1.903),
    ("GB", "Coventry"): (52.408, -1.511),
    ("GB", "Leeds"): (53.797, -1.544),
    ("GB", "Edinburgh"): (55.953, -3.188),
}
# Kilometres: within the town.
FARTHEST = 4.0
KILOMETRES_PER_DEGREE = 111.2


def place(resellers: pd.DataFrame) -> pd.DataFrame:
    """Give latitude and longitude of each reseller, 0 where its town is unknown.

    The distance depends on the reseller alone: the same place whenever it is loaded.
    """
    keys = resellers["reseller"]
    angles = draw(keys, "direction") * 2 * math.pi
    distances = draw(keys, "distance") ** 0.5 * FARTHEST / KILOMETRES_PER_DEGREE
    found = []
    towns = zip(resellers["country"], resellers["city"], strict=True)
    for town, angle, distance in zip(towns, angles, distances, strict=True):
        latitude, longitude = TOWNS.get(town, (0.0, 0.0))
        if town in TOWNS:
            latitude += distance * math.sin(angle)
            longitude += distance * math.cos(angle) / math.cos(math.radians(latitude))
        found.append((round(latitude, 6), round(longitude, 6)))
    return pd.DataFrame(found, resellers.index, ["latitude", "longitude"])
