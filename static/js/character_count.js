// Keep the count beneath a long answer up to date, and say it aloud once, near the limit, when typing rests.
// The server counts again; nothing is ever cut off here.
const NEAR = 100;
const REST_MS = 1000;

for (const count of document.querySelectorAll('[data-behaviour~="character-count"]')) {
  const box = document.getElementById(count.dataset.for);
  const shown = count.querySelector("[data-count]");
  const spoken = count.querySelector("[aria-live]");
  const limit = Number(count.dataset.limit);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let rest;

  const update = () => {
    // Whole characters, as the server counts them: an emoji is one.
    const length = [...box.value].length;
    shown.textContent = number.format(length);
    clearTimeout(rest);
    if (limit - length >= NEAR) return;
    rest = setTimeout(() => {
      spoken.textContent = count.querySelector("[data-sentence]").textContent;
    }, REST_MS);
  };

  if (box) {
    box.addEventListener("input", update);
    update();
  }
}
