// A button that is pressed twice sends its form once. Without this file the second sending finds nothing to do.
for (const form of document.querySelectorAll('form[data-behaviour~="once"]')) {
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  window.addEventListener("pageshow", () => {
    isSent = false;
  });
}
