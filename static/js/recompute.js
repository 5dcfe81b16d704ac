// The result of a change of facts arrives from the server as a <dialog data-bd-show> and is opened here.
// Without this script the same answer is a page of its own.
(() => {
  const show = (root) => {
    for (const dialog of [root, ...root.querySelectorAll("dialog[data-bd-show]")]) {
      if (!dialog.matches?.("dialog[data-bd-show]") || dialog.open) continue;
      const opener = document.activeElement;
      dialog.addEventListener("close", () => { dialog.remove(); opener?.focus?.(); }, { once: true });
      dialog.showModal();
      dialog.querySelector("#recompute-title")?.focus();
    }
  };
  document.addEventListener("htmx:load", (event) => show(event.detail.elt));
})();
