// A private page blanks itself when it is left, so that a browser that keeps it for the back button keeps nothing of
// it, and when it was idle for as long as a web session may be. What stood on it waits outside the page, and comes back
// only if the server says that whoever looks may still see it. Without this file the server's headers are the wall.
const notice = document.querySelector('template[data-behaviour~="blank"]');
const { check, idleS, title } = notice.dataset;
const shownTitle = document.title;

let usedAt = Date.now() - performance.now(); // when it was asked for: never later than the server counts
let held = null;
let changed = null;
let timer;

// What was typed goes along to the page that unlocks, and is offered to be sent from there. Secrets and files do not.
const keep = (form, typed) => {
  const add = (name, value) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  };
  const to = new URL(typed.action);
  add("kept_for", to.pathname + to.search);
  for (const [name, value] of new FormData(typed)) {
    if (typeof value === "string" && name !== "csrf_token") add(`kept.${name}`, value);
  }
};

const offerToKeep = () => {
  const form = document.querySelector("main form");
  if (!form || !changed || changed.method !== "post") return;
  if (changed.querySelector('input[type="password"], input[type="file"]')) return;
  form.hidden = false;
  form.previousElementSibling.hidden = true;
  form.addEventListener("submit", () => keep(form, changed), { once: true });
};

const blank = () => {
  clearTimeout(timer);
  if (held) return;
  held = document.createDocumentFragment();
  held.append(...document.body.childNodes);
  document.body.append(notice.content.cloneNode(true));
  document.title = title;
  offerToKeep();
};

const bringBack = () => {
  document.body.replaceChildren(held);
  document.title = shownTitle;
  held = null;
};

const watch = () => {
  clearTimeout(timer);
  if (!idleS || held) return;
  const left = usedAt + Number(idleS) * 1000 - Date.now();
  if (left > 0) {
    timer = setTimeout(watch, left);
  } else {
    blank();
    document.querySelector(".heading").focus();
  }
};

document.addEventListener("input", ({ target }) => {
  if (target.form && !held) changed = target.form;
});

const askWhetherToBringBack = async () => {
  const askedAt = Date.now();
  const answer = await fetch(check, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer?.status !== 204 || !held) return;
  usedAt = askedAt;
  bringBack();
  watch();
};

// A phone that slept has stopped its timers, and some say that a page is left when it is only covered.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") (held ? askWhetherToBringBack : watch)();
});
window.addEventListener("pagehide", blank);
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  blank();
  askWhetherToBringBack();
});
watch();
