// ---- Drawing

function draw(board, data) {
  const focused = board.root.activeElement;
  const was = board.cards.get(board.active);
  board.data = data;
  board.host.classList.toggle("works", data.mayWork);
  write(board.how, data.mayWork ? data.words.how : data.words.look);
  drawCards(board);
  drawColumns(board);
  drawSwitch(board);
  keepFocus(board, focused, was);
  closeMenuOfGone(board);
  announce(board, data.said);
}

function drawCards(board) {
  const { columns, fields, mayWork, owners, words } = board.data;
  const before = board.cards;
  board.cards = new Map();
  for (const column of columns) {
    for (const row of column.cards) {
      const values = Object.fromEntries(fields.map((name, place) => [name, row[place]]));
      const card = before.get(values.id) ?? newCard(board, values.id);
      if (card.phase !== column.id) setTabbable(card, -1);
      card.phase = column.id;
      card.node.classList.remove("waiting");
      const written = JSON.stringify([row, owners[values.owner], words.noStep, mayWork]);
      if (card.written !== written) fillCard(board, card, values);
      card.written = written;
      board.cards.set(values.id, card);
    }
  }
}

function newCard(board, id) {
  const name = make("a", "name");
  const title = make("div", "title");
  const expected = make("span", "expected");
  const weighted = make("span", "weighted");
  const bar = make("i");
  const score = make("span", "score");
  const age = make("span", "age");
  const owner = make("abbr", "owner");
  const step = make("div", "step");
  const node = make(
    "div",
    "card",
    make("div", "top", name),
    title,
    make("div", "values", expected, weighted),
    make("div", "facts", make("span", "bar", bar), score, age, owner),
    step,
  );
  node.dataset.lead = id;
  node.setAttribute("role", "listitem");
  node.setAttribute("aria-describedby", "how");
  node.tabIndex = name.tabIndex = -1;
  name.draggable = false;
  return { id, node, name, title, expected, weighted, bar, score, age, owner, step };
}

function fillCard(board, card, values) {
  const { words, owners } = board.data;
  card.values = values;
  write(card.name, values.customer);
  card.name.href = `customer?customer=${encodeURIComponent(values.number)}&lead=${card.id}`;
  write(card.title, values.title);
  write(card.expected, values.expected);
  write(card.weighted, values.weighted && `${values.weighted} ${words.weighted}`);
  card.bar.style.width = `${values.score ?? 0}%`;
  write(card.score, values.score === null ? words.noScore : String(values.score));
  write(card.age, values.isAgeing ? `${values.age}, ${words.ageing}` : values.age);
  card.age.title = fill(words.inPhase, values);
  card.age.classList.toggle("ageing", values.isAgeing);
  const [initials, owner] = owners[values.owner] ?? ["–", words.nobody];
  write(card.owner, initials);
  card.owner.title = fill(words.owner, { name: owner });
  write(card.step, stepWords(words, values));
  card.step.className = `step ${values.due ?? "none"}`;
  card.node.setAttribute("aria-label", spoken(board, card));
  drawMenuButton(board, card);
}

function stepWords(words, { due, day, step }) {
  if (!due) return words.noStep;
  const when = { overdue: `${words.overdue}, ${day}`, today: `${words.today}, ${day}`, coming: day }[due];
  return `${when}: ${step}`;
}

function spoken({ data: { words } }, { values, expected, age, owner, step }) {
  const score = values.score === null ? words.noScore : fill(words.score, values);
  const ageing = values.isAgeing && words.ageing;
  const parts = [values.customer, values.title, expected, score, age.title, ageing, step, owner.title];
  return parts.map((part) => part?.textContent ?? part).filter(Boolean).join(", ");
}

// Only those who may change a lead have something to choose.
function drawMenuButton(board, card) {
  if (!board.data.mayWork) {
    card.more?.remove();
    card.more = null;
    return;
  }
  if (!card.more) {
    card.more = button("more", "more_vert");
    card.more.setAttribute("aria-haspopup", "menu");
    card.more.tabIndex = card.node.tabIndex;
    card.name.after(card.more);
  }
  card.more.setAttribute("aria-label", fill(board.data.words.menu, card.values));
}

function drawColumns(board) {
  const { columns } = board.data;
  board.order = columns.map((column) => column.id);
  if (!board.order.includes(board.shown)) {
    board.shown = (columns.find((column) => column.total) ?? columns[0]).id;
  }
  const before = board.columns;
  board.columns = new Map(columns.map((column) => [column.id, before.get(column.id) ?? newColumn(column.id)]));
  for (const column of columns) drawColumn(board, column);
  arrange(board.lanes, board.order.map((id) => board.columns.get(id).node));
}

function newColumn(id) {
  const name = make("h2");
  const count = make("span", "count");
  const expected = make("span");
  const weighted = make("span");
  const list = make("div", "cards");
  const none = make("p", "none");
  const more = button("further");
  list.setAttribute("role", "list");
  more.dataset.more = id;
  const head = make("div", "head", name, count, make("div", "sums", expected, weighted));
  const node = make("section", "lane", head, make("div", "scroll", list, none, more));
  node.dataset.phase = id;
  return { node, name, count, expected, weighted, list, none, more };
}

function drawColumn(board, data) {
  const { words } = board.data;
  const column = board.columns.get(data.id);
  column.data = data;
  write(column.name, data.name);
  write(column.count, data.count);
  write(column.expected, `${data.expected} ${words.expected}`);
  write(column.weighted, `${data.weighted} ${words.weighted}`);
  column.node.setAttribute("aria-label", data.name);
  column.list.setAttribute("aria-label", `${data.name}, ${data.count}`);
  column.list.hidden = !data.cards.length;
  column.none.hidden = data.total > 0;
  write(column.none, words.noLeads);
  const rest = data.total - data.cards.length;
  column.more.hidden = rest <= 0;
  write(column.more, fill(words.more, { count: rest }));
  column.node.classList.toggle("shown", data.id === board.shown);
  const place = [...column.list.children].findIndex((node) => node.dataset.lead === column.active);
  arrange(column.list, data.cards.map(([id]) => board.cards.get(id).node));
  keepTabbable(board, column, place);
}

function drawSwitch(board) {
  const { columns, words } = board.data;
  board.choice.setAttribute("aria-label", words.phase);
  board.previous.setAttribute("aria-label", words.previous);
  board.next.setAttribute("aria-label", words.next);
  const options = columns.map((column, place) => board.choice.options[place] ?? new Option());
  columns.forEach((column, place) => {
    options[place].value = column.id;
    write(options[place], `${column.name} (${column.total})`);
  });
  arrange(board.choice, options);
  showPhase(board, board.shown);
}

// On a narrow screen one phase is shown at a time.
function showPhase(board, id) {
  board.shown = id;
  board.choice.value = id;
  for (const [phase, column] of board.columns) column.node.classList.toggle("shown", phase === id);
  const place = board.order.indexOf(id);
  board.previous.disabled = place <= 0;
  board.next.disabled = place >= board.order.length - 1;
}

function announce(board, [count, text]) {
  if (board.heard !== undefined && board.heard !== count) write(board.status, text);
  board.heard = count;
}
