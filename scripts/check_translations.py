"""Every text of every addon is translated, with its placeholders.

With a folder as argument, the templates (.pot) there, freshly exported, are compared
with those of the repository, too.
"""

import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "id")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|</?\w+")


def check_language(template: Path, language: str) -> list[str]:
    path = template.with_name(f"{language}.po")
    if not path.exists():
        return [f"{path.relative_to(ROOT)} is missing"]
    done = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    found = []
    for entry in polib.pofile(str(template)):
        text = done.get(entry.msgid)
        if not text:
            found.append(f"{path.relative_to(ROOT)}: not translated: {entry.msgid!r}")
        elif sorted(PLACEHOLDER.findall(text)) != sorted(
            PLACEHOLDER.findall(entry.msgid)
        ):
            found.append(f"{path.relative_to(ROOT)}: placeholders: {entry.msgid!r}")
    return found


def check_template(template: Path, exported: Path) -> list[str]:
    kept = {entry.msgid for entry in polib.pofile(str(template))}
    wanted = {entry.msgid for entry in polib.pofile(str(exported))}
    name = template.relative_to(ROOT)
    return [
        *(f"{name}: no longer a text: {text!r}" for text in sorted(kept - wanted)),
        *(f"{name}: missing: {text!r}" for text in sorted(wanted - kept)),
    ]


def main() -> int:
    found = []
    for template in sorted(ROOT.glob("prm_partner_portal*/i18n/*.pot")):
        for language in LANGUAGES:
            found += check_language(template, language)
        if len(sys.argv) > 1:
            found += check_template(template, Path(sys.argv[1]) / template.name)
    print("\n".join(found) or "Translations: complete.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
