"""The package lives in ``scripts``, which is no one's import path by default."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
