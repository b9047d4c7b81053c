"""Odoo's own commands, as a person calls them; needs what ``make test`` sets up."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ",".join(sorted(path.name for path in ROOT.glob("prm_partner_portal*/")))


def shell(command: str, text: str = "", database: str = "") -> str:
    """Run a bash command with the scripts' functions; fails with its output."""
    result = subprocess.run(
        ["bash", "-c", f"source {ROOT}/scripts/common.sh; {command}"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
    unexpected = [
        line
        for line in result.stderr.splitlines()
        if f" {database} " in line and (" WARNING " in line or " ERROR " in line)
    ]
    assert not unexpected
    return result.stdout
