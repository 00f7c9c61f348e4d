// A page that waits for an answer looks again by itself. Without this file its link "Look again" does.
// It reloads, so that a screen reader meets the answer as a new page; whoever has gone elsewhere is left alone.
const waiting = document.querySelector('[data-behaviour~="look-again"]');
if (waiting) {
  setInterval(() => {
    if (!document.hidden) location.reload();
  }, 1000 * Number(waiting.dataset.seconds));
}
