// The end of the session: two minutes before, a dialog that one key closes; after it, a cover over what the page
// shows. The words are the template's, the clock is the server's, and what is typed stays with draft.js.
(() => {
  const dialog = document.querySelector("[data-bd-session]");
  if (!dialog?.showModal) return;
  const WARN = 120, AGAIN = 5; // seconds
  const part = (name) => dialog.querySelector(`[data-bd-session-part=${name}]`);
  const now = () => performance.now() / 1000;
  let ends = 0, canExtend = true, timer = null;

  const show = (name) => {
    for (const one of dialog.querySelectorAll("[data-bd-session-part]")) one.hidden = one.dataset.bdSessionPart !== name;
    dialog.setAttribute("aria-labelledby", `bd-session-${name}`);
    dialog.classList.toggle("bd-session-over", name === "over");
    if (!dialog.open) dialog.showModal();
    part(name).querySelector("button, a")?.focus();
  };
  const plan = (state) => {
    ends = now() + state.left;
    canExtend = state.can_extend;
    clearTimeout(timer);
    if (state.left > WARN && dialog.open && !part("over").hidden) return;
    if (state.left > WARN && dialog.open) dialog.close();
    timer = setTimeout(look, Math.max(state.left > WARN ? state.left - WARN : Math.min(state.left, AGAIN), 1) * 1000);
  };
  // Another tab may have been used meanwhile; the server knows. An answer that leads elsewhere is the end.
  const ask = async (url, options) => {
    const answer = await fetch(url, { ...options, headers: { ...options?.headers, Accept: "application/json" }, credentials: "same-origin", cache: "no-store", redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { left: 0, can_extend: false };
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  async function look() {
    let state = { left: Math.max(0, ends - now()), can_extend: canExtend };
    try { state = await ask(dialog.dataset.bdState); } catch { /* the line is cut: our own count goes on */ }
    if (state.left <= 0) { clearTimeout(timer); show("over"); return; }
    if (state.left <= WARN) show(state.can_extend ? "warning" : "longest");
    plan(state);
  }
  const extend = async () => {
    const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
    try {
      const state = await ask(dialog.dataset.bdExtend, { method: "POST", headers: { "X-CSRFToken": token } });
      if (state.left <= 0) { show("over"); return; }
      dialog.close();
      plan(state);
    } catch { look(); }
  };
  part("warning").querySelector("button").addEventListener("click", extend);
  part("longest").querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("cancel", (event) => {
    if (!part("over").hidden) event.preventDefault(); // Escape does not uncover the page
    else if (!part("warning").hidden) { event.preventDefault(); extend(); }
  });
  const link = part("over").querySelector("a");
  link.href = `${link.getAttribute("href")}?next=${encodeURIComponent(location.pathname + location.search)}`;
  document.addEventListener("visibilitychange", () => { if (!document.hidden && ends - now() <= WARN) look(); });
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  plan({ left: Number(dialog.dataset.bdLeft), can_extend: dialog.dataset.bdCanExtend === "yes" });
})();
