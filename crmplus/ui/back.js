// Streamlit goes to another page in two changes of the address: first what is asked of that page, at the path of
// the old one, then the path. Back would come to the first, the old page without its filters; so the second takes
// the first's place. The start page only sends on, and Back to it would send on again: it is replaced too.
(() => {
  if (window.crmBack) return;
  window.crmBack = true;
  let isHalfWay = false;
  const settle = () => { isHalfWay = false; };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, settle, true);
  window.addEventListener("popstate", settle, true);
  const { pushState, replaceState } = history;
  history.pushState = function (state, unused, address) {
    const isStart = location.pathname.endsWith("/");
    const isSamePath = new URL(address ?? "", location.href).pathname === location.pathname;
    const change = isStart || (isHalfWay && !isSamePath) ? replaceState : pushState;
    isHalfWay = isSamePath;
    change.call(this, state, unused, address);
  };
})();
