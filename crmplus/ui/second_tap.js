// The second of two quick taps on a button that opens a dialog lands beside the dialog, and would put it away.
(() => {
  if (window.crmSecondTap) return;
  window.crmSecondTap = true;
  let last = { at: -Infinity, x: 0, y: 0, hadDialog: false };
  let isSecond = false;
  const look = ({ timeStamp: at, clientX: x, clientY: y, target }) => {
    const dialog = document.querySelector("[role=dialog]");
    const isSamePlace = Math.hypot(x - last.x, y - last.y) < 30;
    const isBeside = dialog !== null && !last.hadDialog && !dialog.contains(target);
    isSecond = isBeside && isSamePlace && at - last.at < 700;
    last = { at, x, y, hadDialog: dialog !== null && !isSecond };
  };
  const pass = (event) => {
    if (!isSecond) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener("pointerdown", look, true);
  for (const kind of ["pointerdown", "mousedown", "touchstart", "pointerup", "mouseup", "touchend", "click"])
    window.addEventListener(kind, pass, { capture: true, passive: false });
})();
