// What comes after the last page: the review before sending, one's own profile, the way back to a panel.

import { el, fill } from "./page.js";

// Every answer in words; `visit(index)` goes to a page to change it.
export function reviewOf(view, on) {
  const { words } = view;
  const part = (page) => el("section", { class: "reviewed", "aria-labelledby": `reviewed-${page.index}` },
    el("h2", { id: `reviewed-${page.index}` }, page.title),
    el("dl", {}, ...page.answers.flatMap((one) => [
      el("dt", {}, one.wording), el("dd", { class: one.answer ? null : "none" }, one.answer || words.no_answer_given)])),
    page.changed ? el("p", { class: "problem" }, words.review_changed) : null,
    el("button", { type: "button", class: "plain", "aria-describedby": `reviewed-${page.index}`, onclick: () => on.visit(page.index) }, words.change));
  return el("div", {}, ...view.pages.map(part), el("div", { class: "buttons" },
    el("button", { type: "button", class: "next", onclick: on.send }, words.send)));
}

export function redirectOf(view) {
  if (!view.redirect) return null;
  const site = new URL(view.redirect).hostname;
  return el("p", { class: "onward" }, el("a", { class: "door", href: view.redirect }, fill(view.words.onward, { site })));
}

// A button; `ask()` gives { outcome, body } with the profile, which is shown in its place.
export function profileOf(view, ask) {
  const { words } = view;
  const box = el("div", { role: "status" });
  const show = async () => {
    const { outcome, body } = await ask();
    if (outcome === "stored") return box.replaceChildren(tableOf(words, body));
    const key = body.error === "too_few" ? "profile_few" : outcome === "unknown" ? "receipt_unknown" : "no_answer";
    return box.replaceChildren(el("p", {}, words[key]));
  };
  return el("div", { class: "profile" }, el("button", { type: "button", class: "plain", onclick: show }, words.profile), box);
}

function tableOf(words, { lines, people }) {
  const cell = (value, className) => {
    if (value === null) return el("td", {}, "–");
    const bar = el("span", { class: `bar ${className}`, "aria-hidden": "true" });
    bar.style.setProperty("--share", `${value}%`);
    return el("td", {}, el("span", { class: "number" }, String(Math.round(value))), bar);
  };
  return el("div", {}, el("table", {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, words.dimension), el("th", { scope: "col" }, words.you),
      el("th", { scope: "col" }, words.others))),
    el("tbody", {}, ...lines.map((line) => el("tr", {}, el("th", { scope: "row" }, line.name), cell(line.own, "own"), cell(line.mean, "mean"))))),
  el("p", {}, fill(words.profile_note, { people })));
}
