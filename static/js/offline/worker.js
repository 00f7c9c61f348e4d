// What wakes the worker: it is put in place, a page is opened, a form is sent, a page asks something.
self.addEventListener("install", (event) => event.waitUntil(stock().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(clearOldShelves().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode !== "navigate") {
    const isFile = address.pathname !== SITE.help && SITE.files.includes(address.pathname);
    if (isFile && request.method === "GET") event.respondWith(fromShelf(address.pathname).then((file) => file ?? fetch(request)));
  } else if (request.method === "GET") event.respondWith(open(event, address));
  else if (address.pathname === SITE.new_check_in) event.respondWith(checkIn(event));
  else if (address.pathname === SITE.sign_out) event.respondWith(signOut(event));
});

self.addEventListener("message", (event) => {
  const { ask, ...told } = event.data;
  const [port] = event.ports;
  const work = Promise.resolve(ANSWERS[ask]?.(told, event)).catch(() => null);
  event.waitUntil(work.then((answer) => port?.postMessage(answer ?? null)));
});

const ANSWERS = {
  // A patient's page was opened: `open_for` says for how many seconds without a touch it stays unlocked.
  async page({ account, open_for, region }, event) {
    if (account) await arrive(account, { unlocked_until: Date.now() + 1000 * open_for });
    event.waitUntil(afterwards(region));
    return ANSWERS.waiting();
  },
  // The page of signing in was opened: whoever was here before is not any more.
  async nobody() {
    await signedOutElsewhere();
  },
  async retry() {
    await send();
    return ANSWERS.waiting();
  },
  async send() {
    await send({ now: true });
    return ANSWERS.waiting();
  },
  async discard({ id }) {
    await takeAway(id);
    return ANSWERS.waiting();
  },
  // What waits, without a word of what it says.
  async waiting() {
    const here = await whoIsHere();
    const items = here.account ? await waitingOf(here.account) : [];
    return {
      here: Boolean(here.account) && !here.signed_out,
      signed_out: Boolean(here.signed_out),
      just: justPutBy && items.some((item) => item.id === justPutBy.id) ? justPutBy : null,
      items: await Promise.all(items.map(shown)),
    };
  },
  // What the empty form needs to look like their own.
  async form() {
    const { account, checked_in_on } = await whoIsHere();
    const settings = account && (await kept(account, "form"));
    return settings && { ...settings, account, checked_in_today: checked_in_on === dayIn(settings.zone) };
  },
  // A refused one, to be changed by whoever has unlocked this phone.
  async read({ id }) {
    const here = await whoIsHere();
    const item = (await waitingOf(here.account)).find((one) => one.id === id);
    if (!item || !isUnlocked(here)) return null;
    const { fields, problems } = await unseal(here.account, id, item);
    return { fields, problems, client_key: item.client_key };
  },
  // A page that says whose the document is keeps nothing among the things of somebody else.
  async keep({ name, value, of }) {
    const { account } = await whoIsHere();
    if (!account || (of && of !== account)) return false;
    await keep(account, name, value);
    return true;
  },
  async kept({ name }) {
    const { account } = await whoIsHere();
    return account && kept(account, name);
  },
  async forget({ name }) {
    const { account } = await whoIsHere();
    if (account) await letGo(account, name);
  },
};

async function shown({ account, id, made_at, day, state, attempts, iv, sealed }) {
  const problems = state === REFUSED ? await unseal(account, id, { iv, sealed }).then((words) => words.problems, () => []) : [];
  return { id, made_at, day, state, tried: attempts > 0, sentences: problems?.map((one) => one.sentence) ?? [] };
}

async function afterwards(region) {
  const { account } = await whoIsHere();
  if (!account) return;
  const { kind, sent } = await send();
  if (kind === "nothing" || sent) await meetServer();
  await refreshHelp(region).catch(() => {});
  await keepNotices().catch(() => {});
  await tellPages({});
}
