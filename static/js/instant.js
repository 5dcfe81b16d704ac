// A text field for an instant (data-bd-instant): takes what people type, says back what it read, adds
// [지금] and a calendar. Without this script it is a plain text field and the server reads it.
(() => {
  const { words, fill, now, kst, two, clock, inWords } = window.bd;
  const HOUR = 3600e3, DAY = 24 * HOUR;

  const build = (year, month, day, hour, minute, second) => {
    const at = Date.UTC(year, month - 1, day, hour, minute, second) - 9 * HOUR;
    const back = kst(at); // refuses 2026-02-30 and 25:00 instead of rolling them over
    return back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCHours() === hour && minute < 60 ? at : null;
  };
  // Returns {at}, {dateOnly: true} or null. Never turns a missing time into 00:00.
  const read = (text) => {
    const time = String.raw`(\d{1,2}):?(\d{2})(?::(\d{2}))?`;
    const clean = text.trim().replace(/\s*KST$/i, "").replace(/\([^)]*\)/, " ").replace(/\s+/g, " ").trim();
    let m = clean.match(new RegExp(String.raw`^(\d{4})[-./] ?(\d{1,2})[-./] ?(\d{1,2})\.?(?:[ T]+${time})?$`)) || clean.match(new RegExp(String.raw`^(\d{4})(\d{2})(\d{2})(?:[ T]*${time})?$`));
    if (m) {
      if (m[4] === undefined) return { dateOnly: true };
      const at = build(+m[1], +m[2], +m[3], +m[4], +m[5], +(m[6] || 0));
      return at === null ? null : { at };
    }
    m = clean.match(new RegExp(String.raw`^(\d{1,2})[-./](\d{1,2})(?:[ T]+${time})?$`));
    if (!m) return null;
    if (m[3] === undefined) return { dateOnly: true };
    // Without a year: this year, or last year where this year's would lie more than a week ahead.
    const year = kst(now()).getUTCFullYear();
    for (const candidate of [year, year - 1]) {
      const at = build(candidate, +m[1], +m[2], +m[3], +m[4], +(m[5] || 0));
      if (at !== null && at <= now() + 7 * DAY) return { at };
    }
    return null;
  };
  const distance = (at) => {
    const gap = Math.abs(now() - at);
    if (gap < 60e3) return words.just_now;
    const t = gap < HOUR ? fill(words.span_m, { m: Math.floor(gap / 60e3) }) : gap < 4 * DAY ? fill(words.span_h, { h: Math.floor(gap / HOUR) }) : fill(words.span_d, { d: Math.floor(gap / DAY) });
    return fill(at > now() ? words.ahead : words.ago, { t });
  };
  const typed = (at) => inWords(at).replace(/\(.*?\)/, "").replace(" KST", "");

  const enhance = (input) => {
    if (input.dataset.bdReady) return;
    input.dataset.bdReady = "yes";
    const make = (tag, attributes, text = "") => Object.assign(document.createElement(tag), attributes, { textContent: text });
    const row = make("div", { className: "bd-instant" });
    const echo = make("p", { className: "bd-echo", id: `${input.id || input.name}_echo` });
    const nowButton = make("button", { type: "button", className: "btn btn-outline-secondary" }, words.now);
    const pick = make("input", { type: "datetime-local", className: "bd-instant-pick", tabIndex: -1 });
    const pickButton = make("button", { type: "button", className: "btn btn-outline-secondary" }, words.calendar);
    pick.setAttribute("aria-hidden", "true");
    echo.setAttribute("role", "status");
    input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), echo.id].filter(Boolean).join(" "));
    input.autocomplete = "off";
    input.replaceWith(row);
    row.append(input, make("span", { className: "bd-instant-zone" }, "KST"), nowButton, pickButton, pick);
    row.after(echo);

    const show = (settled) => {
      const text = input.value.trim();
      const found = text ? read(text) : undefined;
      let kind = "ok", line = "";
      if (found?.dateOnly) [kind, line] = ["ask", words.ask_time];
      else if (found) {
        line = `${inWords(found.at)}, ${distance(found.at)}`;
        if (found.at > now() + 60e3) [kind, line] = ["ask", `${line}. ${words.ask_future}`];
        else if (found.at < now() - 30 * DAY) [kind, line] = ["ask", `${line}. ${words.ask_old}`];
        if (settled) input.value = typed(found.at);
      } else if (found === null && settled) [kind, line] = ["bad", words.unread];
      echo.dataset.kind = kind;
      if (echo.textContent !== line) echo.textContent = line;
    };
    const put = (value) => { input.value = value; show(true); input.dispatchEvent(new Event("input", { bubbles: true })); input.dispatchEvent(new Event("change", { bubbles: true })); };
    let pause;
    input.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(show, 400, false); });
    input.addEventListener("blur", () => { clearTimeout(pause); show(true); });
    nowButton.addEventListener("click", () => { put(typed(now())); input.focus(); });
    pickButton.addEventListener("click", () => {
      const found = read(input.value);
      pick.value = typed(found?.at ?? now()).replace(" ", "T");
      try { pick.showPicker(); } catch { input.focus(); }
    });
    pick.addEventListener("change", () => { if (pick.value) put(pick.value.replace("T", " ")); });
    show(false);
  };
  const enhanceAll = (root) => { for (const input of root.querySelectorAll("input[data-bd-instant]")) enhance(input); };
  enhanceAll(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.matches?.("input[data-bd-instant]")) enhance(event.detail.elt);
    enhanceAll(event.detail.elt);
  });
  window.bd.readInstant = read;
})();
