// Closes menus when a visitor clicks elsewhere, as Datasette does. Every page works without this script.
document.addEventListener("click", (event) => {
  const inside = event.target instanceof Element ? event.target.closest("details") : null;
  for (const menu of document.querySelectorAll("details.nav-menu[open], details.actions-menu-links[open]")) {
    if (menu !== inside) menu.open = false;
  }
});
// A link to a place inside a closed part of the page opens that part.
const show = () => {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const closed = target && target.closest("details:not([open])");
  if (closed) {
    closed.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", show);
show();
