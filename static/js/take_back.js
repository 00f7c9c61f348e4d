// Tapping an optional answer a second time takes it back. Without this file an answer can be changed, and an edit
// offers "No answer".
for (const form of document.querySelectorAll("form")) {
  let before = null;
  const remember = ({ target }) => {
    const radio = target.closest?.("label.tile")?.querySelector('input[type="radio"]');
    before = radio?.checked ? radio : null;
  };
  form.addEventListener("pointerdown", remember);
  form.addEventListener("click", ({ target }) => {
    if (target === before) target.checked = false;
    before = null;
  });
}
