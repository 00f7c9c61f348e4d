// Tell the server which clock the person was looking at: their zone, their distance from UTC in minutes, and the
// moment of writing. Without this file the fields stay empty and the server uses its own clock and the saved zone.
const fill = (form, name, value) => {
  const input = form.querySelector(`input[type="hidden"][name="${name}"]`);
  if (input) input.value = value;
};

const fillZone = (form) => {
  fill(form, "zone", Intl.DateTimeFormat().resolvedOptions().timeZone || "");
  // The browser counts westwards; everybody else counts eastwards.
  fill(form, "utc_offset_min", String(-new Date().getTimezoneOffset()));
};

for (const form of document.querySelectorAll('form[data-behaviour~="clock"]')) {
  fillZone(form);
  form.addEventListener("submit", () => {
    const now = new Date().toISOString();
    fillZone(form);
    fill(form, "recorded_at", now);
    fill(form, "sent_at", now);
  });
}
