// After a refused save, move to the list of what to fix; from each line, into its field.
// The list itself is a plain list of links, and it is announced without this file too.
for (const summary of document.querySelectorAll('[data-behaviour~="error-summary"]')) {
  summary.focus();

  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    // A tile's radio is invisible, so the jump goes to the whole question and the focus to the control.
    event.preventDefault();
    field.focus({ preventScroll: true });
    (field.closest(".field") || field).scrollIntoView({ block: "start" });
  });
}
