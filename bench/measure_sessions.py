"""How long a hundred people wait: `python -m bench.measure_sessions 500 20000`.

Sessions speak Streamlit's protocol over WebSockets, as browsers do: each opens a page, thinks, does
something, waits for the end of the run, thinks again. They come in the first ten seconds; what they do is
counted once all are at work. Beside the program stands an empty page with as many sessions. What drawing
costs in a browser is in `measure_day.py`.
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
from textwrap import indent

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.asyncio.client import ClientConnection, connect

from bench.generate import generate
from bench.measure_pages import EMPTY
from tests.browser.driver import serve

EMPTY_AT_ONCE = """
import streamlit as st
from starlette.middleware import Middleware
from crmplus.web.observed import Observed
app = st.App(__file__, middleware=[Middleware(Observed)])
if __name__ == "__main__":
""" + indent(EMPTY, "    ")
"""The empty page behind what sends our messages at once: a bare script waits 40 ms in one click of ten."""
SEARCHED = ("bak", "zorg", "metaal", "linden", "1", "wester", "")


@dataclass
class Session:
    """One browser tab: what it was told to look again at, and the widgets it knows by label."""

    socket: ClientConnection
    page: str
    widgets: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    looks: dict[str, float] = field(default_factory=dict)
    states: WidgetStates = field(default_factory=WidgetStates)

    async def run(self, fragment: str = "", *, by_itself: bool = False) -> float:
        """Have the script run, or a part of it; milliseconds until it has ended."""
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = by_itself
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
            self.parts[widget.label] = answer.delta.fragment_id

    async def type_in(self, label: str, text: str) -> float:
        """As a browser does: the part of the page runs that the widget stands in."""
        self.states.widgets.add(id=self.widgets[label], string_value=text)
        return await self._done(label)

    async def click(self, label: str) -> float:
        self.states.widgets.add(id=self.widgets[label], trigger_value=True)
        return await self._done(label)

    async def _done(self, label: str) -> float:
        taken = await self.run(self.parts[label])
        del self.states.widgets[:]
        return taken


@dataclass(frozen=True)
class Pace:
    """Seconds between two things somebody does, and moments of the monotonic clock."""

    think: float
    counted_from: float
    until: float


@dataclass
class Taken:
    """Milliseconds: of opening the page, and of the clicks that count."""

    opening: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)


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


async def one_person(address: str, page: str, pace: Pace, taken: Taken) -> None:
    """Clicks and, in between, the looks that an open page asks for by itself."""
    rng = random.Random()
    await asyncio.sleep(rng.uniform(0, pace.think))
    begun = time.perf_counter()
    async with opened(address, page) as session:
        taken.opening.append((time.perf_counter() - begun) * 1000)
        while time.monotonic() < pace.until:
            await think_and_look(session, rng.uniform(0.5, 1.5) * pace.think)
            is_counted = time.monotonic() > pace.counted_from
            act = session.type_in("Search", rng.choice(SEARCHED)) if page else session.click("Click")
            spent = await act
            if is_counted:
                taken.clicks.append(spent)


async def think_and_look(session: Session, seconds: float) -> None:
    end = time.monotonic() + seconds
    due = {fragment: time.monotonic() + every for fragment, every in session.looks.items()}
    while due and (first := min(due, key=due.__getitem__)) and due[first] < end:
        await asyncio.sleep(max(0.0, due[first] - time.monotonic()))
        await session.run(first, by_itself=True)
        due[first] = time.monotonic() + session.looks[first]
    await asyncio.sleep(max(0.0, end - time.monotonic()))


async def everybody(address: str, page: str, sessions: int, think: float, seconds: float) -> Taken:
    taken = Taken()
    begun = time.monotonic()
    pace = Pace(think, counted_from=begun + 1.5 * think, until=begun + 1.5 * think + seconds)
    await asyncio.gather(*(one_person(address, page, pace, taken) for _number in range(sessions)))
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
        script.write_text(EMPTY_AT_ONCE)
        with serve(folder / "unused.duckdb", script) as address:
            empty = report("empty page", asyncio.run(everybody(address, "", *timing)), None)
        for count in chosen.open_leads:
            path = folder / f"{count}.duckdb"
            generate(path, count * 3, open_leads=count)
            with serve(path) as address:
                taken = asyncio.run(everybody(address, "leads", *timing))
            report(f"board, {count:,} open leads", taken, empty)


def report(name: str, taken: Taken, empty: float | None) -> float:
    """Returns the 95th percentile of the clicks in milliseconds."""
    p95 = high(taken.clicks)
    beside = f"{p95 / empty:8.2f} x" if empty else ""
    median = statistics.median(taken.clicks)
    print(
        f"{name:28}{len(taken.clicks):6} clicks  median {median:6.0f}  p95 {p95:6.0f} ms{beside}"
        f"   opened in {statistics.median(taken.opening):.0f}, p95 {high(taken.opening):.0f} ms",
        flush=True,
    )
    return p95


def high(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
