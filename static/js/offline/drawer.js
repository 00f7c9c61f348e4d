// The drawer in which this phone keeps things: an IndexedDB database. Words are sealed under a key that cannot be
// taken out of the browser, one for each account. What waits to be sent has its rules in queue.js.
let opened;

const drawer = () =>
  (opened ??= idb
    .openDB("tideline", 1, {
      upgrade(db) {
        db.createObjectStore("keys");
        db.createObjectStore("waiting", { keyPath: "id" });
        db.createObjectStore("kept");
        db.createObjectStore("facts");
      },
      blocking: () => opened?.then((db) => db.close()),
      terminated: () => (opened = undefined),
    })
    .catch((fault) => {
      opened = undefined;
      throw fault;
    }));

const fact = async (name) => (await drawer()).get("facts", name);
const setFact = async (name, value) => (await drawer()).put("facts", value, name);
const dropFact = async (name) => (await drawer()).delete("facts", name);

// Change a record of a store, or begin one; nothing comes between the look and the change.
async function amend(store, key, change) {
  const work = (await drawer()).transaction(store, "readwrite");
  const changed = change(await work.store.get(key));
  if (changed) await work.store.put(changed, work.store.keyPath ? undefined : key);
  await work.done;
  return changed;
}

async function keyOf(account) {
  const present = await (await drawer()).get("keys", account);
  if (present) return present;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return amend("keys", account, (first) => first ?? made); // another tab may have been quicker
}

// What is sealed opens for its account and in its place, and nowhere else.
const rules = (account, place, iv) => ({
  name: "AES-GCM",
  iv,
  additionalData: new TextEncoder().encode(`${account} ${place}`),
});

async function seal(account, place, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt(rules(account, place, iv), await keyOf(account), plain) };
}

async function unseal(account, place, { iv, sealed }) {
  const plain = await crypto.subtle.decrypt(rules(account, place, iv), await keyOf(account), sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}

// A document by its name: the settings of the form, or a plan that somebody wants at hand.
async function keep(account, name, value) {
  const document = await seal(account, name, value);
  await (await drawer()).put("kept", document, `${account} ${name}`);
}

async function kept(account, name) {
  const document = await (await drawer()).get("kept", `${account} ${name}`);
  return document && unseal(account, name, document);
}

async function letGo(account, name) {
  await (await drawer()).delete("kept", `${account} ${name}`);
}

// Forget an account. What it has waiting stays unless it is to go too, and then so does the key that opens it.
async function forget(account, { waitingToo }) {
  const work = (await drawer()).transaction(["keys", "waiting", "kept"], "readwrite");
  const all = IDBKeyRange.bound(`${account} `, `${account} \uffff`);
  let left = 0;
  for (const item of await work.objectStore("waiting").getAll()) {
    if (item.account !== account) continue;
    if (waitingToo) await work.objectStore("waiting").delete(item.id);
    else left += 1;
  }
  await work.objectStore("kept").delete(all);
  if (!left) await work.objectStore("keys").delete(account);
  await work.done;
  return left;
}
