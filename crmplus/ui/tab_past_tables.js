// Tab passes a table by. It would choose its first cell otherwise, and what is chosen in our tables opens: the
// table hears nothing of a focus that Tab brings. A click, or a screen reader in a cell, opens as ever.
(() => {
  if (window.crmTabPasses) return;
  window.crmTabPasses = true;
  let isByTab = false;
  document.addEventListener("keydown", (event) => { isByTab = event.key === "Tab"; }, true);
  document.addEventListener("pointerdown", () => { isByTab = false; }, true);
  const pass = (event) => {
    if (isByTab && event.target.matches?.("canvas[data-testid=data-grid-canvas]")) event.stopImmediatePropagation();
  };
  for (const kind of ["focus", "focusin"]) document.addEventListener(kind, pass, true);
})();
