// Going on from another device: a short code for this survey, and the survey for a code.

import { el } from "./page.js";
import { send } from "./store.js";

export function inFours(code, size) {
  return code.replace(new RegExp(`(.{${size}})(?=.)`, "g"), "$1-");
}

function explain(box, words, { outcome, body }, unknown) {
  const key = body.error === "too_many" ? "too_many" : outcome === "unknown" ? unknown : "no_answer";
  box.replaceChildren(el("p", { class: "status", "data-state": "problem" }, words[key]));
}

// Offered, not done: the next person at a shared phone must not see the last one's answers unasked.
export function begunOf(view, address) {
  return el("p", { class: "resume" }, `${view.words.resume_text} `, el("a", { href: address }, view.words.resume));
}

// A button that asks for the code and shows it with the respondent's own link.
export function pauseOf(view, token, url) {
  const { words } = view;
  const box = el("div", { role: "status" });
  const ask = async () => {
    const answered = await send(url, { token });
    if (answered.outcome !== "stored") return explain(box, words, answered, "unknown_token");
    const link = new URL(window.location.href);
    link.searchParams.set("t", token);
    link.searchParams.delete("p");
    box.replaceChildren(el("section", { class: "receipt", "aria-labelledby": "pause-code" },
      el("h2", { id: "pause-code" }, words.pause_code),
      el("p", { class: "code" }, el("code", {}, inFours(answered.body.code, 3))),
      el("p", {}, words.pause_use),
      el("p", {}, el("a", { class: "door", href: link.href }, words.pause_link))));
  };
  return el("div", { class: "elsewhere" }, el("button", { type: "button", class: "plain quiet", onclick: ask }, words.pause), box);
}

// A field for the code; `found(token)` hears of the survey it leads to.
export function resumeOf(view, url, found) {
  const { words } = view;
  const box = el("div", { role: "status" });
  const input = el("input", {
    class: "field", id: "resume-code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 20,
  });
  const take = async (event) => {
    event.preventDefault();
    const answered = await send(url, { code: input.value });
    if (answered.outcome === "stored") found(answered.body.token);
    else explain(box, words, answered, "code_unknown");
  };
  return el("details", { class: "elsewhere" }, el("summary", {}, words.have_code),
    el("form", { onsubmit: take }, el("p", {}, el("label", { for: "resume-code" }, words.pause_code)),
      el("div", { class: "row" }, input, el("button", { type: "submit", class: "plain" }, words.resume))), box);
}
