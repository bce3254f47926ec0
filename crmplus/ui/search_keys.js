// Search by keyboard: Enter opens the first result, the arrow keys go through all of them.
setTimeout(() => {
  const field = document.querySelector(".st-key-search-all input");
  const dialog = field?.closest("[role=dialog]");
  if (!dialog) return;

  // The server draws what it found in a container that is named after the words, in hexadecimal.
  const found = () => {
    const bytes = new TextEncoder().encode(field.value);
    const name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return dialog.querySelector(`.st-key-found-${name}`);
  };

  const openFirst = () => {
    const results = found();
    results?.querySelector("[class*='st-key-result-'] button")?.click();
    return Boolean(results);
  };

  // What is typed may be on its way: the first result of these words is opened once they are answered.
  const openFirstOnceFound = () => {
    if (openFirst()) return;
    const observer = new MutationObserver(() => {
      if (openFirst()) observer.disconnect();
    });
    observer.observe(dialog, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  };

  const move = (by) => {
    const stops = [field, ...dialog.querySelectorAll("[class*='st-key-found-'] :is(button, a)")];
    const place = stops.indexOf(document.activeElement);
    stops[Math.min(Math.max(place + by, 0), stops.length - 1)].focus();
  };

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === field) openFirstOnceFound();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  });
  field.focus();
}, 200);
