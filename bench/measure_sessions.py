"""How long a hundred people wait: `python -m bench.measure_sessions 500 20000`.

Sessions speak Streamlit's protocol over WebSockets, as browsers do: each opens a page, thinks, does
something, waits for the end of the run, thinks again. Beside the program stands an empty page with the
same number of sessions. What drawing costs in a browser is in `measure_day.py`.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.asyncio.client import ClientConnection, connect

from bench.generate import generate
from bench.measure_pages import EMPTY
from tests.browser.driver import serve

SEARCHED = ("bak", "zorg", "metaal", "linden", "1", "wester", "")


@dataclass
class Session:
    """One browser tab: what it was told to look again at, and the widgets it knows by label."""

    socket: ClientConnection
    page: str
    widgets: dict[str, str] = field(default_factory=dict)
    looks: dict[str, float] = field(default_factory=dict)
    states: WidgetStates = field(default_factory=WidgetStates)

    async def run(self, fragment: str = "") -> float:
        """Have the script run; milliseconds until it has ended."""
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        message.rerun_script.widget_states.CopyFrom(self.states)
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(await self.socket.recv())  # type: ignore[arg-type]
            self._keep(answer)
            kind = answer.WhichOneof("type")
            if kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return (time.perf_counter() - begun) * 1000

    def _keep(self, answer: ForwardMsg) -> None:
        if answer.WhichOneof("type") == "auto_rerun":
            self.looks[answer.auto_rerun.fragment_id] = answer.auto_rerun.interval
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind in ("text_input", "button"):
            widget = getattr(element, kind)
            self.widgets[widget.label] = widget.id

    def type_in(self, label: str, text: str) -> None:
        del self.states.widgets[:]
        self.states.widgets.add(id=self.widgets[label], string_value=text)

    def click(self, label: str) -> None:
        del self.states.widgets[:]
        self.states.widgets.add(id=self.widgets[label], trigger_value=True)


@asynccontextmanager
async def opened(address: str, page: str) -> AsyncIterator[Session]:
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(
        url,
        origin=address,  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        compression=None,
    ) as socket:
        session = Session(socket, page)
        await session.run()
        yield session


async def one_person(address: str, page: str, think: float, until: float, taken: list[float]) -> None:
    """Clicks and, in between, the looks that an open page asks for by itself."""
    rng = random.Random()
    await asyncio.sleep(rng.uniform(0, think))
    async with opened(address, page) as session:
        while time.monotonic() < until:
            await think_and_look(session, rng.uniform(0.5, 1.5) * think)
            if page:
                session.type_in("Search", rng.choice(SEARCHED))
            else:
                session.click("Click")
            taken.append(await session.run())
            del session.states.widgets[:]


async def think_and_look(session: Session, seconds: float) -> None:
    end = time.monotonic() + seconds
    due = {fragment: time.monotonic() + every for fragment, every in session.looks.items()}
    while due and (first := min(due, key=due.__getitem__)) and due[first] < end:
        await asyncio.sleep(max(0.0, due[first] - time.monotonic()))
        await session.run(first)
        due[first] = time.monotonic() + session.looks[first]
    await asyncio.sleep(max(0.0, end - time.monotonic()))


async def everybody(address: str, page: str, sessions: int, think: float, seconds: float) -> list[float]:
    taken: list[float] = []
    until = time.monotonic() + seconds
    people = [one_person(address, page, think, until, taken) for _number in range(sessions)]
    await asyncio.gather(*people)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("open_leads", type=int, nargs="+")
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--think", type=float, default=10, help="seconds between two clicks")
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    timing = (chosen.sessions, chosen.think, chosen.seconds)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        script = folder / "empty.py"
        script.write_text(EMPTY)
        with serve(folder / "unused.duckdb", script) as address:
            empty = report("empty page", asyncio.run(everybody(address, "", *timing)), None)
        for count in chosen.open_leads:
            path = folder / f"{count}.duckdb"
            generate(path, count * 3, open_leads=count)
            with serve(path) as address:
                taken = asyncio.run(everybody(address, "leads", *timing))
            report(f"board, {count:,} open leads", taken, empty)


def report(name: str, taken: list[float], empty: float | None) -> float:
    """Returns the 95th percentile in milliseconds."""
    p95 = statistics.quantiles(taken, n=20)[-1]
    beside = f"{p95 / empty:8.2f} x" if empty else ""
    print(
        f"{name:28}{len(taken):6} clicks  median {statistics.median(taken):6.0f}  p95 {p95:6.0f} ms{beside}"
    )
    return p95


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
