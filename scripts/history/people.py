"""Who works at the distributors: names, logins, and for which of the two."""

PASSWORD = "demo"  # of accounts in a database on this machine only
PEOPLE = {
    "sales1": ("Anke Richter", "anke", 1),
    "sales2": ("Jack Turner", "jack", 1),
    "sales3": ("Hannah Morgan", "hannah", 1),
    "sales4": ("Dewi Kusuma", "dewi", 1),
    "sales5": ("Budi Santoso", "budi", 1),
    "sales6": ("Ayu Lestari", "ayu", 1),
    "sales7": ("Katrin Becker", "katrin", 2),
    "sales8": ("Uwe Hoffmann", "uwe", 2),
}
MANAGER = ("Sinta Wijaya", "sinta")
