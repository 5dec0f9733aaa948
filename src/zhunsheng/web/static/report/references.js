/* A reference goes to where the cursor stands; without this script its code is copied by hand. */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reference]");
    const text = document.getElementById("text");
    if (!button || !text) return;
    text.focus();
    text.setRangeText(button.dataset.reference, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
