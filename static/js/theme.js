// Runs in <head> before anything is painted: "system" becomes the light or dark the device asks for.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const choice = root.dataset.bdTheme || "system";
    root.dataset.bsTheme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  };
  paint();
  dark.addEventListener("change", paint);

  // The choice shows at once and is stored by the same form; without this script the form simply posts.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-bd-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    root.dataset.bdTheme = event.submitter.value;
    paint();
    for (const button of form.querySelectorAll("[aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    await fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => {});
  });
})();
