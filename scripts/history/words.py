"""Readable names for products and categories that the source abbreviates."""

from __future__ import annotations

import re

# Source abbreviation -> word. Applied to whole words of the upper-case text.
WORDS = {
    "FRZN": "frozen", "FRZ": "frozen", "REFRGRATD": "chilled", "REFRIG": "chilled",
    "REFRIGERATED": "chilled", "SFT": "soft", "DRNK": "drink", "DRNKS": "drinks",
    "BTL": "bottle", "CARB": "carbonated", "SNGL": "single", "SRV": "serve",
    "BRKFST": "breakfast", "BRD": "breaded", "JCE": "juice", "CONC": "concentrate",
    "VEG": "vegetable", "DSH": "dishes", "MXS": "mixes", "MX": "mix", "BN": "beans",
    "FD": "food", "TRSH": "rubbish", "BG": "bags", "PNT": "peanut", "BTR": "butter",
    "SALD": "salad", "DRSNG": "dressings", "SNDWCH": "sandwich", "SPRD": "spreads",
    "CLEANG": "cleaning", "PKLD": "pickled", "PICKLD": "pickled", "PWDR": "powder",
    "CRYSTL": "crystal", "TISS": "tissues", "DNR": "dinner", "NAPKIN": "napkins",
    "WHLSM": "wholesome", "BKD": "baked", "FLVRD": "flavoured", "HBC": "care",
    "MIXS": "mixes", "MLK": "milk", "PROTIEN": "protein", "MISC": "assorted",
    "MISC.": "assorted", "PREP": "prepared", "SW": "sweet", "GDS": "goods",
    "SNKS": "snacks", "CKYS": "cookies", "CRKR": "crackers", "CNDY": "candy",
    "CHIX": "chicken", "CHICK": "chicken", "FRD": "fried", "SAUS": "sausage",
    "GRND": "ground", "WTR": "water", "GNGR": "ginger", "PKG": "packed",
    "CKE": "cake", "FDS": "food", "FS": "French style", "WHL": "whole",
    "SWEETNERS": "sweeteners", "SHERBTS": "sherbet", "SUPPPLIES": "supplies",
    "DISPOSIBLE": "disposable", "CHOCOCLATE": "chocolate", "CATSUP": "ketchup",
    "OJ": "orange juice", "BEV": "beverage", "SV": "single-serve", "SS": "single",
    "MULT": "multi", "PK": "pack", "TORT": "tortilla", "CATFD": "cat food",
    "DOGFD": "dog food", "SUP": "super", "PREM": "premium", "W": "with",
    "CAN": "canned", "HAND": "hand", "HANDKE": "handkerchiefs", "NON": "non",
    "CRBNTD": "carbonated", "MNERAL": "mineral", "DRNKING": "drinking",
    "PLSTC": "plastic", "SUPPLY": "supplies", "SPLY": "supplies",
    "ELECTRICAL": "electrical",
    "HYGN": "hygiene", "FEM": "feminine", "FEM.": "feminine", "COOKI": "cookies",
    "SMI": "semi", "SWT": "sweet", "BRUSH": "brush", "PROCESSED": "processed",
    "CONTAINR": "containers", "SHRED": "shredded", "STICKS": "sticks", "FRE": "fresh",
    "SHLFSH": "shellfish", "RW": "raw", "WIPES": "wipes", "IWS": "sliced",
    "DNRS": "dinners", "SHLVS": "shelves", "HSE": "house", "CATS": "cats",
    "WEDGES": "wedges", "ALEMALT": "ale", "BEERALEMALT": "beer, ale and malt",
    "CLEANE": "cleaner", "CLNRS": "cleaners", "VAC": "vacuum", "PAC": "packed",
    "HLTH": "health", "UTENSILS": "utensils", "SANDWIC": "sandwiches", "BR": "bread",
    "DRNKNG": "drinking", "MNRL": "mineral water", "MNR": "mineral water",
    "FLVR": "flavoured", "PWDRS": "powders", "SGL": "single", "VEND": "vending",
    "MACH": "machine", "PNCH": "punch", "MLT": "multi", "CKTLS": "cocktails",
    "LSS": "less", "THN": "than", "DPS": "dips", "PRPCK": "prepacked", "DRP": "drops",
    "XPCTRNT": "expectorant", "LOZNG": "lozenges", "SYRP": "syrup", "PPK": "pack",
    "WATE": "water", "PLATE": "plates", "PRODUC": "products", "CRACKE": "crackers",
    "INGRED": "ingredients", "SUBS": "substitutes", "TN": "Tennessee",
    "CHED": "cheddar", "OTHR": "other", "MAY": "mayonnaise", "MLTI": "multi",
}  # fmt: skip

# Last words that end at the thirtieth character, whole.
WHOLE = {
    "CHUNKS", "SLICES", "PLAIN", "SWEET", "STICKS", "EXTRUDED", "DETERGENT", "SPRAYS",
    "PROCESSED", "MONODOSE", "JUICE",
}  # fmt: skip

# What the words alone leave clumsy, by the tidied name in lower case.
TIDY = [
    (re.compile(r"\bhouse(?:h)\w*", re.I), "home"),
    (re.compile(r"\((?:[^()]*)\)?"), " "),
    (re.compile(r"\b(?:all other|- other|other|all)$"), ""),
    (re.compile(r"\bsemi-? ?solid salad dressing mayonnaise\b"), "mayonnaise"),
    (re.compile(r"\bfluid milk( products)?\b"), "fresh milk"),
    (re.compile(r"\bwhite only\b"), "whole"),
    (re.compile(r"\bmainstream\b"), "classic"),
    (re.compile(r"\bsingle serve bottle carbonated\b"), "bottle"),
    (re.compile(r"\b2 liter bottle carbonated(?: incl)?\b"), "large bottle"),
    (re.compile(r"\b3 liter bottle carbonated\b"), "family bottle"),
    (re.compile(r"\bdrinks? 12 / 18&15p\w+ canned(?: car\w*)?"), "drink cans, tray"),
    (re.compile(r"\bdrinks? 6p\w+ / 4p\w+ canned carbonated"), "drink cans, six-pack"),
    (re.compile(r"\bdrinks? 20p\w+&24p\w+ canned carb\w*"), "drink cans, large tray"),
    (re.compile(r"\bnatural cheese exact wt\b"), "natural cheese"),
    (re.compile(r"\bfrozen seafood frozen\b"), "frozen seafood"),
    (re.compile(r"\bseafood ?- ?(fresh|frozen|assorted)\b"), r"\1 seafood"),
    (re.compile(r"\bhispanic\b"), "Latin American"),
    (re.compile(r"\boriental\b"), "Asian"),
    (re.compile(r"\b(?:value a|value added|value)$"), "prepared"),
    (re.compile(r"\bnot multi-packs\b"), "cups"),
    (re.compile(r"\bfolgers\b"), "roast"),
    (re.compile(r"\bsales trans\b"), "items"),
    (
        re.compile(
            r"(?:[ ,-]+(?:ov|over|under|th|with|and|or|no|n|a|o|non|for|50%))+$"
        ),
        "",
    ),
]

# Main categories of the tree: a pattern over "department / category", first match.
MAIN_CATEGORIES = [
    ("Frozen food", r"FRZN|FROZEN|ICE CREAM|FRZ"),
    ("Drinks", r"DRINK|JUICE|WATER|BEER|WINE|LIQUOR|COFFEE|TEA|COCOA|DRNK|NEW AGE"),
    ("Dairy and eggs", r"MILK|CHEESE|YOGURT|BUTTER|MARGARINE|EGGS|DAIRY"),
    ("Meat and fish", r"MEAT|BEEF|PORK|CHICKEN|TURKEY|SEAFOOD|BACON|SAUSAGE|HOT DOGS|"
                      r"HAM|POULTRY|LUNCH|SMOKED|GAME|SUSHI"),
    ("Fruit and vegetables", r"PRODUCE|SALAD MIX|SALAD BAR"),
    ("Bakery", r"BREAD|BAKED|ROLLS|CAKES|PIES|PASTRY|DOUGH|SWEET GOODS"),
    ("Snacks and sweets", r"SNACK|CANDY|COOKIES|CRACKERS|NUTS|POPCORN|"
                          r"CHIPS|SNKS|RICE CAKES"),
    ("Cleaning and paper", r"CLEAN|DETERG|LAUNDRY|TISS|PAPER|TOWEL|BLEACH|AIR CARE|"
                           r"BROOM|BAGS|FOIL|HOUSE"),
    ("Care and health", r"DRUG|BABY|DIAPER|ORAL|SOAP|HYGIENE|HAIR|SHAVING|"
                        r"AID|COSMETICS"),
    ("Pets and home", r"CAT |DOG |CHARCOAL|BATTER|ELECTRIC|DELI SUPPL|FLORAL|"
                      r"GARDEN|TOYS|CARDS|SEASONAL|KITCHEN|STATIONERY"),
]  # fmt: skip

_SYLLABLES = (
    ["Ba", "Be", "Bor", "Ca", "Da", "Dor", "El", "Fa", "Fen", "Ga", "Hal", "Is", "Ka",
     "Lin", "Lo", "Ma", "Mel", "Na", "Nor", "Or", "Pa", "Ra", "Sal", "Ta", "Tor", "Va"],
    ["la", "ri", "no", "lo", "mi", "ra", "ve", "san", "di", "ta", "ne", "go", "lu"],
    ["", "na", "ra", "lia", "do", "ris", "ta", "vo", "ne", "len"],
)  # fmt: skip
VARIETIES = [
    "", "original", "mild", "extra", "light", "special", "traditional", "gold",
    "select",
    "garden", "country", "fine", "intense", "natural", "duo", "sunny", "royal", "fresh",
    "spicy", "sweet", "classic blend", "family", "gourmet", "island", "harvest",
    "white",
    "red", "green", "blue", "pure", "rustic", "festive",
]  # fmt: skip
_METRIC = {
    "OZ": (28.35, "g"), "LB": (453.6, "g"), "LBS": (453.6, "g"), "GA": (3785, "ml"),
    "GAL": (3785, "ml"), "QT": (946, "ml"), "PT": (473, "ml"), "L": (1000, "ml"),
    "LTR": (1000, "ml"), "ML": (1, "ml"), "CT": (1, "pieces"), "PK": (1, "pack"),
    "DZ": (12, "pieces"), "LOAD": (1, "loads"), "SQ FT": (0.0929, "m²"),
}  # fmt: skip
_SIZE = re.compile(r"^(?:(\d+)/)?(\d*\.?\d+)?\s*(SQ FT|[A-Z]+)\b")
_LIQUID = re.compile(
    r"drink|juice|milk|water|beer|wine|oil|sauce|syrup|bleach|liquid|tea can"
)


def readable(text: str) -> str:
    """Spell a source text out: "FRZN VEGETABLE/VEG DSH" -> "Frozen vegetable …"."""
    text = re.sub(r"\bHOUSE(?:H)\w*", "HOME", text.upper())
    text = _without_stump(text)
    text = re.sub(r"(\w)\s*[:/]\s*(\w)", r"\1 / \2", text)
    parts = re.split(r"([A-Z.]+)", text)
    words = [WORDS.get(part, part.lower()) for part in parts]
    plain = "".join(words).strip()
    for pattern, better in TIDY:
        plain = pattern.sub(better, plain)
    plain = plain.replace("&", " and ").replace(" / ", ", ").replace(" - ", ", ")
    plain = re.sub(r"\s+", " ", plain).strip(" ,-:")
    plain = re.sub(r"\b(\w+)(?:,? \1\b)+", r"\1", plain)
    return plain[:1].upper() + plain[1:]


def _without_stump(text: str) -> str:
    """Drop the last word where the source cut it off, at thirty characters."""
    last = re.split(r"[\s/&:(-]+", text)[-1]
    if len(text) < 30 or last in WORDS or last in WHOLE or ")" in last:
        return text
    return text[: len(text) - len(last)].rstrip(" /&:(-")


def main_category(department: str, category: str) -> str:
    """Put a category of the source under one of ten main ones."""
    text = f"{department} / {category} "
    for name, pattern in MAIN_CATEGORIES:
        if re.search(pattern, text):
            return name
    return "Groceries"


def brand(maker: int) -> str:
    """Name a manufacturer number; 69 is the source's own label."""
    if maker == 69:
        return "Niaga"
    first, second, third = _SYLLABLES
    rest, one = divmod(maker * 7919, len(first))
    rest, two = divmod(rest, len(second))
    return first[one] + second[two] + third[rest % len(third)]


def metric(size: str, name: str) -> str:
    """Turn a pack size into what a European or Asian shelf says; "" if unknown."""
    found = _SIZE.match(str(size).strip().upper())
    if not found or found.group(3) not in _METRIC:
        return ""
    times, number, unit = found.groups()
    factor, word = _METRIC[unit]
    amount = float(number or 1) * factor
    if word == "g" and _LIQUID.search(name.lower()) and unit == "OZ":
        word = "ml"
    if word in ("g", "ml"):
        amount = float(f"{amount:.2g}") if amount < 1000 else round(amount / 1000, 1)
        word = (
            word if float(number or 1) * factor < 1000 else {"g": "kg", "ml": "l"}[word]
        )
    text = f"{amount:g} {word}" if word != "pack" else f"{amount:g}-pack"
    return f"{times} × {text}" if times else text
