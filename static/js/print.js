// Buttons that print the page. They are hidden where there is no script, because they could do nothing.
for (const button of document.querySelectorAll('[data-behaviour~="print"]')) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
