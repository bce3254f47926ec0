"""Small messages leave at once, also through a socket bound the way Streamlit binds it."""

import socket
import threading

import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.sync.client import connect

from crmplus.web.at_once import send_at_once
from crmplus.web.observed import Observed


async def says_whether_it_waits(_scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    connection = receive.__self__.transport.get_extra_info("socket")  # type: ignore[attr-defined]
    waits = not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await send({"type": "websocket.send", "text": "waits" if waits else "at once"})
    await send({"type": "websocket.close"})


def answer_of(app: object) -> str | bytes:
    bound = socket.socket(family=socket.AF_INET)
    bound.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, ws="websockets-sansio", lifespan="off", log_level="error")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        with connect(f"ws://127.0.0.1:{bound.getsockname()[1]}/") as client:
            return client.recv()
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


def test_a_message_to_an_open_page_does_not_wait_for_the_one_before() -> None:
    assert answer_of(says_whether_it_waits) == "waits"
    assert answer_of(Observed(says_whether_it_waits)) == "at once"


def test_where_there_is_no_socket_to_be_found_nothing_happens() -> None:
    async def receive() -> dict[str, object]:
        return {}

    send_at_once(receive)
