"""`python -m tests.fuzz TARGET SECONDS`: look for bytes that end in anything but a sentence.

It needs requirements-fuzz.txt. What is found is told with its traceback and written to
a file named crash-...; `python -m tests.fuzz TARGET FILE` tries such a file again.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["crmplus.exchange", "crmplus.ui", "crmplus.locale", "crmplus.web", "zipfile", "csv"]
):
    from tests.fuzz.targets import TARGETS, seeds


def main(name: str, how: str) -> None:
    target = TARGETS[name]
    if Path(how).is_file():
        target(Path(how).read_bytes())
        return
    corpus = Path(tempfile.mkdtemp(prefix=f"crmplus-fuzz-{name}-"))
    for number, seed in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(seed)
    limits = [f"-max_total_time={int(how)}", "-max_len=20000", "-timeout=60", "-rss_limit_mb=3000"]
    atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", str(corpus)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: python -m tests.fuzz TARGET SECONDS|FILE; targets: {', '.join(TARGETS)}")
    main(sys.argv[1], sys.argv[2])
