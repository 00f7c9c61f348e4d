// Check-ins that wait on this phone until the server has said that it has them, and who is here to send them.
// Each belongs to the account that wrote it, and is neither shown nor counted nor sent for anybody else.
const WAITS = "waiting";
const REFUSED = "refused";

// Who is here: the account, whether its web session ended elsewhere, and until when its pages are open.
const whoIsHere = async () => (await fact("here")) ?? {};
const setHere = (change) => amend("facts", "here", (here) => ({ ...here, ...change }));
// How often this worker has seen somebody leave: what was asked before that is not listened to after it.
let leavings = 0;
const isUnlocked = (here) => !here.signed_out && here.unlocked_until > Date.now();

// Somebody else may have been here before: of theirs nothing stays but what waits.
async function arrive(account, change = {}) {
  const before = await whoIsHere();
  if (before.account === account) return setHere({ ...change, signed_out: false });
  if (before.account) {
    await forget(before.account, { waitingToo: false });
    await endNotices();
  }
  return setFact("here", { account, signed_out: false, ...change });
}

// The web session ended elsewhere, or by itself. Without anything left to send, nobody was ever here.
async function signedOutElsewhere() {
  const { account } = await whoIsHere();
  if (!account) return;
  const left = await forget(account, { waitingToo: false });
  await endNotices();
  await setFact("here", left ? { account, signed_out: true } : {});
}

const allWaiting = async () => (await drawer()).getAll("waiting");

async function waitingOf(account) {
  const mine = (await allWaiting()).filter((item) => item.account === account);
  return mine.sort((a, b) => (a.made_at < b.made_at ? -1 : 1));
}

// Put a check-in by so that it outlives the browser and the phone's battery. The same one put by twice is one; what
// says something else under the same key is kept beside it, for the server to keep both.
async function putBy(account, { client_key, made_at, day, replaces, ...words }) {
  for (const item of await waitingOf(account)) {
    if (item.client_key !== client_key || item.id === replaces) continue;
    const before = await unseal(account, item.id, item);
    if (JSON.stringify(before.fields) === JSON.stringify(words.fields)) return item.id;
  }
  const id = crypto.randomUUID();
  const sealed = await seal(account, id, words);
  const work = (await drawer()).transaction("waiting", "readwrite", { durability: "strict" });
  await work.store.put({ id, account, client_key, made_at, day, state: WAITS, attempts: 0, ...sealed });
  if (replaces) await work.store.delete(replaces);
  await work.done;
  return id;
}

const takeAway = async (id) => (await drawer()).delete("waiting", id);
const changeWaiting = (id, change) => amend("waiting", id, (item) => item && { ...item, ...change(item) });

// What a check-in says as the server's JSON side wants it: the names of the form, with types.
function bodyOf(item, { fields, zone, utc_offset_min }, { device, phone }) {
  const form = new URLSearchParams(fields);
  const text = (name) => (form.get(name) ?? "").trim();
  // What is no number goes as it is: the server says so, at its field.
  const number = (name) => (/^[0-9]{1,7}$/.test(text(name)) ? Number(text(name)) : text(name) || null);
  const body = {
    account: item.account,
    client_key: item.client_key,
    recorded_at: item.made_at,
    sent_at: new Date().toISOString(),
    zone: zone || phone.zone,
    utc_offset_min,
    device_id: device,
    local_date: text("local_date") || null,
    unsure: text("mood") === "not_sure",
    meds_taken: text("meds_taken") || null,
    activity_type: form.getAll("activity_type"),
    after_session: Object.fromEntries(fields.filter(([name]) => name.startsWith("after_"))),
    tags: text("tags").split(","),
  };
  for (const name of SITE.fields.numbers) body[name] = number(name);
  if (body.unsure) body.mood = null;
  if (text("activity_exact")) body.activity_min = number("activity_exact");
  for (const name of SITE.fields.yes_no) body[name] = { yes: true, no: false }[text(name)] ?? null;
  for (const name of SITE.fields.clock) body[name] = text(name) || null;
  for (const name of SITE.fields.switches) body[name] = text(name) === "1";
  for (const name of SITE.fields.texts) body[name] = form.get(name) ?? "";
  return body;
}
