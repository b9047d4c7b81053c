"""Made-up companies at real towns: nobody lives at any of these addresses.

Phones are of the ranges reserved for drama (Germany, Britain) or start with a
zero block that is given to nobody (Indonesia); mail goes to reserved domains.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from history.frames import draw

# Town, state as Odoo calls it, zip pattern: every # becomes a digit.
TOWNS = {
    "ID": [
        ("Jakarta Selatan", "Jakarta", "12##0"), ("Jakarta Barat", "Jakarta", "11##0"),
        ("Bandung", "Jawa Barat", "401##"), ("Bekasi", "Jawa Barat", "171##"),
        ("Bogor", "Jawa Barat", "161##"), ("Depok", "Jawa Barat", "164##"),
        ("Semarang", "Jawa Tengah", "501##"), ("Surakarta", "Jawa Tengah", "571##"),
        ("Surabaya", "Jawa Timur", "602##"), ("Malang", "Jawa Timur", "651##"),
        ("Yogyakarta", "Yogyakarta", "552##"), ("Tangerang", "Banten", "151##"),
        ("Denpasar", "Bali", "801##"), ("Medan", "Sumatra Utara", "201##"),
        ("Padang", "Sumatra Barat", "251##"), ("Palembang", "Sumatra Selatan", "301##"),
        ("Pekanbaru", "Riau", "281##"), ("Batam", "Kepulauan Riau", "294##"),
        ("Balikpapan", "Kalimantan Timur", "761##"), ("Makassar", "Sulawesi Selatan",
        "901##"),
        ("Manado", "Sulawesi Utara", "951##"), ("Mataram", "Nusa Tenggara Barat",
        "831##"),
    ],
    "DE": [
        ("Hamburg", "Hamburg", "20##7"), ("Bremen", "Bremen", "281##"),
        ("Hannover", "Niedersachsen", "301##"), ("Oldenburg", "Niedersachsen", "261##"),
        ("Berlin", "Berlin", "104##"), ("Potsdam", "Brandenburg", "144##"),
        ("Leipzig", "Sachsen", "041##"), ("Dresden", "Sachsen", "010##"),
        ("Erfurt", "Thüringen", "990##"), ("Magdeburg", "Sachsen-Anhalt", "391##"),
        ("Köln", "Nordrhein-Westfalen", "506##"), ("Dortmund", "Nordrhein-Westfalen",
        "441##"),
        ("Münster", "Nordrhein-Westfalen", "481##"), ("Kassel", "Hessen", "341##"),
        ("Frankfurt am Main", "Hessen", "603##"), ("Mainz", "Rheinland-Pfalz", "551##"),
        ("Stuttgart", "Baden-Württemberg", "701##"), ("Freiburg", "Baden-Württemberg",
        "791##"),
        ("München", "Bayern", "803##"), ("Nürnberg", "Bayern", "904##"),
        ("Kiel", "Schleswig-Holstein", "241##"), ("Lübeck", "Schleswig-Holstein",
        "235##"),
        ("Rostock", "Mecklenburg-Vorpommern", "180##"), ("Saarbrücken", "Saarland",
        "661##"),
    ],
    "GB": [
        ("London", "London", "SE1 #AA"), ("London", "London", "N7 #BD"),
        ("Bristol", "Avon", "BS1 #HJ"), ("Reading", "Berkshire", "RG1 #DE"),
        ("Cambridge", "Cambridgeshire", "CB1 #LN"), ("Chester", "Cheshire", "CH1 #RE"),
        ("Plymouth", "Devon", "PL1 #AB"), ("Brighton", "East Sussex", "BN1 #FG"),
        ("Southampton", "Hampshire", "SO14 #LY"), ("Canterbury", "Kent", "CT1 #BL"),
        ("Preston", "Lancashire", "PR1 #UY"), ("Leicester", "Leicestershire",
        "LE1 #RA"),
        ("Liverpool", "Merseyside", "L1 #JQ"), ("Norwich", "Norfolk", "NR1 #BH"),
        ("York", "North Yorkshire", "YO1 #HT"), ("Nottingham", "Nottinghamshire",
        "NG1 #DB"),
        ("Oxford", "Oxfordshire", "OX1 #ET"), ("Sheffield", "South Yorkshire",
        "S1 #GG"),
        ("Newcastle upon Tyne", "Tyne and Wear", "NE1 #EE"), ("Cardiff",
        "South Glamorgan", "CF10 #DD"),
        ("Birmingham", "West Midlands", "B2 #QA"), ("Coventry", "West Midlands",
        "CV1 #FL"),
        ("Leeds", "West Yorkshire", "LS1 #HD"), ("Edinburgh", "Midlothian", "EH1 #NG"),
    ],
}  # fmt: skip
STREETS = {
    "ID": ["Jalan Melati {n}", "Jalan Diponegoro {n}", "Jalan Merdeka {n}",
    "Jalan Kenanga {n}",
           "Jalan Pahlawan {n}", "Jalan Gajah Mada {n}", "Jalan Veteran {n}",
           "Jalan Mawar {n}"],
    "DE": ["Lindenstraße {n}", "Hafenstraße {n}", "Am Markt {n}", "Gartenweg {n}",
           "Bahnhofstraße {n}", "Mühlenweg {n}", "Industriestraße {n}",
           "Schillerstraße {n}"],
    "GB": ["{n} High Street", "{n} Station Road", "{n} Mill Lane", "{n} Church Road",
           "{n} Queen Street", "{n} Victoria Road", "{n} Park Avenue",
           "{n} Market Place"],
}  # fmt: skip
OWNERS = {
    "ID": ["Sumber Rejeki", "Sinar Jaya", "Berkah Abadi", "Maju Bersama",
    "Tunas Harapan",
           "Karya Mandiri", "Cahaya Timur", "Bintang Laut", "Mutiara", "Anugerah",
           "Lestari",
           "Surya Kencana", "Harapan Indah", "Mitra Sejati", "Rizki Utama", "Permata",
           "Segar Alam", "Makmur", "Dewata", "Nusa Raya", "Cipta Rasa", "Melati Putih",
           "Padi Emas", "Samudra", "Kencana Wangi"],
    "DE": ["Ahrens", "Brandt", "Carstens", "Dierks", "Ebeling", "Feldmann", "Gerdes",
    "Hinrichs",
           "Immken", "Jansen", "Krüger", "Lüders", "Möller", "Niemann", "Ohlsen",
           "Petersen",
           "Reimers", "Schröder", "Thomsen", "Ulrich", "Vogt", "Wiegand", "Zander",
           "Behrens",
           "Kessler"],
    "GB": ["Ashworth", "Bramley", "Caldwell", "Dunmore", "Ellison", "Fairfax",
    "Greenhalgh",
           "Hartley", "Ingram", "Jessop", "Kirkby", "Langford", "Marsden", "Nettleton",
           "Oakley", "Pemberton", "Quayle", "Radcliffe", "Stanhope", "Thornbury",
           "Underhill",
           "Vickers", "Wetherby", "Yardley", "Alderton"],
}  # fmt: skip
TRADES = {
    "ID": ["Toko {o}", "CV {o}", "PT {o} Pangan", "UD {o}", "Swalayan {o}"],
    "DE": ["{o} Feinkost", "Frischemarkt {o}", "{o} Lebensmittel GmbH", "Kaufhaus {o}",
           "{o} & Söhne"],
    "GB": ["{o} & Sons", "{o} Stores Ltd", "{o} Wholefoods", "{o} Convenience",
    "{o} Foods Ltd"],
}  # fmt: skip
FIRST_NAMES = {
    "ID": ["Ayu", "Budi", "Citra", "Dewi", "Eko", "Fitri", "Hendra", "Indah", "Joko",
    "Sari"],
    "DE": ["Anke", "Bernd", "Claudia", "Dirk", "Elke", "Frank", "Heike", "Jens",
    "Katrin", "Uwe"],
    "GB": ["Alice", "Ben", "Charlotte", "Daniel", "Emma", "George", "Hannah", "Jack",
    "Lucy", "Tom"],
}  # fmt: skip
LAST_NAMES = {
    "ID": ["Santoso", "Wijaya", "Lestari", "Pratama", "Hidayat", "Saputra", "Kusuma",
    "Nugroho"],
    "DE": ["Becker", "Fischer", "Hoffmann", "Koch", "Richter", "Schäfer", "Wagner",
    "Weber"],
    "GB": ["Baker", "Carter", "Evans", "Hughes", "Morgan", "Turner", "Walker",
    "Wright"],
}  # fmt: skip
PHONES = {
    "ID": "+62 21 0{n:07d}",
    "DE": "+49 30 23125{n:03d}",
    "GB": "+44 20 7946 0{n:03d}",
}


def _pick(options: list[Any], number: float) -> Any:
    return options[int(number * len(options))]


def _digits(pattern: str, number: float) -> str:
    digits = iter(f"{int(number * 10**9):09d}")
    return "".join(next(digits) if sign == "#" else sign for sign in pattern)


def address(key: str, country: str, draws: dict[str, float]) -> dict[str, str]:
    """Make one company's address; ``draws`` are numbers in [0, 1) by purpose."""
    town, state, pattern = _pick(TOWNS[country], draws["town"])
    number = 1 + int(draws["number"] * 120)
    return {
        "street": _pick(STREETS[country], draws["street"]).format(n=number),
        "city": town,
        "zip": _digits(pattern, draws["zip"]),
        "state": state,
        "country": country,
        "phone": PHONES[country].format(n=int(draws["phone"] * 999) + 1),
        "email": f"orders.{key.lower()}@example.com",
    }


def company_names(countries: pd.Series) -> pd.Series:
    """Name each reseller; names repeat nowhere, an id's name stays its own."""
    seen: dict[str, int] = {}
    names = {}
    for row, (key, country) in enumerate(countries.items()):
        owners, trades = OWNERS[country], TRADES[country]
        position = seen.get(country, 0)
        seen[country] = position + 1
        owner = owners[position % len(owners)]
        trade = trades[(position // len(owners) + position) % len(trades)]
        names[key] = trade.format(o=owner)
        if position >= len(owners) * len(trades):
            names[key] += f" {row}"
    return pd.Series(names)


def contact_name(key: str, country: str) -> str:
    """Name the person who buys for a reseller."""
    keys = pd.Series([key])
    first = _pick(FIRST_NAMES[country], draw(keys, "first name").iloc[0])
    last = _pick(LAST_NAMES[country], draw(keys, "last name").iloc[0])
    return f"{first} {last}"
