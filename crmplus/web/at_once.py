"""Small messages leave when they are sent."""

import socket

from starlette.types import Receive


def send_at_once(receive: Receive) -> None:
    """Have the connection that `receive` reads from hold no small message back.

    Streamlit makes the server's socket without naming TCP, so asyncio does not see what it is and leaves
    Nagle's algorithm on: a small message waits until the one before it is confirmed, up to 40 ms. Neither
    lets an application at the socket, so it is looked for behind `receive`; where it is not, nothing changes.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    connection = transport.get_extra_info("socket") if transport else None
    if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
