// "None of these" clears the other ticks of its question, and any other tick clears it.
for (const none of document.querySelectorAll('input[data-behaviour~="none-of-these"]')) {
  const group = none.closest("fieldset");
  group.addEventListener("change", ({ target }) => {
    if (!target.checked || target.name !== none.name) return;
    for (const box of group.querySelectorAll("input")) {
      if (box.name === none.name && (target === none) !== (box === none)) box.checked = false;
    }
  });
}
