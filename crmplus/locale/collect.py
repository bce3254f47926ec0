"""`python -m crmplus.locale.collect`: bring the catalogues up to date with the code.

New sentences are added with an empty translation, which a test then asks for; sentences that
are gone are dropped.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from crmplus.locale.catalogue import FOLDER

ROOT = FOLDER.parents[1]
KEYWORDS = {"_": None, "say": None, "_n": (1, 2), "say_count": (1, 2)}
"""The functions whose literal arguments are sentences for people."""


def collected() -> Catalog:
    """Every sentence in the code, with the files that hold it."""
    found = Catalog(project="CRM+", charset="utf-8")
    for room in ("crmplus", "pages"):
        for name, line, message, comments, context in extract_from_dir(
            ROOT / room, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(
                message, locations=[(str(Path(room) / name), line)], auto_comments=comments, context=context
            )
    return found


def main() -> None:
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            translations = read_po(file, locale=path.stem)
        translations.update(collected(), no_fuzzy_matching=True)
        translations.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, translations, sort_output=True, width=100, include_lineno=False, omit_header=True)


if __name__ == "__main__":
    main()
