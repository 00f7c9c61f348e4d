// Keep the journal on the home screen: by the browser's own question where it has one, else by the steps, which need no
// script. Whoever has added it is not asked again, as if they had pressed “Not now”.
const box = document.querySelector('[data-behaviour~="install"]');
const part = (name) => box.querySelector(`[data-${name}]`);
let question;

const offer = (event) => {
  question = event;
  part("ask").hidden = !event;
  part("how").hidden = Boolean(event);
};

const settle = () => {
  const form = box.closest("section").querySelector("form");
  if (form) fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => {});
  form?.remove();
};

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer(event);
});
addEventListener("appinstalled", () => {
  part("ask").hidden = part("how").hidden = true;
  part("said").textContent = part("added").content.textContent;
  settle();
});
part("ask").addEventListener("click", async () => {
  question.prompt();
  if ((await question.userChoice).outcome !== "accepted") offer(null); // it can be asked once
});
// Only Safari on iOS knows this word.
part("elsewhere").hidden = "standalone" in navigator;
if (matchMedia("(display-mode: standalone)").matches) settle();
