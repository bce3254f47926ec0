"""What an open page sends without anybody there."""

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg


def is_by_itself(message: bytes) -> bool:
    """Whether a message of a page's socket is the look of a fragment that runs every few seconds."""
    try:
        return bool(BackMsg.FromString(message).rerun_script.is_auto_rerun)
    except DecodeError:  # Streamlit will say so
        return False
