// Notifications: showing one that came, what a tap on it does, and telling the server where this browser can be reached.
// A browser must show something for each that comes; what cannot be read is shown as the neutral line.
const ours = () => self.registration?.pushManager?.getSubscription();

self.addEventListener("push", (event) => event.waitUntil(showNotice(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lookAt(event.notification.data));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewNotices(event).catch(() => {})));

function showNotice(data) {
  let told = {};
  try {
    told = data.json();
  } catch {}
  const { title, body, tag, url } = { ...SITE.notice, ...told };
  return self.registration.showNotification(title, { body, tag, icon: SITE.notice.icon, data: url });
}

// A page that is open there already is brought to the front; none is taken away from whoever is writing on it.
async function lookAt(url) {
  let there = new URL(url, location.origin);
  if (there.origin !== location.origin) there = new URL(SITE.notice.url, location.origin);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((page) => page.url === there.href);
  return open ? open.focus() : self.clients.openWindow(there.href);
}

// Once a day, and when the browser has a new address: the server may have let go of the old one.
async function keepNotices() {
  if (Date.now() - (await fact("notices_at")) < DAY_MS) return;
  const known = await ours();
  if (known) await tellNotices(known);
}

async function renewNotices({ oldSubscription, newSubscription }) {
  const applicationServerKey = oldSubscription?.options.applicationServerKey ?? (await fact("notices_key"));
  const renewed = () => self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  await tellNotices(newSubscription ?? (await renewed()));
}

async function tellNotices(known) {
  const { csrf } = await meetServer();
  if (!csrf) return;
  const { endpoint, keys } = known.toJSON();
  const body = new URLSearchParams({ csrf_token: csrf, endpoint, ...keys, again: "1" });
  const { status } = await exchange(SITE.push, { method: "POST", body });
  if (status === 410) await known.unsubscribe(); // switched off on another phone
  if (status !== 204) return;
  await setFact("notices_key", known.options.applicationServerKey);
  await setFact("notices_at", Date.now());
}

// Nobody is here any more: nothing comes to this browser, and what lies on the lock screen goes.
async function endNotices() {
  await dropFact("notices_at");
  try {
    await (await ours())?.unsubscribe();
    for (const shown of await self.registration.getNotifications()) shown.close();
  } catch {}
}
