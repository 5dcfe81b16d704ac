// Keeps what is being typed: <form data-bd-draft-url="…"> is posted there every few seconds and when the page
// is left. The answer may be JSON {"saved_at": ISO 8601} or empty. "Saved" appears only after the server has it.
// When the session has ended or the line is cut, the text stays in this tab (sessionStorage, per person); so does
// what is sent before it was saved, until the page that answers shows that it arrived.
(() => {
  const { words, fill, now, clock } = window.bd;
  const QUIET = 2000, LONGEST = 6000, RETRY = 10000;
  const user = document.documentElement.dataset.bdUser || "";
  const store = {
    get: (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop: (key) => { try { sessionStorage.removeItem(key); } catch { /* nothing kept */ } },
  };

  const SENT = "bd-draft-sent", SHOWN_AGAIN = [409, 422]; // answers that hold what was typed themselves
  const settleSent = () => {
    const sent = store.get(SENT);
    if (!sent) return;
    const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200;
    const refused = location.pathname === words.login || (status >= 400 && !SHOWN_AGAIN.includes(status));
    if (refused) { store.set(SENT, { ...sent, refused }); return; }
    if (!sent.refused) store.drop(sent.key);
    store.drop(SENT);
  };

  const watch = (form) => {
    if (form.dataset.bdReady) return;
    form.dataset.bdReady = "yes";
    const url = form.dataset.bdDraftUrl;
    const key = `bd-draft:${user}:${url}`;
    const status = form.querySelector("[data-bd-draft-status]") || form.insertBefore(document.createElement("p"), form.firstChild);
    status.classList.add("bd-draft");
    status.setAttribute("role", "status");
    let typed = 0, saved = 0, savedAt = null, quiet = null, first = null, busy = false, leaving = false, locked = false;

    const tell = (text, bad = false, link = null) => {
      status.dataset.kind = bad ? "bad" : "ok";
      status.textContent = text;
      if (link) status.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: words.sign_in }));
    };
    // Files and passwords are not drafts; the CSRF token travels as a header and as a field.
    const body = () => {
      const data = new FormData(form);
      for (const field of form.querySelectorAll("input[type=file], input[type=password]")) data.delete(field.name);
      return data;
    };
    const token = () => form.querySelector("[name=csrfmiddlewaretoken]")?.value || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
    const keep = () => {
      const fields = [...body()].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
      return store.set(key, { fields, at: now() });
    };
    const expired = () => {
      locked = true;
      keep();
      const back = `${words.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
      tell(savedAt && saved === typed ? fill(words.expired_saved, { time: clock(savedAt) }) : words.expired_kept, true, back);
    };
    const failed = () => {
      keep();
      tell(fill(words.offline_draft, { time: clock(savedAt ?? first ?? now()) }), true);
      clearTimeout(quiet);
      quiet = setTimeout(save, RETRY);
    };
    async function save(keepalive = false) {
      clearTimeout(quiet);
      if (busy || locked || typed === saved) return;
      busy = true;
      const mark = typed;
      if (!keepalive) tell(words.saving);
      try {
        const answer = await fetch(url, { method: "POST", body: body(), headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" }, credentials: "same-origin", redirect: "manual", keepalive });
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) expired();
        else if (answer.status >= 500) failed();
        else if (!answer.ok) { keep(); tell(fill(words.refused, { code: answer.status }), true); }
        else {
          const said = await answer.json().catch(() => null);
          saved = mark;
          savedAt = Date.parse(said?.saved_at) || now();
          first = null;
          if (saved === typed) store.drop(key);
          tell(fill(words.saved, { time: clock(savedAt) }));
        }
      } catch { failed(); }
      busy = false;
      if (typed !== saved && !locked && status.dataset.kind !== "bad") later();
    }
    function later() {
      clearTimeout(quiet);
      first ??= now();
      quiet = setTimeout(save, Math.max(0, Math.min(QUIET, first + LONGEST - now())));
    }
    const changed = () => {
      typed += 1;
      if (locked) { keep(); return; }
      later();
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => {
      leaving = true;
      clearTimeout(quiet);
      if (typed !== saved && keep() && !locked) store.set(SENT, { key });
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden && !leaving) save(true); });
    addEventListener("pagehide", () => { if (!leaving && typed !== saved) { keep(); save(true); } });
    addEventListener("online", () => save());
    addEventListener("beforeunload", (event) => { if (!leaving && typed !== saved && status.dataset.kind === "bad" && !locked) event.preventDefault(); });

    // Text that only this tab had: put it back, then give it to the server.
    const kept = store.get(key);
    if (kept) {
      const values = new Map();
      for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) || []), value]);
      for (const field of form.elements) {
        if (!field.name || ["hidden", "file", "password", "submit", "button"].includes(field.type)) continue;
        const old = values.get(field.name);
        if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(old?.includes(field.value));
        else if (field.multiple && field.options) for (const option of field.options) option.selected = Boolean(old?.includes(option.value));
        else if (old) field.value = old.shift() ?? field.value;
      }
      tell(words.restored);
      changed();
    }
  };
  const watchAll = (root) => { for (const form of root.querySelectorAll("form[data-bd-draft-url]")) watch(form); };
  settleSent();
  watchAll(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.matches?.("form[data-bd-draft-url]")) watch(event.detail.elt);
    watchAll(event.detail.elt);
  });
})();
