// ---- The menu of a card

function openMenu(board, card) {
  const { version } = card.values;
  board.menu.setAttribute("aria-label", card.more.getAttribute("aria-label"));
  board.menu.replaceChildren(...entries(board, card, version));
  board.menuOf = card;
  board.menu.showPopover();
  placeMenu(board, card.more.getBoundingClientRect());
  board.menu.firstElementChild.focus();
}

// The next phase comes first: it is where most leads go.
function entries(board, card, version) {
  const { order, data } = board;
  const { words } = data;
  const { stepId: step, stepVersion } = card.values;
  const aboutStep = { lead: card.id, step, version: stepVersion };
  const next = order[order.indexOf(card.phase) + 1];
  const label = ({ id, closes }) => (closes ? words.closeIn : id === next ? words.complete : words.moveTo);
  const moves = data.columns
    .filter((column) => column.closes || column.id !== card.phase)
    .sort((one, other) => (other.id === next) - (one.id === next))
    .map((column) =>
      entry(board, fill(label(column), { phase: column.name }), () => askMove(board, card, version, column.id)),
    );
  const steps = [
    step && entry(board, words.done, () => board.ask("done", aboutStep)),
    step && entry(board, words.putOff, () => board.ask("putOff", aboutStep)),
    entry(board, words.plan, () => board.ask("plan", { lead: card.id })),
  ];
  return [...moves, ...steps.filter(Boolean)];
}

function entry(board, label, act) {
  const element = button("entry");
  element.textContent = label;
  element.setAttribute("role", "menuitem");
  element.tabIndex = -1;
  element.addEventListener("click", () => {
    board.menu.hidePopover();
    act();
  });
  return element;
}

// Under its button, or above it where there is more room; on a narrow screen the style puts it at the bottom.
function placeMenu({ menu }, around) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(around.right - width, innerWidth - width - 8));
  const below = around.bottom + 4;
  const top = below + height > innerHeight - 8 ? Math.max(8, around.top - height - 4) : below;
  menu.style.setProperty("--left", `${left}px`);
  menu.style.setProperty("--top", `${top}px`);
}

function onMenuKey(board, event) {
  const all = [...board.menu.children];
  const at = all.indexOf(event.target);
  const to = {
    ArrowDown: all[(at + 1) % all.length],
    ArrowUp: all.at(at - 1),
    Home: all[0],
    End: all.at(-1),
  }[event.key];
  if (to) to.focus();
  else if (event.key === "Tab") board.menu.hidePopover();
  else return;
  event.preventDefault();
}

// However it closes, who was in it is on the card's button again.
function leaveMenu(board) {
  if (board.menu.contains(board.root.activeElement)) board.menuOf?.more?.focus({ preventScroll: true });
  board.menuOf = null;
}

function closeMenuOfGone(board) {
  if (board.menuOf && !board.cards.has(board.menuOf.id)) board.menu.hidePopover();
}
