"use strict";
// The page works without this. It keeps the ticks, copies, prints, and unfolds what a link leads to.
{
  const plan = document.querySelector("[data-plan]");
  const ticks = plan ? [...plan.querySelectorAll("[data-step]")] : [];
  const key = plan && `plan-${plan.dataset.plan}`;

  function stored() {
    try {
      return JSON.parse(localStorage.getItem(key)) || [];
    } catch {
      return []; // no storage, as in a private window, or not written by this page
    }
  }

  function store() {
    try {
      localStorage.setItem(key, JSON.stringify(ticks.filter((one) => one.checked).map((one) => one.dataset.step)));
    } catch {
      // Then the ticks last as long as the page.
    }
  }

  const kept = plan ? stored() : [];
  for (const tick of ticks) {
    tick.checked = tick.checked || (Array.isArray(kept) && kept.includes(tick.dataset.step));
    tick.addEventListener("change", store);
  }

  for (const text of document.querySelectorAll(".copy textarea")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button plain";
    const name = document.querySelector(`label[for="${text.id}"]`).textContent;
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy: ${name}`);
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.value);
        said.textContent = " Copied";
      } catch {
        text.select(); // then the person's own Copy takes it
        said.textContent = " Selected: copy it with the keys or the menu";
      }
    });
    text.after(button, said);
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });

  function unfold() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  unfold();
}
