// What is answered to a page that is opened, and the few files kept for that: style, font, icons, scripts, the empty
// form and the support page. No other page and no answer of the server is ever put by here.
const QUICK_MS = 3000;
const HELP_MS = 2000;
const DAY_MS = 24 * 3600 * 1000;

// The one that was put by last, to be shown once with its mood; gone when the worker sleeps.
let justPutBy;

const shelf = () => caches.open(SITE.shelf);
const fromShelf = async (path) => (await shelf()).match(path, { ignoreVary: true });
const lead = (where) => Response.redirect(new URL(where, location.origin), 303);
const later = (ms, value) => new Promise((done) => setTimeout(done, ms, value));

async function putOnShelf(path) {
  // With the cookie: the support page shows the country that this browser remembers. What is put by of it is the one
  // without anybody's plan; a plan that its owner wants at hand lies sealed in the drawer.
  const answer = await fetch(path === SITE.help ? SITE.bare_help : path, { cache: "no-cache", redirect: "error" });
  if (!answer.ok || answer.type !== "basic") throw new Error(path);
  await (await shelf()).put(path, answer);
}

async function stock() {
  await Promise.all(SITE.files.map(putOnShelf));
  await setFact("help_at", Date.now());
}

async function clearOldShelves() {
  for (const name of await caches.keys()) if (name !== SITE.shelf) await caches.delete(name);
}

// The lines on the support page carry the day on which somebody checked them, so it is asked for again each day, and
// when this browser is told of another country. `region` is undefined where the page does not know.
async function refreshHelp(region) {
  const [at, of] = [await fact("help_at"), await fact("help_of")];
  const isNew = region !== undefined && region !== of;
  if (!isNew && Date.now() - at < DAY_MS) return;
  await putOnShelf(SITE.help);
  await setFact("help_at", Date.now());
  if (isNew) await setFact("help_of", region);
}

// The network's answer, if it is good and comes soon enough; else what lies ready.
async function soonOr(answer, ms, ready) {
  const first = await Promise.race([answer.catch(() => null), later(ms, null)]);
  return first && first.status < 500 ? first : ready();
}

async function open(event, { pathname, search }) {
  const { request } = event;
  if (pathname === SITE.help) return help(event);
  if (pathname === SITE.shell) return fromShelf(SITE.shell).then((page) => page ?? fetch(request));
  const shell = () => fromShelf(SITE.shell).then((page) => page ?? Response.error());
  if ((await fact("signing_out")) && !(await finishSigningOut())) return lead(`${SITE.shell}#signed-out`);
  if (!SITE.forms.includes(pathname) || search) return fetch(request).catch(shell);
  const here = await whoIsHere();
  if (!here.account || here.signed_out) return fetch(request).catch(() => lead(`${SITE.shell}#away`));
  return isUnlocked(here) ? soonOr(fetch(request), QUICK_MS, shell) : shell();
}

async function help(event) {
  const ready = () => fromShelf(SITE.help).then((page) => page ?? Response.error());
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then(() => putOnShelf(SITE.help)).catch(() => {}));
  return soonOr(fresh, HELP_MS, ready);
}

// Save was pressed. It is put by first; then it is sent, and the person led to where the server has it. Where it does
// not arrive in time it waits, and the page says so.
async function checkIn(event) {
  const { request } = event;
  const plain = request.clone();
  const form = await request.formData();
  const here = await whoIsHere();
  const account = form.get("account") || here.account;
  const csrf = form.get("csrf_token");
  if (!account) return fetch(plain);
  let id, zone;
  try {
    zone = (await kept(account, "form"))?.zone;
    id = await putBy(account, writtenIn(form, zone));
  } catch {
    return fetch(plain); // no drawer, or no room in it
  }
  const sending = send({ only: id, phone: csrf && zone ? { account, csrf, zone } : undefined }).catch(() => ({}));
  event.waitUntil(sending.then((outcome) => outcome.check_in && send())); // the rest, where the way is open
  const { kind, check_in } = await Promise.race([sending, later(LIMIT_MS, {})]);
  if (kind === "sent") return lead(SITE.saved.replace("*", check_in));
  if (kind === "both" && isUnlocked(here)) return lead(SITE.check_in.replace("*", check_in));
  if (["both", "refused", "deleted"].includes(kind)) {
    const answer = await letServerAnswer(plain, form, csrf, account);
    if (answer) {
      await takeAway(id);
      return answer;
    }
  }
  const mood = form.get("mood");
  justPutBy = { id, mood: mood === "not_sure" ? null : Number(mood) };
  return lead(`${SITE.shell}#kept`);
}

function writtenIn(form, zone) {
  const made_at = new Date(form.get("recorded_at") || Date.now());
  const offset = form.get("utc_offset_min");
  const ours = new Set(["csrf_token", "account", "client_key", "recorded_at", "sent_at", "zone", "utc_offset_min", "replaces"]);
  return {
    client_key: form.get("client_key") || crypto.randomUUID(),
    made_at: made_at.toISOString(),
    day: form.get("local_date") || null,
    replaces: form.get("replaces") || undefined,
    fields: [...form].filter(([name, value]) => !ours.has(name) && value !== ""),
    zone,
    utc_offset_min: offset ? Number(offset) : -made_at.getTimezoneOffset(),
  };
}

// The form as it was sent, for the server's own page: with what to fix at each field, and everything still there.
async function letServerAnswer(plain, form, csrf, account) {
  let asked = plain;
  if (!csrf) {
    const phone = await meetServer();
    if (phone.account !== account) return null;
    form.set("csrf_token", phone.csrf);
    asked = new Request(SITE.new_check_in, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  }
  const answer = await fetch(asked).catch(() => null);
  return answer && (answer.status < 400 || [409, 410, 422].includes(answer.status)) ? answer : null;
}

// Signing out empties the drawer, with a network or without. What still waits is asked about first.
async function signOut(event) {
  const form = await event.request.formData();
  const { account } = await whoIsHere();
  const answer = form.get("waiting");
  if (account) {
    if (answer === "send") await send({ now: true });
    if ((await waitingOf(account)).length && answer !== "discard") return lead(`${SITE.shell}#sign-out`);
    leavings += 1;
    await forget(account, { waitingToo: true });
  }
  for (const name of ["here", "device", "not_before"]) await dropFact(name);
  await endNotices();
  justPutBy = undefined;
  await setFact("signing_out", { csrf: form.get("csrf_token") });
  await tellPages({ gone: true });
  return lead((await finishSigningOut()) ? SITE.sign_in : `${SITE.shell}#signed-out`);
}

// Until the server has ended the web session too, none of its pages is opened here.
async function finishSigningOut() {
  const { csrf } = await fact("signing_out");
  if (!(csrf && (await askToSignOut(csrf)))) {
    const { status, said } = await exchange(SITE.phone);
    if (!status || status >= 500 || (said.csrf && !(await askToSignOut(said.csrf)))) return false;
  }
  await dropFact("signing_out");
  return true;
}

async function askToSignOut(csrf) {
  const body = new URLSearchParams({ csrf_token: csrf, emptied: "1" });
  return (await exchange(SITE.sign_out, { method: "POST", body })).type === "opaqueredirect";
}
