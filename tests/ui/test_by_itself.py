"""What an open page sends by itself is told from what somebody does."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from crmplus.ui.by_itself import is_by_itself


def test_the_look_of_a_fragment_is_sent_by_itself_and_a_click_is_not() -> None:
    look, click = BackMsg(), BackMsg()
    look.rerun_script.fragment_id = click.rerun_script.fragment_id = "live"
    look.rerun_script.is_auto_rerun = True
    assert is_by_itself(look.SerializeToString())
    assert not is_by_itself(click.SerializeToString())


@pytest.mark.parametrize("message", [b"", b"\xff\xff\xff", b"junk" * 1_000])
def test_what_is_no_message_is_no_look(message: bytes) -> None:
    assert not is_by_itself(message)
