// The board. Words, sums and rules come from the server, which checks all that is asked of it; what people
// wrote is only ever set as text. A redraw changes what differs, so that focus, scroll and menus stay.

const LONG_PRESS = 300; // milliseconds a finger rests on a card before it lifts it
const SLACK = 6; // pixels a pointer wanders before it drags (a mouse) or scrolls (a finger)
const EDGE = 56; // pixels from the side of the board within which a dragged card scrolls it
const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const boards = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const board = boards.get(parentElement) ?? newBoard(parentElement);
  boards.set(parentElement, board);
  board.ask = (what, about) => setTriggerValue("asked", { what, ...about });
  if (board.drag || board.carried) board.waiting = data;
  else draw(board, data);
}

// ---- Elements

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function button(className, sign) {
  const element = make("button", className);
  element.type = "button";
  if (sign) element.dataset.sign = sign;
  return element;
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

// Text that is as it was is not set again: a reader in the middle of it would lose the place.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// The children in this order, moving none that stands right: what moves loses focus and scroll.
function arrange(parent, wanted) {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of wanted) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}

function newBoard(root) {
  const board = { root, columns: new Map(), cards: new Map(), order: [], active: null, shown: null };
  board.how = make("p", "unseen");
  board.how.id = "how";
  board.status = make("p", "status unseen");
  board.status.setAttribute("role", "status");
  board.previous = button("turn", "chevron_left");
  board.next = button("turn", "chevron_right");
  board.choice = make("select");
  board.switch = make("div", "switch", board.previous, board.choice, board.next);
  board.lanes = make("div", "lanes");
  board.menu = make("div", "menu");
  board.menu.popover = "auto";
  board.menu.setAttribute("role", "menu");
  board.targets = make("div", "targets");
  const frame = make("div", "board", board.how, board.switch, board.lanes);
  board.host = make("div", "host", frame, board.status, board.menu, board.targets);
  listen(board);
  takeFocusBack(board);
  root.append(board.host);
  return board;
}

// ---- Asking the server

// A card that is on its way is not asked about twice; the answer draws it where it belongs.
function askMove(board, card, version, phase) {
  if (card.node.classList.contains("waiting")) return;
  card.node.classList.add("waiting");
  board.ask("move", { lead: card.id, version, phase });
}

// Shown at once where it was dropped; where something is asked or refused, the answer puts it back.
function dropOn(board, card, version, phase) {
  const hadFocus = card.node === board.root.activeElement;
  board.columns.get(phase).list.hidden = false;
  board.columns.get(phase).list.prepend(card.node);
  if (hadFocus) card.node.focus({ preventScroll: true });
  askMove(board, card, version, phase);
}

// What came in while a card was in the air.
function drawWaiting(board) {
  const { waiting } = board;
  board.waiting = null;
  if (waiting) draw(board, waiting);
}

// The card as it is now; null where it left the board meanwhile.
function settled(board, lifted) {
  drawWaiting(board);
  return board.cards.get(lifted.id) ?? null;
}

// ---- What happens on it

function listen(board) {
  const { host, lanes, choice, previous, next, menu } = board;
  lanes.addEventListener("click", (event) => onClick(board, event));
  lanes.addEventListener("focusin", (event) => onFocus(board, event));
  lanes.addEventListener("focusout", () => board.carried && putDown(board, false));
  host.addEventListener("keydown", (event) => onKey(board, event));
  host.addEventListener("pointerdown", (event) => onDown(board, event));
  host.addEventListener("pointermove", (event) => onMove(board, event));
  host.addEventListener("pointerup", (event) => onUp(board, event));
  host.addEventListener("pointercancel", () => (board.drag ? endDrag(board, null) : release(board)));
  // A finger that has lifted a card neither scrolls nor opens the browser's own menu.
  host.addEventListener("touchmove", (event) => board.drag && event.preventDefault(), { passive: false });
  host.addEventListener("contextmenu", (event) => board.press?.isFinger && event.preventDefault());
  choice.addEventListener("change", () => showPhase(board, choice.value));
  previous.addEventListener("click", () => showPhase(board, board.order[board.order.indexOf(board.shown) - 1]));
  next.addEventListener("click", () => showPhase(board, board.order[board.order.indexOf(board.shown) + 1]));
  menu.addEventListener("beforetoggle", (event) => event.newState === "closed" && leaveMenu(board));
}

function onClick(board, event) {
  if (board.dragged) return event.preventDefault();
  const more = event.target.closest("[data-more]")?.dataset.more;
  if (more) return askMore(board, more);
  const card = board.cards.get(event.target.closest("[data-lead]")?.dataset.lead);
  if (event.target.closest(".more")) openMenu(board, card);
  else if (event.target.closest("a")) openCustomer(board, card, event);
}

function askMore(board, phase) {
  board.further = { phase, count: board.columns.get(phase).data.cards.length };
  board.ask("more", { phase });
}

// With a key held the browser opens its own tab; else the card opens with this lead chosen.
function openCustomer(board, card, event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  board.ask("open", { lead: card.id });
}

function onFocus(board, event) {
  const card = board.cards.get(event.target.closest("[data-lead]")?.dataset.lead);
  if (card) activate(board, card);
}
