// A tap that leaves a field and lands on something to press does both at once, and Streamlit sends both in one
// message, which names the part of the page that the field is in: the button was pressed, and the rest of the page
// not drawn anew. So the field's message goes first.
(() => {
  if (window.crmTapWaits) return;
  window.crmTapWaits = true;
  let isLeaving = false;
  document.addEventListener("focusout", () => {
    isLeaving = true;
    setTimeout(() => { isLeaving = false; }, 0);
  }, true);
  document.addEventListener("click", (event) => {
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const pressed = event.target.closest?.("button, a[href], [role=tab]");
    if (!isLeaving || !event.isTrusted || !isPlain || !pressed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => pressed.click(), 0);
  }, true);
})();
