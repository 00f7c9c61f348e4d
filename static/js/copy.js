// A button that copies a one-time link. It is hidden where the browser has no clipboard; the link can be selected.
for (const button of document.querySelectorAll('[data-behaviour~="copy"]')) {
  const source = document.getElementById(button.dataset.from);
  const said = document.getElementById(button.dataset.said);
  if (!source || !navigator.clipboard) continue;

  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.value);
      said.textContent = button.dataset.done;
    } catch {
      source.focus();
      source.select();
    }
  });
}
