// "Waiting on this phone": how many check-ins, from when, and what can be done. All words stand in the markup.
// English as the server writes it: Monday 30 March, 7:42 pm.
const lang = document.documentElement.lang;
const [locale, hours] = lang === "en" ? ["en-GB", { hour12: true }] : [lang, {}];
const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const time = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", ...hours });
const OLD_MS = 3 * 24 * 3600 * 1000;
// A network that is back is often not there yet: try again soon, then less and less often.
const SOONEST_MS = 2000;
const LATEST_MS = 60 * 1000;

for (const box of document.querySelectorAll('[data-behaviour~="waiting"]')) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  const card = part("card");
  const line = part("line");
  const list = part("list");
  let known = 0;
  let drawn;
  let pause = SOONEST_MS;
  let timer;

  const draw = (item) => {
    const row = line.content.cloneNode(true);
    const set = (name, on) => (row.querySelector(`[data-${name}]`).hidden = !on);
    const made = new Date(item.made_at);
    // A day that was chosen has no hour; a date alone is read as noon, so that no zone moves it.
    row.querySelector("[data-day]").textContent = day.format(item.day ? new Date(`${item.day}T12:00`) : made);
    row.querySelector("[data-time]").textContent = item.day ? "" : time.format(made);
    set("waits", item.state === "waiting");
    set("refused", item.state === "refused");
    set("old", Date.now() - made > OLD_MS);
    set("tried", item.tried);
    row.querySelector("[data-sentences]").textContent = item.sentences.join(" ");
    const fix = row.querySelector("[data-fix]");
    fix.hidden = item.state !== "refused";
    fix.href += `#fix=${item.id}`;
    row.querySelector("[data-discard]").addEventListener("click", () => show(phone.ask("discard", { id: item.id })));
    // A row that is drawn anew stays as open as the person has it.
    row.querySelector("details").open = list.querySelector(`[id="${item.id}"] details`)?.open;
    row.querySelector("li").id = item.id;
    return row;
  };

  const show = async (asked) => {
    const answer = await asked;
    if (!answer) return;
    const { items, signed_out } = answer;
    clearTimeout(timer);
    if (items.some((item) => item.state === "waiting")) timer = setTimeout(again, pause);
    part("one").hidden = items.length !== 1;
    part("many").hidden = items.length === 1;
    part("number").textContent = items.length;
    part("signed-out").hidden = !signed_out;
    part("send").hidden = signed_out;
    // Drawn anew only where something is new: the finger or the keyboard may be on it.
    const told = JSON.stringify(items);
    if (told !== drawn) list.replaceChildren(...items.map(draw));
    drawn = told;
    card.hidden = !items.length;
    known = items.length;
  };

  const again = () => {
    pause = Math.min(pause * 2, LATEST_MS);
    show(phone.ask("retry"));
  };
  addEventListener("online", () => {
    pause = SOONEST_MS;
    show(phone.ask("waiting"));
  });

  part("send").addEventListener("click", async () => {
    part("said").textContent = "";
    await show(phone.ask("send"));
    if (known) part("said").textContent = part("not-yet").content.textContent;
  });
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data.sent) part("said").textContent = part("sent").content.textContent;
    show(phone.ask("waiting"));
  });
  show(phone.ask("waiting"));
}
