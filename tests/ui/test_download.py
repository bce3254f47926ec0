"""What a download is called, and how a chart is saved as a picture."""

import re

import pytest

from crmplus.ui.download import dated, picture_of


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Customers.csv", "Customers"),
        ('Leads in A/B: "now"?.xlsx', "Leads in A-B- -now"),
        ("../../etc/passwd.csv", "etc-passwd"),
        ("Café 日本.csv", "Café 日本"),
        ("a\nb.csv", "a-b"),
        ("v1.2.csv", "v1.2"),
    ],
)
def test_a_file_is_called_what_it_holds_and_when_it_was_made(name: str, stem: str) -> None:
    found = dated(name)
    ending = name.rpartition(".")[2]
    assert re.fullmatch(rf"{re.escape(stem)} \d{{4}}-\d\d-\d\d\.{ending}", found), found


def test_a_chart_offers_nothing_but_to_be_saved() -> None:
    config = picture_of("Leads per phase")
    assert config["modeBarButtons"] == [["toImage"]]
    assert config["displaylogo"] is False
    options = config["toImageButtonOptions"]
    assert isinstance(options, dict)
    assert str(options["filename"]).startswith("Leads per phase 2")
    assert not str(options["filename"]).endswith(".png")
