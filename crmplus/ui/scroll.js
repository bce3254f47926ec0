// Bring the first match into view, once it is drawn: a heading to the top, what is wrong to the middle.
setTimeout(() => {
  const found = document.querySelector(SELECTOR);
  const isHeading = found?.tagName === "H1";
  found?.scrollIntoView(isHeading ? { block: "end" } : { block: "center", behavior: "smooth" });
}, 150);
