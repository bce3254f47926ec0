// Search by keyboard: Enter opens the first result, the arrow keys go through all of them.
(() => {
  const FIELD = ".st-key-search-all input";

  const openFirst = (field, dialog) => {
    // The keys of results hold the words they are of, in hexadecimal: none of earlier words is taken for one.
    const bytes = new TextEncoder().encode(field.value);
    const words = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const first = dialog.querySelector(`[class*='st-key-result-${words}-'] button`);
    first?.click();
    return Boolean(first);
  };

  // What is typed may be on its way: the first result of these words is opened once they are answered.
  const openFirstOnceFound = (field, dialog) => {
    if (openFirst(field, dialog)) return;
    const observer = new MutationObserver(() => {
      if (openFirst(field, dialog)) observer.disconnect();
    });
    observer.observe(dialog, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
    field.addEventListener("input", () => observer.disconnect(), { once: true });
  };

  const move = (field, dialog, by) => {
    const stops = [field, ...dialog.querySelectorAll(".st-key-found :is(button, a)")];
    const place = stops.indexOf(document.activeElement);
    stops[Math.min(Math.max(place + by, 0), stops.length - 1)].focus();
  };

  const onKey = (event) => {
    const field = document.querySelector(FIELD);
    const dialog = field?.closest("[role=dialog]");
    if (!dialog?.contains(event.target)) return;
    if (event.key === "Enter" && event.target === field) openFirstOnceFound(field, dialog);
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    move(field, dialog, event.key === "ArrowDown" ? 1 : -1);
  };

  // On the document, since the field may be drawn later than this; once, however often the box opens.
  document.removeEventListener("keydown", window.crmSearchKeys);
  window.crmSearchKeys = onKey;
  document.addEventListener("keydown", onKey);
})();
