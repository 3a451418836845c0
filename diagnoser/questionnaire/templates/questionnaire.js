"use strict";
// The pages work without this. With it, questions that wait for others open when it is their turn,
// and the browser's own Back and Forward show each page with what was typed there.

const CONVERSATION = "/conversation";
let latest = 0; // the page that was asked for last; what comes late is dropped

// -- one page

function values(name) {
  return [...document.getElementsByName(name)].filter((one) => !one.disabled)
    .filter((one) => one.tagName === "SELECT" || one.checked).map((one) => one.value);
}

function open() {
  for (const question of document.querySelectorAll("[data-only-if]")) {
    const gates = Object.entries(JSON.parse(question.dataset.onlyIf));
    const opened = gates.some(([name, words]) => values(name).some((one) => words.includes(one)));
    question.hidden = !opened;
    for (const input of question.querySelectorAll("input, select")) input.disabled = !opened;
  }
  for (const spot of document.querySelectorAll(".spot")) {
    spot.hidden = [...spot.querySelectorAll(".question")].every((one) => one.hidden);
  }
}

function leaveAlone(box) {
  const alone = "alone" in box.dataset;
  for (const other of box.closest("fieldset").querySelectorAll("input")) {
    if (other !== box && box.checked && (alone || "alone" in other.dataset)) other.checked = false;
  }
}

function lead(target) {
  if (!target) return;
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  if (!target.matches("a, button, input, select, textarea")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView();
}

document.addEventListener("change", (event) => {
  if (event.target.type === "checkbox" && event.target.closest("fieldset")) leaveAlone(event.target);
  open();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (!link) return;
  event.preventDefault(); // an entry in the history would stand between two pages
  lead(document.getElementById(decodeURIComponent(link.hash.slice(1))));
});

// -- from page to page, within one document

const ANSWERS = 'main input[name]:not([type="hidden"]), main select, main textarea';

const typed = () => [...document.querySelectorAll(ANSWERS)]
  .filter((one) => one.checked || !/checkbox|radio/.test(one.type))
  .map((one) => [one.name, one.value]);

function fill(entries) {
  for (const one of document.querySelectorAll(ANSWERS)) {
    const here = entries.filter(([name]) => name === one.name).map(([, value]) => value);
    if (/checkbox|radio/.test(one.type)) one.checked = here.includes(one.value);
    else if (here.length) one.value = here[0];
  }
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  const script = document.createElement("script");
  script.src = "/static/page.js"; // once more, for the new page
  document.body.append(script);
  open();
  scrollTo(0, 0);
  const first = document.querySelector(".problems, h1");
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
}

async function fetched(address, sent) {
  const turn = ++latest;
  const form = "application/x-www-form-urlencoded";
  const how = sent === undefined ? {} : { method: "POST", body: sent, headers: { "Content-Type": form } };
  const answer = await fetch(address, how);
  if (answer.status >= 500) throw new Error("busy, or being started anew");
  const html = await answer.text();
  return turn === latest ? { html, mistakes: answer.status === 422 } : null;
}

function unreached(main) {
  const said = main.querySelector(".unreached") ?? document.createElement("p");
  said.className = "unreached";
  said.setAttribute("role", "alert");
  said.textContent = "The server does not answer now. What you typed is still here: try again.";
  main.append(said);
}

document.addEventListener("submit", async (event) => {
  if (!event.submitter) return; // an old browser, which goes from page to page by itself
  event.preventDefault();
  const main = document.querySelector("main");
  if (main.ariaBusy === "true") return;
  main.ariaBusy = "true";
  const form = new FormData(event.target);
  form.append(event.submitter.name, event.submitter.value);
  const sent = new URLSearchParams(form).toString();
  history.replaceState({ ...history.state, typed: typed() }, "");
  try {
    const page = await fetched(CONVERSATION, sent);
    if (page === null) return;
    // The same page with its mistakes takes the place of the page without them.
    if (page.mistakes) history.replaceState({ sent }, "", CONVERSATION);
    else history.pushState({ sent }, "", CONVERSATION);
    show(page.html);
  } catch {
    unreached(main);
  } finally {
    main.ariaBusy = "false";
  }
});

async function restore(state) {
  const page = await fetched(state?.sent ? CONVERSATION : location.href, state?.sent);
  if (page === null) return;
  show(page.html);
  if (state?.typed) fill(state.typed);
  open();
}

addEventListener("popstate", (event) => {
  restore(event.state).catch(() => location.reload());
});

open();
if (history.state?.sent && document.querySelector("[data-lost]")) restore(history.state);
