// Once the session of an open page has ended, the server answers it no more, and Streamlit would say that a
// connection failed. This says what is the matter, shows what was typed, and leads to the door and back.
(() => {
  const words = WORDS;
  const app = document.querySelector("[data-testid=stApp]");

  const look = async () => {
    if (app.getAttribute("data-test-connection-state") === "CONNECTED") return;
    const answer = await fetch("/_stcore/health", { cache: "no-store" }).catch(() => null);
    if (answer?.status === 401 && !document.querySelector(".crm-door")) say();
  };

  const make = (tag, text, parent) => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    return element;
  };

  const typed = () => {
    const fields = [...document.querySelectorAll("textarea")];
    if (document.activeElement.matches("input[type=text]")) fields.push(document.activeElement);
    return fields.map((field) => field.value).filter(Boolean).join("\n\n");
  };

  const say = () => {
    const unsaved = typed();
    const door = make("dialog", "", document.body);
    door.className = "crm-door";
    door.setAttribute("aria-label", words.title);
    make("h2", words.title, door);
    make("p", unsaved ? words.unsaved : words.ended, door);
    if (unsaved) {
      const kept = make("textarea", unsaved, door);
      kept.readOnly = true;
      kept.setAttribute("aria-label", words.typed);
    }
    make("a", words.signIn, door).href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    door.addEventListener("cancel", (event) => event.preventDefault());
    // Streamlit's own dialog, which comes later, shuts out all beside it.
    new MutationObserver(() => {
      for (const name of ["inert", "aria-hidden"]) if (door.hasAttribute(name)) door.removeAttribute(name);
    }).observe(door, { attributes: true });
    door.showModal();
  };

  window.crmDoor?.disconnect();
  window.crmDoor = new MutationObserver(look);
  window.crmDoor.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
})();
