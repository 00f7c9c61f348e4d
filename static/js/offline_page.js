// The page that a phone has kept: show the part that fits, and make the form look like its owner's. The address says
// which part: the form where people check in, else what the worker named after the #.
const FORMS = ["/", "/today", "/check-in", "/offline"];
const NAMES = "{names}";
const EMPTY = { chips: [], items_on: [], note_readers: [], score_readers: [] };
const NIGHT_ENDS = 4;
const lang = document.documentElement.lang;
const main = document.querySelector("main");
const parts = new Map([...document.querySelectorAll("template[data-part]")].map((one) => [one.dataset.part, one]));
const all = (selector) => [...main.querySelectorAll(selector)];
const named = (name) => all(`[name="${name}"]`);
const shown = (name, on) => all(`[data-shown="${name}"]`).forEach((one) => (one.hidden = !on));

function show(name) {
  main.replaceChildren(parts.get(name).content.cloneNode(true));
  document.title = document.title.replace(/^.* · /, `${main.querySelector("h1").textContent.trim()} · `);
}

// A question comes or goes with its answers: what is not asked is not sent.
function ask(name, on) {
  const field = named(name)[0]?.closest(name === "bed_time" ? "details" : ".field");
  if (!field) return;
  field.hidden = !on;
  for (const input of field.querySelectorAll("input")) input.disabled = !on;
}

let emptyChip;

function fillIn({ chips, items_on, note_readers, score_readers, shares_notes, account }) {
  for (const item of ["connection", "pain", "meals"]) ask(item, items_on.includes(item));
  const grid = main.querySelector('.grid:has([name="activity_type"])') ?? emptyChip.grid;
  emptyChip ??= { grid, tile: grid.firstElementChild };
  grid.replaceChildren(...chips.map(chip));
  grid.closest(".field").hidden = !chips.length;
  share("note_shared", note_readers);
  share("substances_shared", score_readers);
  if (shares_notes) named("note_shared").forEach((one) => (one.checked = one.value === "1"));
  if (account) named("account")[0].value = account;
}

function chip({ code, label }, place) {
  const tile = emptyChip.tile.cloneNode(true);
  const input = tile.querySelector("input");
  Object.assign(input, { value: code, id: place ? `${input.name}-${place}` : input.name });
  tile.lastElementChild.textContent = label;
  return tile;
}

// Whom something would be shared with; without anybody the question is not asked, and the hint says so.
function share(name, readers) {
  const box = named(name)[0].closest("fieldset") ?? named(name)[0].closest("label");
  const names = new Intl.ListFormat(lang, { type: "conjunction" }).format(readers);
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  while (readers.length && texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(NAMES, names);
  for (const input of named(name)) input.disabled = !readers.length;
  box.hidden = !readers.length;
  all(`[data-when="${name}"]`).forEach((one) => (one.hidden = !readers.length));
  all(`[data-unless="${name}"]`).forEach((one) => (one.hidden = readers.length));
}

// Days and nights are counted where the person lives. Before four it is asked which day is meant, and the night that
// has not been slept yet is not asked about.
function ofTheDay({ zone, checked_in_today }) {
  const now = new Date();
  const written = (options) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: zone, ...options });
  const hour = Number(new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" }).format(now));
  const isNight = hour < NIGHT_ENDS;
  main.querySelector("[data-today]").textContent = written({ weekday: "long", day: "numeric", month: "long" }).format(now);
  shown("done", checked_in_today);
  shown("night", isNight);
  const [yesterday, today] = named("local_date");
  yesterday.value = isoDay(new Date(now - (hour + 2) * 3600 * 1000), zone);
  today.value = isoDay(now, zone);
  yesterday.disabled = today.disabled = !isNight;
  yesterday.checked = isNight;
  const sleep = () => ["sleep_quality", "sleep_min", "bed_time"].forEach((one) => ask(one, !isNight || today.checked));
  [yesterday, today].forEach((one) => one.addEventListener("change", sleep));
  sleep();
}

function isoDay(moment, zone) {
  const options = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" };
  const written = new Intl.DateTimeFormat("en-GB", options).formatToParts(moment);
  const part = (name) => written.find(({ type }) => type === name).value;
  return `${part("year")}-${part("month")}-${part("day")}`;
}

async function fix(id) {
  const waiting = await phone.ask("read", { id });
  if (!waiting) return show("waiting");
  const hidden = { replaces: id, client_key: waiting.client_key };
  for (const [name, value] of [...waiting.fields, ...Object.entries(hidden)]) {
    const [first, ...others] = named(name);
    if (name === "local_date") chosenDay(value);
    else if (/radio|checkbox/.test(first?.type)) [first, ...others].forEach((one) => (one.checked ||= one.value === value));
    else if (first) first.value = value;
  }
  const lines = (waiting.problems ?? []).map(({ field, sentence }) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    Object.assign(link, { href: `#${field}`, textContent: sentence });
    line.append(link);
    return line;
  });
  main.querySelector("[data-sentences]").replaceChildren(...lines);
  shown("fix", true);
  main.querySelector(".errbox").focus();
}

// A day that was chosen when it was written stays chosen.
function chosenDay(value) {
  shown("night", false);
  named("local_date").forEach((one) => (one.disabled = true));
  const input = Object.assign(document.createElement("input"), { type: "hidden", name: "local_date", value });
  main.querySelector("form").append(input);
}

function connection() {
  shown("offline", !navigator.onLine);
  const words = main.querySelector(`[data-words="${navigator.onLine ? "online" : "offline"}"]`);
  main.querySelector(".savebar .btn").textContent = words.content.textContent;
}

async function form(id) {
  show("form");
  named("client_key")[0].value = crypto.randomUUID();
  fillIn(EMPTY);
  connection();
  addEventListener("online", connection);
  addEventListener("offline", connection);
  const settings = await phone.ask("form");
  if (settings) {
    fillIn(settings);
    ofTheDay(settings);
  }
  if (id) await fix(id);
}

async function keptPart() {
  show("kept");
  navigator.storage?.persist?.();
  const lowest = Number(main.querySelector("[data-low]").dataset.low);
  const draw = async (isNews) => {
    const { just, items } = await phone.ask("waiting");
    if (just) {
      const isLow = just.mood !== null && just.mood <= lowest;
      shown("low", isLow);
      shown("just", just.mood !== null);
      const drop = main.querySelector("[data-drop]");
      drop.classList.add(`m${just.mood}`);
      drop.textContent = just.mood;
    }
    if (isNews && !items.length) {
      shown("waits", false);
      shown("just", false);
      shown("sent", true);
    }
  };
  navigator.serviceWorker.addEventListener("message", ({ data }) => data.sent && draw(true));
  await draw(false);
}

if (navigator.serviceWorker?.controller) {
  const [name, id] = location.hash.slice(1).split("=");
  addEventListener("hashchange", () => location.reload());
  if (name === "kept") keptPart();
  else if (parts.has(name)) show(name);
  else if (name === "fix" || FORMS.includes(location.pathname)) form(id);
  else show("away");
}
