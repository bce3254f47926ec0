"""The hands of a user, and what they do counted: clicks, keys, and how long the page took to follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Position, expect

from tests.browser.driver import dialog, settle

# Counts in the page itself, over loads of the page too. Shadow roots are watched like the rest.
_COUNT = """(() => {
  if (window !== window.top) return;
  const none = { clicks: 0, keys: 0, waited: 0, start: Date.now(), end: 0 };
  const counts = window.counts = JSON.parse(sessionStorage.counts ?? null) ?? none;
  addEventListener("pagehide", () => { sessionStorage.counts = JSON.stringify(counts); });
  const began = () => {
    counts.waited += Math.max(0, counts.end - counts.start);
    [counts.start, counts.end] = [Date.now(), 0];
  };
  addEventListener("pointerdown", () => { began(); counts.clicks += 1; }, true);
  addEventListener("pointerup", began, true);
  addEventListener("keydown", () => { began(); counts.keys += 1; }, true);
  const watcher = new MutationObserver(() => { counts.end = Date.now(); });
  const watch = (root) =>
    watcher.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    watch(root);
    return root;
  };
  watch(document);
})()"""
_TAKE = """() => {
  const { clicks, keys, waited, start, end } = window.counts;
  const last = Math.max(0, end - start);
  Object.assign(window.counts, { clicks: 0, keys: 0, waited: 0, start: Date.now(), end: 0 });
  return [clicks, keys, last, waited + last];
}"""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing a user did.

    `last_ms` is the time from its last click or key to the last change of the page, `all_ms` that of
    each of them added up, both in milliseconds.
    """

    name: str
    clicks: int
    keys: int
    last_ms: int
    all_ms: int


class Hands:
    """Of one user, on one page: a mouse and a keyboard, or a thumb. `taken` is what they did."""

    def __init__(self, page: Page, *, is_touch: bool = False) -> None:
        self.page = page
        self.is_touch = is_touch
        self.taken: list[Interaction] = []
        page.add_init_script(_COUNT)

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        """What is done inside is one interaction."""
        self.page.evaluate(_TAKE)
        yield
        settle(self.page)
        self.taken.append(Interaction(name, *self.page.evaluate(_TAKE)))

    def press(self, place: Locator, *, at_its_beginning: bool = False) -> None:
        """A click or a tap, in the middle if not at the beginning, and what follows from it."""
        where: Position | None = {"x": 10, "y": 12} if at_its_beginning else None
        if self.is_touch:
            place.tap(position=where)
        else:
            place.click(position=where)
        settle(self.page)

    def press_at(self, x: int, y: int) -> None:
        """A tap on a place of the screen, in pixels."""
        self.page.touchscreen.tap(x, y)
        settle(self.page)

    def press_button(self, name: str, within: Page | Locator | None = None, *, exact: bool = False) -> None:
        self.press((within or self.page).get_by_role("button", name=name, exact=exact))

    def press_in_dialog(self, name: str) -> None:
        self.press_button(name, dialog(self.page))

    def choose_from(self, button: Locator, entry: str) -> None:
        """Open a menu and choose what it offers."""
        self.press(button)
        self.press(self.page.get_by_role("menuitem", name=entry).first)

    def hit(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Key by key, into what has the focus."""
        self.page.keyboard.type(text)

    def type_over(self, field: Locator, text: str) -> None:
        """Into a field, in the place of what it holds."""
        self.press(field)
        expect(field).to_be_focused()
        self.hit("Control+A")
        self.type(text)

    def drag(self, place: Locator, to: Locator) -> None:
        """With the mouse, from the lower edge of a card to the upper part of a column."""
        place.scroll_into_view_if_needed()
        start, end = place.bounding_box(), to.bounding_box()
        assert start
        assert end
        self.page.mouse.move(start["x"] + 60, start["y"] + start["height"] - 8)
        self.page.mouse.down()
        self.page.mouse.move(start["x"] + 80, start["y"] + start["height"], steps=3)
        self.page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 60, steps=5)
        self.page.mouse.up()
        settle(self.page)
