"""Whatever is put in, what comes out is a sentence: a short run over the targets of the fuzzers."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, seeds

SLOW = {"door": 60, "import": 25, "restore": 25, "sheet": 60, "file": 100}
texts = st.text(st.characters(), max_size=300)
lines = st.lists(texts, max_size=6).map("\n".join)
tables = st.tuples(
    st.sampled_from([";", ",", "\t", "|"]), st.lists(st.lists(texts, max_size=5), max_size=6)
).map(lambda table: "\n".join(table[0].join(row) for row in table[1]))


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """A seed with a few of its bytes cut out or written over."""
    content = bytearray(draw(st.sampled_from(seeds(name))))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return bytes(content)


def tries(name: str) -> st.SearchStrategy[bytes]:
    typed = st.one_of(texts, lines, tables).map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(st.binary(max_size=500), typed, damaged(name))


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_end_in_a_sentence(name: str) -> None:
    @settings(
        max_examples=SLOW.get(name, 200),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(tries(name))
    @example(b"")
    @example(b"\x00")
    @example("\u202e\u0000\ud83d".encode("utf-8", "surrogatepass"))
    @example(b"9" * 5000)
    @example(b"[" * 5000)
    def of_bytes(content: bytes) -> None:
        TARGETS[name](content)

    of_bytes()


@pytest.mark.parametrize("name", TARGETS)
def test_a_seed_is_what_the_target_expects(name: str) -> None:
    for seed in seeds(name):
        TARGETS[name](seed)


def test_a_target_tells_of_an_error_that_is_no_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.targets.open_source", lambda *_: int("no number"))
    with pytest.raises(ValueError, match="no number"):
        TARGETS["file"](b"name\nBakery\n")


def test_the_seed_of_the_zip_is_a_zip() -> None:
    assert zipfile.is_zipfile(BytesIO(seeds("zip")[0]))


@pytest.mark.parametrize(
    "how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_zip_is_refused_wherever_it_is_damaged(how: int) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        archive.writestr("é.csv", b"name\nBakery\n")
    whole = packed.getvalue()
    for place in range(len(whole)):
        for byte in (0, 0x88, 0xFF):
            TARGETS["zip"](whole[:place] + bytes([byte]) + whole[place + 1 :])
