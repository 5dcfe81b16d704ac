// The slider of the past (data-bd-past): says which instant is under the thumb and opens it when the thumb is let go.
// With the keyboard nothing opens before Enter or the button. Without this script the button does the same.
(() => {
  for (const form of document.querySelectorAll("[data-bd-past]")) {
    const thumb = form.querySelector("input[type=range]"), shown = form.querySelector("[data-bd-past-at]");
    const steps = [...form.querySelectorAll("datalist option")].map((step) => step.label);
    const start = thumb.value;
    const tell = () => {
      shown.textContent = steps[thumb.value] || "";
      thumb.setAttribute("aria-valuetext", shown.textContent);
    };
    thumb.addEventListener("input", tell);
    thumb.addEventListener("pointerup", () => { if (thumb.value !== start) form.requestSubmit(); });
    tell();
  }
})();
