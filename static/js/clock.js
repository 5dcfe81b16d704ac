// Keeps every visible figure true: each minute, each second in the last ten, by the server's clock.
// The server wrote it first; this only repeats the same words with a fresher number.
(() => {
  const { words, fill, now, clock } = window.bd;
  const HOUR = 3600, MOMENTS = [24 * HOUR, 6 * HOUR, HOUR, 600];
  const SPEECH = "bd-speech";
  const speaks = () => { try { return localStorage.getItem(SPEECH) !== "off"; } catch { return true; } };

  const span = (seconds) => {
    if (seconds < 600) return fill(words.span_ms, { m: Math.floor(seconds / 60), s: window.bd.two(seconds % 60) });
    return fill(words.span_hm, { h: Math.floor(seconds / HOUR), m: window.bd.two(Math.floor((seconds % HOUR) / 60)) });
  };
  const stateOf = (left, late, period) => {
    if (late) return "missed";
    if (left <= HOUR) return "last_hour";
    return left <= Math.max(period / 4, 6 * HOUR) ? "near" : "running";
  };
  const MOVING = new Set(["running", "near", "last_hour", "missed"]);
  const COUNTED = new Set([...MOVING, "not_started", "unsettled"]);
  const before = new Map(); // seconds left at the last look, one entry for a clock however often it is drawn

  // The sentence names the moment that passed, or what is really left if the device slept through it.
  const say = (element, moment, left) => {
    const title = element.dataset.bdTitle, due = clock(Date.parse(element.dataset.bdDue)), missed = moment === null;
    const whole = moment >= HOUR ? fill(words.span_h, { h: moment / HOUR }) : fill(words.span_m, { m: moment / 60 });
    const text = fill(missed ? words.say_missed : words.say_left, { title, due, t: moment - left > 90 ? span(left) : whole });
    if (speaks()) document.getElementById(missed ? "bd-alert" : "bd-speech").textContent = text;
    const banner = document.querySelector("[data-bd-moment]");
    if (!banner || (banner.dataset.missed && !missed)) return;
    if (missed) banner.dataset.missed = "yes";
    banner.querySelector("[data-bd-moment-text]").textContent = text;
    banner.hidden = false;
  };
  const speakIfCrossed = (element, left, late) => {
    const key = element.dataset.bdClock + element.dataset.bdDue;
    const previous = before.get(key);
    before.set(key, { left, late });
    if (!previous || previous.left < left) return;
    if (late && !previous.late) { say(element, null, left); return; }
    const moment = MOMENTS.filter((at) => previous.left > at && left <= at).pop();
    if (moment !== undefined && !late) say(element, moment, left);
  };

  // A day is over when the calendar says so; its number is the difference of two dates in Korea.
  const daysLeft = (lastDay) => (Date.parse(lastDay) - Date.parse(window.bd.inWords(now()).slice(0, 10))) / 864e5;
  const inDays = (days) => fill(days === 1 ? words.span_d1 : words.span_d, { d: days });
  const figureOf = (left, late, lastDay) => {
    if (!lastDay) return late ? fill(words.over, { t: span(-left) }) : fill(words.left, { t: span(left) });
    const days = daysLeft(lastDay);
    if (late) return fill(words.over, { t: inDays(Math.max(-days, 1)) });
    return days > 0 ? fill(words.left, { t: inDays(days) }) : words.last_day;
  };

  const draw = (element) => {
    if (!COUNTED.has(element.dataset.state)) return Infinity;
    const { bdDue, bdLastDay, bdPeriod } = element.dataset;
    const gap = (Date.parse(bdDue) - now()) / 1000;
    // An hour-counted end is itself in time; a day-counted one is not. The figure never shows more than there is.
    const late = bdLastDay ? gap <= 0 : gap < 0;
    const left = Math.trunc(gap);
    if (MOVING.has(element.dataset.state)) {
      const state = stateOf(gap, late, Number(bdPeriod) || 0);
      speakIfCrossed(element, left, late);
      if (state !== element.dataset.state) {
        element.dataset.state = state;
        for (const badge of element.querySelectorAll(".bd-state")) {
          badge.dataset.state = state;
          badge.querySelector("use")?.setAttribute("href", `#bd-i-${state}`);
          badge.querySelector("[data-bd-word]").textContent = words[state];
        }
      }
    }
    const figure = element.querySelector("[data-bd-left]");
    const text = figureOf(left, late, bdLastDay);
    if (figure && figure.textContent !== text) figure.textContent = text;
    return Math.abs(left);
  };

  let timer;
  const drawAll = () => {
    clearTimeout(timer);
    const nearest = Math.min(Infinity, ...[...document.querySelectorAll("[data-bd-clock]")].map(draw));
    // Aim at the next change of the figure: the second, or the minute of the server's clock.
    const pause = nearest <= 660 ? 1000 - (now() % 1000) : 60000 - (now() % 60000);
    timer = setTimeout(drawAll, pause + 20);
  };
  drawAll();
  for (const type of ["bd:tick", "htmx:load", "visibilitychange"]) document.addEventListener(type, drawAll);

  const toggle = document.querySelector("[data-bd-speech-toggle]");
  if (toggle) {
    document.querySelector("[data-bd-speech-switch]").hidden = false;
    toggle.setAttribute("aria-pressed", String(speaks()));
    toggle.addEventListener("click", () => {
      try { localStorage.setItem(SPEECH, speaks() ? "off" : "on"); } catch { return; }
      toggle.setAttribute("aria-pressed", String(speaks()));
    });
  }
})();
