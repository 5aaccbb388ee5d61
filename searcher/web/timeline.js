// SPDX-License-Identifier: GPL-2.0-or-later
// The bars of the timeline can be brushed: press on one, drag to another, and the dates are chosen.

export function timeline(section, go) {
  const chart = section?.querySelector(".bars");
  const form = section?.querySelector(".range");
  if (!chart || chart.dataset.ready) return;
  chart.dataset.ready = "1";
  const bars = [...chart.querySelectorAll("a")];
  let from = -1, to = -1, dragged = false;

  const at = (event) => {
    const box = chart.getBoundingClientRect();
    const place = Math.floor(((event.clientX - box.left) / box.width) * bars.length);
    return Math.max(0, Math.min(bars.length - 1, place));
  };

  function paint() {
    const [low, high] = from <= to ? [from, to] : [to, from];
    bars.forEach((bar, i) => bar.classList.toggle("brushed", from >= 0 && i >= low && i <= high));
  }

  chart.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    from = to = at(event);
    dragged = false;
  });
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointermove", (event) => {
    if (from < 0) return;
    const now = at(event);
    if (now !== from && !dragged) {
      dragged = true;
      chart.setPointerCapture(event.pointerId);
    }
    to = now;
    if (dragged) paint();
  });
  chart.addEventListener("pointercancel", () => { from = -1; paint(); });
  chart.addEventListener("pointerup", () => {
    if (from < 0) return;
    const [low, high] = from <= to ? [from, to] : [to, from];
    if (dragged) {
      form.elements.from.value = bars[low].dataset.value;
      form.elements.to.value = bars[high].dataset.value;
      const url = new URL(form.action, location.href);
      for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, value);
      go(url);
    }
    from = -1;
  });
  // A drag that ends on a bar is no click on it.
  chart.addEventListener("click", (event) => {
    if (!dragged) return;
    event.preventDefault();
    event.stopPropagation();
    dragged = false;
  }, true);
}
