// On a phone the menu lies over the page: it closes once a page is chosen in it, and does not come back open
// with a page that is loaded anew, as Streamlit remembers it. Its own button closes it.
(() => {
  const close = () => {
    if (!matchMedia("(max-width: 768px)").matches) return;
    document.querySelector("[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button")?.click();
  };
  if (window.crmMenuCloses) return;
  window.crmMenuCloses = true;
  document.addEventListener("click", (event) => {
    // After Streamlit has heard of it too.
    if (event.target.closest?.("[data-testid=stSidebar] a")) setTimeout(close);
  });
  close();
})();
