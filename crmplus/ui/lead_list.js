/* The list of open leads, edited in place.

   Each time the server draws the page it hands over all rows of it. Rows are patched by the key of their
   lead, so that a cell somebody is typing in keeps its text, its caret and the version of the lead that the
   typing began at. What was typed is sent until the server has said what became of it: a message that
   is overtaken by another is in that other one too. */

const lists = new WeakMap();
const TYPED = ["score", "expected_value", "recurring_value"];
const COLUMNS = [
  "customer", "phase", "score", "expected_value", "weighted_value",
  "recurring_value", "expected_close_date", "owner_id", "step",
];

export default function draw(component) {
  const { parentElement, data, setTriggerValue } = component;
  if (!lists.has(parentElement)) lists.set(parentElement, new List(parentElement));
  lists.get(parentElement).show(data, setTriggerValue);
}

/* An element; children that are text become text, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function label(element, text) {
  if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
}

function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function button(classes, act) {
  const made = make("button", { type: "button", class: classes });
  made.addEventListener("click", act);
  return made;
}

/* One field of one lead that can be typed over. */
class Cell {
  constructor(row, field) {
    this.row = row;
    this.field = field;
    this.shown = "";        // what the input was filled with, or what was sent last
    this.stored = "";       // what the server holds
    this.version = 0;       // of the lead, when typing began
    this.sent = null;       // the key of the edit that the server has not answered yet
    this.refusal = null;    // why what was typed is not saved
    this.byKeyboard = false;
    this.input = this.makeInput();
    this.listen();
  }

  makeInput() {
    if (this.field === "owner_id") return make("select");
    if (this.field === "expected_close_date") {
      return make("input", { type: "date", min: "1990-01-01", max: "2100-12-31" });
    }
    const mode = this.field === "score" ? "numeric" : "decimal";
    return make("input", { type: "text", inputmode: mode, autocomplete: "off", spellcheck: "false" });
  }

  listen() {
    this.input.addEventListener("focus", () => this.begin());
    this.input.addEventListener("blur", () => this.leave());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("pointerdown", () => { this.byKeyboard = false; });
    this.input.addEventListener("change", () => this.choose());
  }

  get hasFocus() {
    return this.input.getRootNode().activeElement === this.input;
  }

  get isRetyped() {
    return this.input.value !== this.shown || this.input.validity.badInput;
  }

  get isUnsaved() {
    return this.isRetyped || this.sent !== null || this.refusal !== null;
  }

  get name() {
    const { list, data } = this.row;
    return filled(list.words.cell, { field: list.fieldWords[this.field], customer: data.customer });
  }

  begin() {
    this.byKeyboard = false;
    if (!this.isUnsaved) this.version = this.row.version;
    this.mark("saved", false);
  }

  press(event) {
    this.byKeyboard = true;
    if (event.key === "Escape" && this.isUnsaved) {
      event.stopPropagation();
      this.restore();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.moveOrSave(event.shiftKey ? -1 : 1);
    } else if (TYPED.includes(this.field) && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.moveOrSave(event.key === "ArrowUp" ? -1 : 1);
    }
  }

  /* Leaving saves; where there is no row to go to, save in place. */
  moveOrSave(step) {
    const next = this.row.list.neighbour(this.row, step);
    if (!next) return this.leave();
    next.cells[this.field].take();
  }

  take() {
    this.input.focus();
    if (TYPED.includes(this.field)) this.input.select();
  }

  /* A choice made by mouse or finger is made; one by keyboard may only be passed on the way to another. */
  choose() {
    if (!this.byKeyboard && !TYPED.includes(this.field)) this.leave();
  }

  leave() {
    if (this.input.validity.badInput) return this.refuse({ says: this.row.list.words.halfADate });
    if (this.isRetyped) return this.save();
    if (!this.isUnsaved) this.fill();
    this.row.list.sweep();
  }

  save() {
    this.shown = this.input.value;
    this.sent = this.row.list.send(this);
    this.mark("saving", true);
  }

  fill() {
    this.input.value = this.stored;
    this.shown = this.input.value;
    this.refusal = null;
    this.row.showRefusals();
  }

  restore() {
    this.sent = null;
    this.mark("saving", false);
    this.input.value = "";  // a half typed date goes only so
    this.fill();
    this.row.list.sweep();
  }

  saveOnTop() {
    this.version = this.refusal.version;
    this.input.focus();
    this.save();
  }

  receive(stored) {
    this.stored = stored;
    if (this.isUnsaved) return;
    this.version = this.row.version;  // typing has not begun
    if (!this.hasFocus || this.input.value !== stored) this.fill();
  }

  answer(key, outcome) {
    if (outcome.state === "saved") this.version = outcome.version;
    if (this.sent !== key) return;
    this.sent = null;
    this.mark("saving", false);
    if (outcome.state === "saved") this.settle();
    else this.refuse(outcome);
  }

  settle() {
    this.refusal = null;
    this.mark("saved", true);
    if (!this.isRetyped && !this.hasFocus) this.fill();
    this.row.showRefusals();
    this.row.list.say(filled(this.row.list.words.saved, { cell: this.name }));
  }

  refuse(outcome) {
    this.refusal = outcome;
    this.row.showRefusals();
    const { words } = this.row.list;
    const isConflict = outcome.state === "conflict";  // says itself what is not saved
    this.row.list.say(isConflict ? outcome.says : filled(words.notSaved, { cell: this.name, why: outcome.says }));
  }

  mark(word, isOn) {
    this.input.parentElement.classList.toggle(word, isOn);
  }
}

/* One lead: a body of its own, with a line for its fields and one for what was refused. */
class Row {
  constructor(list, data) {
    this.list = list;
    this.data = data;
    this.version = data.version;
    this.cells = {};
    this.pick = make("input", { type: "checkbox" });
    this.pick.addEventListener("change", () => list.pick(this, this.pick.checked));
    this.link = make("a");
    this.link.addEventListener("click", (event) => list.open(event, this));
    this.parts = {};
    this.places = {};
    this.refusals = make("div", { class: "refusals", id: `said-${data.id}` });
    this.element = this.build();
  }

  build() {
    const line = make("tr", { role: "row", class: "lead" });
    if (this.list.mayEdit) line.append(make("td", { role: "cell", class: "pick" }, this.picker()));
    for (const field of COLUMNS) line.append(this.place(field));
    const below = make("td", { role: "cell", colspan: COLUMNS.length + 1 }, this.refusals);
    this.below = make("tr", { role: "row", class: "below" }, below);
    this.below.hidden = true;
    return make("tbody", { role: "rowgroup" }, line, this.below);
  }

  picker() {
    return make("label", {}, this.pick);
  }

  place(field) {
    this.places[field] = make("td", { role: "cell", class: field }, ...this.contents(field));
    return this.places[field];
  }

  contents(field) {
    if (field === "customer") return [this.link, this.part("title", "small")];
    if (field === "phase") {
      return [this.part("phase"), make("span", { class: "small" }, this.part("days"), this.part("ageing", "sign"))];
    }
    if (field === "step") {
      return [this.part("step"), make("span", { class: "small" }, this.part("due"), this.part("overdue", "sign"))];
    }
    if (field === "weighted_value" || !this.list.mayEdit) return [this.part(field)];
    const cell = new Cell(this, field);
    this.cells[field] = cell;
    if (field === "owner_id") {
      for (const turn of ["pointerdown", "focus"]) cell.input.addEventListener(turn, () => this.offerOwners(cell, true));
    }
    return [make("span", { class: "cell" }, cell.input)];
  }

  part(name, classes = "") {
    this.parts[name] = make("span", { class: classes });
    return this.parts[name];
  }

  get isBusy() {
    return Object.values(this.cells).some((cell) => cell.isUnsaved || cell.hasFocus);
  }

  receive(data) {
    this.data = data;
    this.version = data.version;
    this.link.setAttribute("href", data.href);
    write(this.link, data.customer);
    for (const name of ["title", "phase", "days", "ageing", "weighted_value", "step", "due", "overdue"]) {
      write(this.parts[name], data[name]);
    }
    this.element.classList.toggle("is-ageing", data.ageing !== "");
    this.element.classList.toggle("is-overdue", data.overdue !== "");
    this.receiveValues();
    this.say();
  }

  receiveValues() {
    const words = { expected_close_date: "close_words", owner_id: "owner" };
    for (const field of [...TYPED, ...Object.keys(words)]) {
      const cell = this.cells[field];
      if (!cell) write(this.parts[field], this.data[words[field] ?? field] || "–");
      if (cell && field === "owner_id") this.offerOwners(cell);
      if (cell) cell.receive(this.data[field]);
    }
  }

  /* Who can be chosen as the owner: the names of all in every row would be most of the page, so a row holds
     its own until somebody turns to it. What is shown and what is chosen stay what they were. */
  offerOwners(cell, isTurnedTo = false) {
    const select = cell.input;
    this.offersAll ||= isTurnedTo;
    const offered = this.eligible.filter((owner) => this.offersAll || owner.id === this.data.owner_id);
    const known = JSON.stringify(offered);
    if (this.offered === known || (!isTurnedTo && cell.hasFocus)) return;
    this.offered = known;
    const chosen = cell.isRetyped ? select.selectedOptions[0] : null;
    const kept = select.value;
    select.replaceChildren(...offered.map((owner) => make("option", { value: owner.id }, owner.name)));
    if (chosen && !offered.some((owner) => owner.id === kept)) select.append(chosen);
    select.value = kept;
    if (!chosen) cell.shown = select.value;
  }

  /* Somebody archived keeps what is theirs: whoever the owner is, is among them. */
  get eligible() {
    const { owners } = this.list;
    const { owner_id: id, owner: name } = this.data;
    return owners.some((owner) => owner.id === id) ? owners : [...owners, { id, name }];
  }

  say() {
    const { customer, title } = this.data;
    label(this.pick, filled(this.list.words.pick, { customer, title }));
    for (const cell of Object.values(this.cells)) label(cell.input, cell.name);
    for (const field of COLUMNS) this.places[field].dataset.caption = this.list.fieldWords[field];
  }

  showRefusals() {
    const refused = Object.values(this.cells).filter((cell) => cell.refusal);
    for (const cell of Object.values(this.cells)) this.flag(cell);
    this.refusals.replaceChildren(...refused.map((cell) => this.refusalOf(cell)));
    this.below.hidden = refused.length === 0;
  }

  flag(cell) {
    cell.input.toggleAttribute("aria-invalid", cell.refusal !== null);
    if (cell.refusal) {
      cell.input.setAttribute("aria-invalid", "true");
      cell.input.setAttribute("aria-describedby", this.refusals.id);
    } else {
      cell.input.removeAttribute("aria-describedby");
    }
  }

  refusalOf(cell) {
    const { words, fieldWords } = this.list;
    const said = make("p", {}, cell.refusal.says);
    if (cell.refusal.state !== "conflict") {
      said.prepend(make("span", { class: "sign" }, fieldWords[cell.field]));
      return this.withButtons(said, [words.putBack, () => cell.restore()]);
    }
    const onTop = [words.onTop, () => cell.saveOnTop()];
    return this.withButtons(said, onTop, [words.theirs, () => cell.restore()]);
  }

  withButtons(said, ...choices) {
    for (const [name, act] of choices) {
      const made = button("choice", act);
      write(made, name);
      said.append(made);
    }
    return said;
  }
}

class List {
  constructor(root) {
    this.root = root;
    this.rows = new Map();     // by the key of the lead, in the order shown
    this.picked = new Map();   // the key of a lead to the version it was picked at, of any page
    this.waiting = new Map();  // edits without an answer, by their keys
    this.opening = null;       // the key of the lead whose card is asked for
    this.born = Date.now().toString(36);
    this.count = 0;
  }

  show(data, trigger) {
    this.trigger = trigger;
    this.words = data.words;
    this.owners = data.owners;
    this.fieldWords = Object.fromEntries(data.heads.map((head) => [head.field, head.words]));
    if (this.mayEdit !== data.mayEdit) this.begin(data.mayEdit);
    this.showHeads(data.heads);
    this.showRows(data.rows);
    this.hear(data.outcomes);
    this.showPicked(data.picking);
  }

  /* Anew, also where another role is taken on. */
  begin(mayEdit) {
    this.mayEdit = mayEdit;
    this.rows.clear();
    this.heads = make("tr", { role: "row", class: "heads" });
    this.table = make("table", { role: "table" }, make("thead", { role: "rowgroup" }, this.heads));
    this.status = make("p", { class: "unseen", role: "status", "aria-live": "polite" });
    this.frame = make("div", { class: mayEdit ? "leads edits" : "leads" });
    if (mayEdit) this.frame.append(this.makeBar());
    this.frame.append(make("div", { class: "holder" }, this.table), this.status);
    this.root.querySelector(".leads")?.remove();
    this.root.append(this.frame);
  }

  makeBar() {
    this.pickAll = make("input", { type: "checkbox" });
    this.pickAll.addEventListener("change", () => this.pickPage(this.pickAll.checked));
    this.pickAllWords = make("span");
    this.pickedWords = make("strong");
    this.bulkButtons = ["owner", "step", "move", "close"].map((action) => [action, button("bulk", (event) => this.act(action, event.currentTarget))]);
    this.bulkButtons.push(["clear", button("bulk quiet", () => this.letGo())]);
    const buttons = this.bulkButtons.map(([, made]) => made);
    this.bulk = make("div", { class: "chosen", role: "group" }, this.pickedWords, ...buttons);
    const bar = make("div", { class: "bar" }, make("label", {}, this.pickAll, this.pickAllWords), this.bulk);
    new ResizeObserver(() => this.stayBelow(bar)).observe(bar);
    return bar;
  }

  /* The heads of the columns, however many lines the bar takes. Its one line is the style's own: to say it
     again would have the whole list laid out twice. */
  stayBelow(bar) {
    const height = `${bar.offsetHeight}px`;
    if (getComputedStyle(this.frame).getPropertyValue("--bar") !== height) this.frame.style.setProperty("--bar", height);
  }

  showHeads(heads) {
    const known = JSON.stringify([heads, this.mayEdit]);
    if (this.knownHeads === known && this.heads.childElementCount) return;
    this.knownHeads = known;
    const cells = heads.map((head) => this.headOf(head));
    if (this.mayEdit) cells.unshift(make("th", { role: "columnheader", class: "pick" }, make("span", { class: "unseen" }, this.words.pickAll)));
    this.heads.replaceChildren(...cells);
    label(this.table, this.words.table);
  }

  headOf(head) {
    const cell = make("th", { role: "columnheader", scope: "col", class: head.field });
    if (!head.sort) {
      write(cell, head.words);
      return cell;
    }
    const sorter = button("head", () => this.trigger("sort", head.sort));
    write(sorter, head.words);
    sorter.title = filled(this.words.sortBy, { field: head.words });
    if (head.sorted) cell.setAttribute("aria-sort", head.sorted);
    cell.append(sorter);
    return cell;
  }

  showRows(shown) {
    const keys = shown.map((data) => data.id);
    [...this.rows.keys()].forEach((key, place) => {
      if (!keys.includes(key) && this.rows.get(key).isBusy) keys.splice(place, 0, key);
    });
    const data = new Map(shown.map((each) => [each.id, each]));
    const rows = new Map(keys.map((key) => [key, this.rows.get(key) ?? new Row(this, data.get(key))]));
    for (const [key, row] of this.rows) if (!rows.has(key)) row.element.remove();
    this.rows = rows;
    for (const [key, row] of rows) {
      row.isGone = !data.has(key);
      row.element.classList.toggle("is-gone", row.isGone);
      if (!row.isGone) row.receive(data.get(key));
    }
    this.arrange([...rows.values()].map((row) => row.element));
  }

  /* In this order, round the row that is typed in: moving that one would take the focus from it. */
  arrange(elements) {
    const focused = this.table.getRootNode().activeElement;
    let next = null;
    for (const element of elements.reverse()) {
      const stays = focused && element.contains(focused);
      if (!stays && (element.nextElementSibling !== next || !element.parentElement)) this.table.insertBefore(element, next);
      next = element;
    }
  }

  /* Rows that were kept for what was typed in them only. */
  sweep() {
    for (const [key, row] of this.rows) {
      if (!row.isGone || row.isBusy) continue;
      row.element.remove();
      this.rows.delete(key);
    }
  }

  neighbour(row, step) {
    const rows = [...this.rows.values()];
    return rows[rows.indexOf(row) + step];
  }

  send(cell) {
    const key = `${this.born}-${this.count++}`;
    const { field, version, input, row } = cell;
    const edit = { key, lead: row.data.id, version, field, text: input.value };
    this.waiting.set(key, { edit, cell });
    this.sendWaiting();
    return key;
  }

  sendWaiting() {
    this.trigger("edits", [...this.waiting.values()].map((each) => each.edit));
  }

  hear(outcomes) {
    for (const [key, outcome] of Object.entries(outcomes)) {
      const waited = this.waiting.get(key);
      this.waiting.delete(key);
      if (waited) waited.cell.answer(key, outcome);
      if (waited && outcome.state !== "saved") this.opening = null;
    }
    this.sweep();
    this.openWhenSaved();
  }

  open(event, row) {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.opening = row.data.id;
    if (this.waiting.size > 0) this.sendWaiting();  // an edit may have been lost with the connection
    this.openWhenSaved();
  }

  /* The card is another page: what was typed just before is saved first, and where it is refused that is shown. */
  openWhenSaved() {
    if (!this.opening || this.waiting.size > 0) return;
    this.trigger("open", this.opening);
    this.opening = null;
  }

  pick(row, isPicked) {
    if (isPicked) this.picked.set(row.data.id, row.version);
    else this.picked.delete(row.data.id);
    this.showBar();
    this.say(this.pickedCount);
  }

  pickPage(isPicked) {
    for (const row of this.rows.values()) {
      if (isPicked) this.picked.set(row.data.id, row.version);
      else this.picked.delete(row.data.id);
    }
    this.showBar();
    this.say(this.pickedCount);
  }

  letGo() {
    this.picked.clear();
    this.showBar();
    this.pickAll.focus();
    this.say(this.pickedCount);
  }

  act(action, opener) {
    this.trigger("bulk", { action, leads: [...this.picked] });
    this.comeBack(opener);
  }

  /* The dialog that opens knows no button in here, and leaves the focus nowhere when it closes: back to the
     button that asked for it, or where that is gone, as nothing is picked any more, to what picks. */
  comeBack(opener) {
    this.watching?.disconnect();
    let wasOpen = false;
    this.watching = new MutationObserver(() => {
      const isOpen = document.querySelector("[role=dialog]") !== null;
      wasOpen ||= isOpen;
      if (!wasOpen || isOpen) return;
      this.watching.disconnect();
      this.takeFocus(opener, performance.now() + 1000);
    });
    this.watching.observe(document.body, { childList: true, subtree: true });
  }

  /* Until then whatever else is drawn may let go of it again. */
  takeFocus(opener, until) {
    const active = document.activeElement;
    if (!active || active === document.body) (this.bulk.hidden ? this.pickAll : opener).focus();
    if (performance.now() < until) requestAnimationFrame(() => this.takeFocus(opener, until));
  }

  get pickedCount() {
    return filled(this.words.picked, { count: this.picked.size });
  }

  showPicked(picking) {
    if (!this.mayEdit) return;
    if (this.picking !== picking) this.picked.clear();
    this.picking = picking;
    for (const row of this.rows.values()) {
      if (this.picked.has(row.data.id)) this.picked.set(row.data.id, row.version);
    }
    write(this.pickAllWords, this.words.pickAll);
    label(this.bulk, this.words.bulk);
    for (const [name, made] of this.bulkButtons) write(made, this.words[name]);
    this.showBar();
  }

  showBar() {
    const rows = [...this.rows.values()];
    const here = rows.filter((row) => this.picked.has(row.data.id));
    for (const row of rows) {
      row.pick.checked = this.picked.has(row.data.id);
      row.element.classList.toggle("is-picked", row.pick.checked);
    }
    this.pickAll.checked = rows.length > 0 && here.length === rows.length;
    this.pickAll.indeterminate = here.length > 0 && here.length < rows.length;
    this.bulk.hidden = this.picked.size === 0;
    this.frame.classList.toggle("has-picked", this.picked.size > 0);
    write(this.pickedWords, this.pickedCount);
  }

  say(text) {
    write(this.status, text);
  }
}
