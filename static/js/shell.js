// The frame: the server's time for every module, menus, dialogs, focus, the health line and the banners.
window.bd = (() => {
  const words = JSON.parse(document.getElementById("bd-words")?.textContent || "{}");
  const fill = (text, values) => (text || "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  // The device's clock may be wrong; the server's is the one that counts. A page that came out of a cache
  // carries an old stamp, so its stamp is not believed and the server is asked instead.
  let offset = 0;
  const page = performance.getEntriesByType("navigation")[0];
  const stamp = Date.parse(document.querySelector("meta[name=bd-server-now]")?.content);
  const fresh = page && page.type !== "back_forward" && page.transferSize > 0;
  if (fresh && !Number.isNaN(stamp)) offset = stamp - (performance.timeOrigin + page.responseStart);
  const now = () => Date.now() + offset;

  const two = (number) => String(number).padStart(2, "0");
  const KST = 9 * 3600e3; // Korea has kept one offset since 1988 and no summer time
  const kst = (instant) => new Date(instant + KST); // read it with the getUTC… methods
  const clock = (instant) => `${two(kst(instant).getUTCHours())}:${two(kst(instant).getUTCMinutes())}`;
  const inWords = (instant) => {
    const day = kst(instant);
    const weekday = (words.weekdays || "").includes(" ") ? words.weekdays.split(" ")[day.getUTCDay()] : words.weekdays?.[day.getUTCDay()];
    return `${day.getUTCFullYear()}-${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}(${weekday}) ${clock(instant)} KST`;
  };
  return { words, fill, now, two, kst, clock, inWords, setOffset: (value) => { offset = value; } };
})();

(() => {
  const { words, fill } = window.bd;
  const signedIn = document.body.classList.contains("bd-signed-in");
  let lastAnswer = window.bd.now();

  // Health: the timers and the line to the server, asked every minute; silence is the alarm.
  const offline = document.querySelector("[data-bd-offline]");
  const showOffline = (gone) => {
    if (!offline || offline.hidden === !gone) return;
    if (gone) offline.querySelector("[data-bd-offline-text]").textContent = fill(words.offline, { time: window.bd.clock(lastAnswer) });
    offline.hidden = !gone;
  };
  const showHealth = (timers) => {
    const line = document.querySelector("[data-bd-health]");
    if (!line || !timers) return;
    const ok = !timers.late;
    const time = timers.last_sweep_at ? window.bd.clock(Date.parse(timers.last_sweep_at)) : "—";
    line.dataset.ok = ok ? "yes" : "no";
    line.querySelector("use").setAttribute("href", ok ? "#bd-i-met" : "#bd-i-missed");
    line.querySelector("[data-bd-health-text]").textContent = fill(ok ? words.health_ok : words.health_late, { time });
  };
  const ask = async () => {
    const began = performance.now();
    try {
      const answer = await fetch("/healthz", { cache: "no-store", credentials: "omit" });
      const date = Date.parse(answer.headers.get("Date"));
      if (!Number.isNaN(date)) {
        // The header has whole seconds; half a second and half the journey is the best guess.
        const guess = date + 500 + (performance.now() - began) / 2 - Date.now();
        if (Math.abs(guess + Date.now() - window.bd.now()) > 1500) window.bd.setOffset(guess);
      }
      lastAnswer = window.bd.now();
      showOffline(false);
      const body = await answer.json().catch(() => null);
      showHealth(body?.timers);
    } catch {
      showOffline(true);
    }
    document.dispatchEvent(new CustomEvent("bd:tick"));
  };
  if (signedIn) {
    setInterval(ask, 60000);
    addEventListener("online", ask);
    addEventListener("offline", () => showOffline(true));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
    addEventListener("pageshow", (event) => {
      const page = performance.getEntriesByType("navigation")[0];
      if (event.persisted || page?.type === "back_forward" || page?.transferSize === 0) ask();
    });
  }

  // Menus close on Escape, on a click elsewhere and when focus leaves; Escape gives the focus back.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("[data-bd-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  for (const type of ["click", "focusin"]) {
    document.addEventListener(type, (event) => {
      for (const menu of document.querySelectorAll("[data-bd-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
    });
  }

  // Dialogs: data-bd-open="id" opens a <dialog>, data-bd-close closes it; the browser returns the focus.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-bd-open]");
    if (opener) { event.preventDefault(); document.getElementById(opener.dataset.bdOpen)?.showModal(); }
    const closer = event.target.closest("[data-bd-close]");
    if (closer) { event.preventDefault(); closer.closest("dialog")?.close(); }
  });

  // The running second inside "지금 알았다", so that one sees what will be recorded.
  const sheet = document.getElementById("bd-knew");
  let second;
  sheet?.addEventListener("toggle", (event) => {
    clearInterval(second);
    const line = sheet.querySelector("[data-bd-now]");
    if (event.newState !== "open") return;
    const show = () => {
      const at = window.bd.now();
      line.textContent = `${window.bd.inWords(at).replace(" KST", "")}:${window.bd.two(window.bd.kst(at).getUTCSeconds())} KST`;
      line.hidden = false;
    };
    show();
    second = setInterval(show, 1000);
  });

  // What is wrong with a form takes the focus, on arrival and after htmx.
  const focusErrors = (root) => root.querySelector?.("[data-bd-focus]")?.focus();
  focusErrors(document);
  document.addEventListener("htmx:load", (event) => focusErrors(event.detail.elt));

  // Sending a form twice by impatience: the button keeps its width and says that it is at work.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.matches("[data-bd-once]") || event.defaultPrevented) return;
    button.style.minWidth = `${button.offsetWidth}px`;
    setTimeout(() => { button.setAttribute("aria-busy", "true"); button.disabled = true; button.textContent = words.sending; });
  });
  addEventListener("pageshow", (event) => { if (event.persisted) for (const b of document.querySelectorAll("[data-bd-once]:disabled")) location.reload(); });

  // htmx: a sign-in page must not be swapped into a page, and a failure is said, not swallowed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const where = new URL(event.detail.xhr.responseURL || location.href, location.href).pathname;
    if (where !== words.login) return;
    event.detail.shouldSwap = false;
    location.assign(`${words.login}?next=${encodeURIComponent(location.pathname + location.search)}`);
  });
  const say = (text) => {
    let list = document.querySelector(".bd-messages");
    if (!list) { list = document.createElement("div"); list.className = "bd-messages"; document.getElementById("main").prepend(list); }
    const line = document.createElement("p");
    line.className = "bd-message"; line.dataset.level = "error"; line.setAttribute("role", "alert"); line.textContent = text;
    list.replaceChildren(line);
    line.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:responseError", (event) => say(fill(words.failed, { code: event.detail.xhr.status })));
  document.addEventListener("htmx:sendError", () => { showOffline(true); });
})();
