// ---- By keyboard: pick up, choose a phase, drop

function pickUp(board, card) {
  if (!board.data.mayWork) return;
  board.carried = { card, version: card.values.version, aim: card.phase };
  card.node.classList.add("carried");
  board.status.classList.remove("unseen");
  const { words } = board.data;
  const phase = board.columns.get(card.phase).data.name;
  write(board.status, `${fill(words.picked, { ...card.values, phase })} ${words.how}`);
}

function aimAt(board, aside) {
  const { carried, order } = board;
  carried.aim = order[order.indexOf(carried.aim) + aside] ?? carried.aim;
  markTarget(board, carried.aim);
  const column = board.columns.get(carried.aim);
  column.node.scrollIntoView({ block: "nearest", inline: "nearest" });
  write(board.status, fill(board.data.words.aim, { ...carried.card.values, phase: column.data.name }));
}

function putDown(board, isDropped) {
  const { card: lifted, version, aim } = board.carried;
  board.carried = null;
  lifted.node.classList.remove("carried");
  board.status.classList.add("unseen");
  markTarget(board, null);
  const card = settled(board, lifted);
  if (!card) return;
  if (isDropped && aim !== card.phase) return dropOn(board, card, version, aim);
  const phase = board.columns.get(card.phase).data.name;
  write(board.status, fill(board.data.words.left, { ...card.values, phase }));
}

function markTarget(board, phase) {
  for (const place of board.host.querySelectorAll("[data-phase]")) {
    place.classList.toggle("target", place.dataset.phase === phase);
  }
}

function onKey(board, event) {
  const card = board.cards.get(event.target.closest?.("[data-lead]")?.dataset.lead);
  if (board.drag && event.key === "Escape") endDrag(board, null);
  else if (board.menu.contains(event.target)) onMenuKey(board, event);
  else if (card && board.carried) onCarryKey(board, event);
  else if (card) onCardKey(board, event, card);
}

function onCarryKey(board, event) {
  const aside = KEYS[event.key]?.[0];
  if (aside) aimAt(board, aside);
  else if (event.key === "Enter" || event.key === " ") putDown(board, true);
  else if (event.key === "Escape") putDown(board, false);
  else return;
  event.preventDefault();
}

function onCardKey(board, event, card) {
  const isOnCard = event.target === card.node;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (KEYS[event.key]) goTo(board, card, KEYS[event.key]);
  else if (event.key === "Home") focusOn(board, cardsOf(board, card.phase)[0]);
  else if (event.key === "End") focusOn(board, cardsOf(board, card.phase).at(-1));
  else if (isOnCard && (event.key === "Enter" || event.key === " ")) pickUp(board, card);
  else return;
  event.preventDefault();
}

// ---- By mouse, or by a finger that rests on the card first

function onDown(board, event) {
  const node = event.target.closest(".card");
  board.dragged = false;
  if (!node || !board.data.mayWork || event.button !== 0 || event.target.closest("button")) return;
  const card = board.cards.get(node.dataset.lead);
  const isFinger = event.pointerType === "touch";
  board.press = { card, isFinger, pointer: event.pointerId, x: event.clientX, y: event.clientY };
  if (isFinger) board.press.timer = setTimeout(() => lift(board), LONG_PRESS);
}

function onMove(board, event) {
  const { press } = board;
  if (!press || event.pointerId !== press.pointer) return;
  const way = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (!board.drag && way > SLACK) {
    if (press.isFinger) return release(board);
    lift(board);
  }
  if (board.drag) follow(board, event.clientX, event.clientY);
}

function lift(board) {
  const { card, isFinger, x, y, pointer } = board.press;
  if (!card.node.isConnected || card.node.classList.contains("waiting")) return release(board);
  const box = card.node.getBoundingClientRect();
  const ghost = card.node.cloneNode(true);
  ghost.classList.add("ghost");
  ghost.setAttribute("aria-hidden", "true");
  ghost.style.width = `${box.width}px`;
  board.host.append(ghost);
  const dy = isFinger ? -box.height - EDGE / 2 : box.top - y; // a thumb hides no place it may land
  board.drag = { card, version: card.values.version, ghost, dx: box.left - x, dy };
  board.dragged = true;
  card.node.setPointerCapture(pointer);
  card.node.classList.add("lifted");
  board.host.classList.add("dragging");
  if (isNarrow(board)) offerTargets(board, card);
  follow(board, x, y);
  requestAnimationFrame(() => scrollAlong(board));
}

function follow(board, x, y) {
  const { drag } = board;
  drag.x = x;
  drag.ghost.style.transform = `translate(${x + drag.dx}px, ${y + drag.dy}px) rotate(1deg)`;
  drag.over = board.root.elementFromPoint(x, y)?.closest("[data-phase]")?.dataset.phase ?? null;
  markTarget(board, drag.over === drag.card.phase ? null : drag.over);
}

// On a narrow screen the other phases are not in view: they are offered where the thumb is.
function offerTargets(board, card) {
  const { words } = board.data;
  const places = board.data.columns.map(({ id, name }) => {
    const place = make("div", "place", fill(id === card.phase ? words.here : words.dropHere, { phase: name }));
    place.dataset.phase = id;
    return place;
  });
  board.targets.replaceChildren(...places);
}

function scrollAlong(board) {
  if (!board.drag) return;
  const box = board.lanes.getBoundingClientRect();
  if (board.drag.x > box.right - EDGE) board.lanes.scrollLeft += 12;
  if (board.drag.x < box.left + EDGE) board.lanes.scrollLeft -= 12;
  requestAnimationFrame(() => scrollAlong(board));
}

function onUp(board, event) {
  if (event.pointerId !== board.press?.pointer) return;
  if (board.drag) endDrag(board, board.drag.over);
  release(board);
}

function endDrag(board, phase) {
  const { card: lifted, version, ghost } = board.drag;
  board.drag = null;
  ghost.remove();
  board.targets.replaceChildren();
  lifted.node.classList.remove("lifted");
  board.host.classList.remove("dragging");
  markTarget(board, null);
  release(board);
  const card = settled(board, lifted);
  if (card && phase && phase !== card.phase) dropOn(board, card, version, phase);
}

function release(board) {
  clearTimeout(board.press?.timer);
  board.press = null;
}

function isNarrow(board) {
  return getComputedStyle(board.switch).display !== "none";
}
