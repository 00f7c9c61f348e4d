// Sending what waits: one at a time over all tabs, the oldest first, as often as it takes. Only an answer that names
// the check-in's own key counts as stored; whatever else comes back, or does not, leaves it waiting.
const LIMIT_MS = 8000;
const STORED = { 200: "sent", 201: "sent", 409: "both", 410: "deleted" };
const STOPS = new Set(["unreachable", "signed_out", "other", "later"]);

let turn = Promise.resolve();

// In turn with every other tab and worker of this browser; where locks are missing, of this worker.
function inTurn(work) {
  if (navigator.locks) return navigator.locks.request("tideline-sending", work);
  return (turn = turn.then(work, work));
}

async function exchange(address, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LIMIT_MS);
  try {
    const settings = { cache: "no-store", redirect: "manual", signal: stop.signal, ...options };
    const answer = await fetch(address, settings);
    const retry = Number(answer.headers.get("Retry-After"));
    return { status: answer.status, type: answer.type, retry, said: await answer.json().catch(() => ({})) };
  } catch {
    return { status: 0, said: {} };
  } finally {
    clearTimeout(timer);
  }
}

// Ask who is signed in, and learn what the form needs to look like their own.
async function meetServer() {
  const before = leavings;
  const { status, said } = await exchange(SITE.phone);
  if (before !== leavings) return { kind: "signed_out" };
  if (status === 401 && said.code === "signed_out") {
    await signedOutElsewhere();
    return { kind: "signed_out" };
  }
  if (status !== 200 || !said.account) return { kind: "unreachable" };
  await arrive(said.account, { checked_in_on: said.checked_in_today ? dayIn(said.zone) : null });
  await keep(said.account, "form", { ...said.form, zone: said.zone });
  return said;
}

const dayIn = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format();

async function deliver(item, phone) {
  let words;
  try {
    words = await unseal(item.account, item.id, item);
  } catch {
    await changeWaiting(item.id, () => ({ state: REFUSED })); // its key is gone: it can only be let go
    return { kind: "refused" };
  }
  const device = (await amend("facts", "device", (known) => known ?? crypto.randomUUID())) ?? "";
  const { status, retry, said } = await exchange(SITE.check_ins, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": phone.csrf },
    body: JSON.stringify(bodyOf(item, words, { device, phone })),
  });
  if (STORED[status] && said.client_key === item.client_key && said.check_in) {
    await takeAway(item.id);
    return { kind: STORED[status], check_in: said.check_in };
  }
  if (status === 400 && said.code === "csrf") return { kind: "stale" };
  if (status === 401 && said.code === "signed_out") {
    await signedOutElsewhere();
    return { kind: "signed_out" };
  }
  if (status === 403 && said.code === "other_account") return { kind: "other" };
  if (said.problems || status === 413) {
    const sealed = await seal(item.account, item.id, { ...words, problems: said.problems ?? [] });
    await changeWaiting(item.id, () => ({ state: REFUSED, ...sealed }));
    return { kind: "refused" };
  }
  if (status === 429 || status === 503) {
    await setFact("not_before", Date.now() + 1000 * (retry || 30));
    return { kind: "later" };
  }
  return { kind: status ? "fault" : "unreachable" };
}

// Send one (`only`) or all that waits for whoever is signed in. `phone` is what the server said of them, if that is
// known; `now` is for a person who pressed "Try now", and does not wait as long as the server asked to.
const send = (options = {}) => inTurn(() => sendInTurn(options));

async function sendInTurn({ only, phone, now }) {
  const isMeant = (item) => (only ? item.id === only : item.state === WAITS);
  let outcome = { kind: "nothing", sent: 0 };
  // Of whomever: who is signed in is known when the server has said so.
  if (!(await allWaiting()).some(isMeant)) return outcome;
  if (!now && !only && (await fact("not_before")) > Date.now()) return outcome;
  phone ??= await meetServer();
  if (!phone.account) return { ...outcome, ...phone };
  let sent = 0;
  for (const { id } of (await waitingOf(phone.account)).filter(isMeant)) {
    // Written down before it leaves: a person who discards it is told that it may have arrived.
    const item = await changeWaiting(id, ({ attempts }) => ({ attempts: attempts + 1 }));
    if (!item) continue;
    outcome = await deliver(item, phone);
    if (outcome.kind === "stale") {
      phone = await meetServer();
      outcome = phone.account === item.account ? await deliver(item, phone) : { kind: phone.kind ?? "other" };
    }
    if (outcome.check_in) sent += 1;
    if (outcome.kind === "sent" && !item.day) await noteToday(item.account);
    if (STOPS.has(outcome.kind)) break;
  }
  await tellPages({ sent });
  return { ...outcome, sent };
}

async function noteToday(account) {
  const form = await kept(account, "form");
  if (form) await setHere({ checked_in_on: dayIn(form.zone) });
}

async function tellPages(news) {
  for (const page of (await self.clients?.matchAll({ type: "window" })) ?? []) page.postMessage(news);
}
