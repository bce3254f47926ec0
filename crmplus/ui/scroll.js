// Bring the first match into view, once it is drawn.
setTimeout(
  () => document.querySelector(SELECTOR)?.scrollIntoView({ block: "center", behavior: "smooth" }),
  150,
);
