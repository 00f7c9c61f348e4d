// Ask once whether the days should follow the phone when it is in another time zone. Without this file the question
// stays hidden, and the settings page has it.
const KEPT = "zone-kept";
const plain = (zone) => new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;

for (const form of document.querySelectorAll('form[data-behaviour~="zone-question"]')) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // The same place has several names; the browser knows which.
  if (!here || plain(here) === plain(form.dataset.zone) || localStorage.getItem(KEPT) === here) continue;

  form.elements.namedItem("zone").value = here;
  form.querySelector("[data-zone-name]").textContent = here.replaceAll("_", " ");
  form.hidden = false;
  const forget = () => localStorage.setItem(KEPT, here);
  form.addEventListener("submit", forget);
  form.querySelector("[data-keep]").addEventListener("click", () => {
    forget();
    form.hidden = true;
  });
}
