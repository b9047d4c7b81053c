"""The bench is a package of the checkout, not of the addon."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "scripts", ROOT / "prm_partner_portal"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
