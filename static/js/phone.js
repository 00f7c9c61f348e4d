// Put the worker in place that answers without a network, tell it for whom this page was made, and let other scripts
// ask it things: `phone.ask("waiting")`. Without workers every page works as it does with a network.
const place = document.querySelector('[data-behaviour~="phone"]');
const workers = navigator.serviceWorker;

async function ask(what, told = {}) {
  const worker = workers && (workers.controller ?? (await workers.ready).active);
  if (!worker) return null;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
  worker.postMessage({ ask: what, ...told }, [port2]);
  return answer;
}

// `keep` puts one document of one's own by, sealed, for this phone alone; signing out removes it.
globalThis.phone = {
  ask,
  keep: (name, value) => ask("keep", { name, value }),
  kept: (name) => ask("kept", { name }),
  forget: (name) => ask("forget", { name }),
};

const { account, openFor, region, nobody } = place.dataset;
const tell = () => (nobody === undefined ? ask("page", { account, open_for: Number(openFor ?? 0), region }) : ask("nobody"));
const sendAgain = () => document.visibilityState === "visible" && ask("page");

if (workers) {
  workers.controller && tell();
  addEventListener("load", async () => {
    const isNew = !workers.controller;
    await workers.register(place.dataset.worker, { updateViaCache: "none" }).catch(() => null);
    if (isNew) tell();
  });
  addEventListener("online", sendAgain);
  document.addEventListener("visibilitychange", sendAgain);
  // Somebody signed out in another tab: what this one shows is not for whoever holds the phone now.
  workers.addEventListener("message", ({ data }) => data.gone && location.replace(place.dataset.away));
}
