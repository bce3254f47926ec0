// ---- Focus: Tab goes from column to column, to the card of each that had it last; arrow keys go from there

function activate(board, card) {
  const column = board.columns.get(card.phase);
  const before = board.cards.get(column.active);
  if (before?.phase === card.phase) setTabbable(before, -1);
  board.active = column.active = card.id;
  setTabbable(card, 0);
}

function setTabbable({ node, name, more }, index) {
  for (const each of [node, name, more]) if (each) each.tabIndex = index;
}

// A column whose card went elsewhere is entered at the one in its place.
function keepTabbable(board, column, place) {
  const cards = cardsOf(board, column.data.id);
  if (!cards.length || cards.some((card) => card.id === column.active)) return;
  const next = cards[Math.min(Math.max(place, 0), cards.length - 1)];
  column.active = next.id;
  setTabbable(next, 0);
}

function focusOn(board, card) {
  activate(board, card);
  if (card.phase !== board.shown) showPhase(board, card.phase);
  card.node.focus({ preventScroll: true });
  card.node.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function placeOf(board, id) {
  const card = board.cards.get(id);
  return card && { phase: card.phase, place: cardsOf(board, card.phase).indexOf(card) };
}

function cardsOf(board, phase) {
  return [...board.columns.get(phase).list.children].map((node) => board.cards.get(node.dataset.lead));
}

// What had the focus has it again, though it was moved; where it is gone, the card that is entered in its place.
function keepFocus(board, focused, was) {
  const fresh = board.further && cardsOf(board, board.further.phase)[board.further.count];
  board.further = null;
  if (fresh) return focusOn(board, fresh);
  if (!focused || focused === board.root.activeElement) return;
  const inPlace = board.cards.get(board.columns.get(was?.phase)?.active) ?? board.cards.values().next().value;
  (focused.checkVisibility() ? focused : inPlace?.node)?.focus({ preventScroll: true });
}

// A dialog that closes gives the focus back to the component as a whole, which passes it on to the card. It has
// no tabindex: with one below 0 Tab would pass by all that is in it.
function takeFocusBack(board) {
  board.root.host.focus = () => {
    if (!board.root.activeElement) board.cards.get(board.active)?.node.focus({ preventScroll: true });
  };
}

function goTo(board, card, [aside, down]) {
  const place = placeOf(board, card.id);
  if (down) {
    const other = cardsOf(board, card.phase)[place.place + down];
    if (other) focusOn(board, other);
    return;
  }
  for (let at = board.order.indexOf(card.phase) + aside; board.order[at]; at += aside) {
    const there = cardsOf(board, board.order[at]);
    if (there.length) return focusOn(board, there[Math.min(place.place, there.length - 1)]);
  }
}
