// Into what is wanted next, where nothing has the focus. A dialog takes it for itself while it opens,
// before its fields are drawn or after, and leaves it nowhere while it closes: for that long, hand it on.
(() => {
  const [LONGEST, A_MOMENT] = [10000, 1000];
  const stop = () => {
    drawn.disconnect();
    document.removeEventListener("focusin", soon);
  };
  const handOn = () => {
    const active = document.activeElement;
    const isNowhere = !active || active === document.body || active.getAttribute("role") === "dialog";
    const wanted = isNowhere && document.querySelector(SELECTOR);
    if (!wanted) return;
    if (wanted.tabIndex < 0) wanted.tabIndex = -1;
    // In a list behind a dialog the page stays where it was scrolled to.
    wanted.focus({ preventScroll: !wanted.closest("[role=dialog]") });
    setTimeout(stop, A_MOMENT);
  };
  const soon = () => requestAnimationFrame(handOn);
  const drawn = new MutationObserver(soon);
  drawn.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("focusin", soon);
  soon();
  setTimeout(stop, LONGEST);
})();
