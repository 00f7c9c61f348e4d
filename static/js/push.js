// The switch “Notification on this phone”: asks the browser only after a tap, and says what came of it. It is seen only
// where this browser can do it, or where it could after being added to the home screen (Safari on an iPhone).
const box = document.querySelector('[data-behaviour~="push"]');
const input = box.querySelector("input");
const { key, subscribeAt, forgetAt, csrf, worker } = box.dataset;
const canDo = "PushManager" in globalThis && "Notification" in globalThis && "serviceWorker" in navigator;
const needsHome = !canDo && navigator.standalone === false;

const words = (name) => box.querySelector(`template[data-words="${name}"]`).content.textContent;
const say = (text = "") => (box.querySelector("[data-said]").textContent = text);
const present = async () => (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription();

async function tell(address, known, more = {}) {
  const { endpoint, keys } = known.toJSON();
  const body = new URLSearchParams({ csrf_token: csrf, endpoint, ...keys, ...more });
  const answer = await fetch(address, { method: "POST", body, redirect: "manual" }).catch(failed);
  const { ok, status } = answer;
  if (!ok) throw new Error(status === 422 ? await answer.text() : words("failed"), { cause: status });
}

// One that was made for another key of the server takes nothing from this one.
async function made() {
  await navigator.serviceWorker.register(worker, { updateViaCache: "none" }); // this may be the first page of all
  const pushes = (await navigator.serviceWorker.ready).pushManager;
  const known = await pushes.getSubscription();
  if (known && base64url(known.options.applicationServerKey) === key) return known;
  await known?.unsubscribe();
  return pushes.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// What a browser says of its own faults is not for people.
const failed = () => {
  throw new Error(words("failed"));
};

async function switchOn() {
  if ((await Notification.requestPermission()) !== "granted") throw new Error(words("blocked"));
  const known = await made().catch(failed);
  await tell(subscribeAt, known).catch(async (fault) => {
    await known.unsubscribe().catch(() => {});
    throw fault;
  });
}

// Nobody tapped: where notifications were switched off on another phone, the server says so (410), and this one ends too.
async function renew(known) {
  await tell(subscribeAt, known, { again: "1" }).catch(async ({ cause }) => {
    if (cause !== 410) return;
    input.checked = false;
    await known.unsubscribe().catch(() => {});
  });
}

async function switchOff() {
  const known = await present();
  await known?.unsubscribe().catch(failed);
  if (known) await tell(forgetAt, known).catch(() => {}); // its push service tells the server in any case
}

input.addEventListener("change", async () => {
  const wanted = input.checked;
  input.disabled = true;
  say();
  try {
    await (wanted ? switchOn() : switchOff());
    say(words(wanted ? "on" : "off"));
  } catch (fault) {
    input.checked = false;
    say(fault.message);
  }
  input.disabled = false;
  input.focus();
});

box.hidden = !canDo && !needsHome;
if (needsHome) {
  input.disabled = true;
  say(words("home"));
} else if (canDo) {
  if (Notification.permission === "denied") say(words("blocked"));
  present().then((known) => {
    input.checked = Boolean(known) && Notification.permission === "granted";
    if (input.checked) renew(known);
  });
}
