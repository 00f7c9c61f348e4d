// One's own plan on this phone. Where its owner chose so, the phone keeps it sealed (the worker does that) and the help
// page shows it first, locked or without a signal. What the server has just shown of it renews what is kept.
const whole = document.querySelector('[data-behaviour~="own-plan"]');
const { account, idleS } = whole.dataset;
const shown = whole.querySelector("[data-plan]");
const card = whole.querySelector("[data-on-phone]");
const ready = whole.querySelector("template[data-ready]"); // on the help page alone
const closed = whole.querySelector("[data-closed]");
const workers = navigator.serviceWorker;
const PERSON = ["person_name", "person_phone", "dial"];

async function ask(what, told = {}) {
  const worker = (await workers?.getRegistration())?.active;
  if (!worker) return null;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
  worker.postMessage({ ask: what, name: "plan", of: account, ...told }, [port2]);
  return answer;
}

function read(plan) {
  const found = Object.fromEntries(PERSON.map((name) => [name, plan.dataset[name]]));
  for (const step of plan.querySelectorAll("[data-step]")) found[step.dataset.step] = step.querySelector("p").textContent;
  return found;
}

function draw(plan) {
  const page = ready.content.cloneNode(true);
  for (const step of page.querySelectorAll("[data-step]")) {
    const text = plan[step.dataset.step];
    if (text) step.querySelector("p").textContent = text;
    else step.remove();
  }
  const fits = plan.dial ? (plan.person_name ? "both" : "phone") : plan.person_name ? "name" : "";
  for (const person of page.querySelectorAll("[data-person]")) {
    if (person.dataset.person !== fits) person.remove();
    for (const link of person.querySelectorAll("a")) link.href = `tel:${plan.dial.replace(/[^+0-9]/g, "")}`;
    const texts = document.createTreeWalker(person, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const words = texts.currentNode;
      words.data = words.data.replace("{name}", () => plan.person_name).replace("{phone}", () => plan.person_phone);
    }
  }
  ready.after(page);
  if (closed) closed.hidden = true;
}

// What was not kept on the phone is for whoever has unlocked it: it goes when the page is left, or has lain there as
// long as a phone may stay unlocked. Some say that a page is left when a call only covers it: then it is asked for anew.
function watch() {
  const since = Date.now() - performance.now();
  let away = false;
  const putAway = () => {
    away = true;
    whole.querySelectorAll("[data-own]").forEach((one) => one.remove());
    closed.hidden = false;
  };
  const look = () => {
    const left = since + 1000 * idleS - Date.now();
    if (left > 0) setTimeout(look, left);
    else putAway();
  };
  if (idleS) look();
  addEventListener("pagehide", putAway);
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    if (away) location.reload();
    else if (idleS) look(); // a phone that slept has stopped its timers
  });
}

async function offer(kept) {
  const input = card.querySelector("input");
  const say = (what) => {
    card.querySelector("[data-said]").textContent = card.querySelector(`template[data-${what}]`).content.textContent;
  };
  input.checked = Boolean(kept);
  card.hidden = false;
  input.addEventListener("change", async () => {
    if (!input.checked) await ask("forget");
    else if (!(await ask("keep", { value: read(shown) }))) {
      input.checked = false;
      return say("not-kept");
    }
    say(input.checked ? "kept" : "gone");
  });
}

const kept = await ask("kept");
if (kept && shown) await ask("keep", { value: read(shown) });
else if (kept && account) await ask("forget"); // the plan was emptied elsewhere
else if (kept) draw(kept);
if (ready && shown && !kept) watch();
if (card && (await workers?.ready)) offer(await ask("kept"));
if (ready) workers?.addEventListener("message", ({ data }) => data.gone && location.reload());
