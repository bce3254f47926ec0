// A tap that leaves a field and lands on a button does both at once, and Streamlit sends both in one message, which
// names the part of the page that the field is in: the button was pressed, and the rest of the page not drawn
// anew. So the field's message goes first.
(() => {
  if (window.crmTapWaits) return;
  window.crmTapWaits = true;
  let isLeaving = false;
  document.addEventListener("focusout", () => {
    isLeaving = true;
    setTimeout(() => { isLeaving = false; }, 0);
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-testid^=stBaseButton], [data-testid=stPopoverButton]");
    if (!isLeaving || !event.isTrusted || !button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => button.click(), 0);
  }, true);
})();
