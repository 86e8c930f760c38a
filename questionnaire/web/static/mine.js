// What a respondent may do with their own data at any time: allow less, or delete everything.

import { el, fill } from "./page.js";
import { send } from "./store.js";

export function line(text, state) {
  return el("p", { class: "status", "data-state": state }, text);
}

export function button(text, onclick, className = "plain") {
  return el("button", { type: "button", class: className, onclick }, text);
}

// Consent can be taken back step by step; only what is below the present step is offered.
export function tiersOf(words, tiers, level, lowerTo) {
  const lower = tiers.filter((tier) => tier.value < level);
  const present = tiers.find((tier) => tier.value === level);
  return el("section", { class: "reviewed", "aria-labelledby": "tiers" },
    el("h2", { id: "tiers" }, words.data_use), el("p", {}, fill(words.tier_now, { tier: present.label })),
    el("p", {}, lower.length ? words.tier_lower : words.tier_least),
    ...lower.map((tier) => el("p", {}, button(tier.label, () => lowerTo(tier)))));
}

// Asks once more before deleting; `close` takes the question away.
export function deletionOf(words, { remove, close }) {
  const yes = button(words.withdraw_confirm, remove, "danger");
  return { parts: [line(words.withdraw_warning, "problem"), el("div", { class: "buttons" }, yes, button(words.keep, close))], yes };
}

// Under every page between consent and end. What is allowed is asked of the server when it is opened.
export function mineOf(view, survey) {
  const { words } = view;
  const box = el("div", { role: "status" });
  const close = () => box.replaceChildren();
  const warn = () => {
    const { parts, yes } = deletionOf(words, { remove: () => survey.sending || survey.step({ action: "withdraw" }), close });
    box.replaceChildren(...parts);
    yes.focus();
  };
  const lowerTo = async (tier, version) => {
    if (survey.sending) return;
    if (!await survey.keeper.settled()) { box.replaceChildren(line(words.waiting_first, "problem")); return; }
    const outcome = await survey.step({ action: "tier", level: tier.value, base_version: version });
    if (outcome === "stored") survey.say(fill(words.tier_changed, { tier: tier.label }), "saved");
  };
  const open = async () => {
    if (box.childNodes.length) return close();
    const { outcome, body } = await send(survey.url("data-use"), { token: survey.token });
    if (outcome !== "stored") return box.replaceChildren(line(words[outcome === "unknown" ? "unknown_token" : "no_answer"], "problem"));
    return box.replaceChildren(tiersOf(words, body.tiers, body.level, (tier) => lowerTo(tier, body.version)), button(words.withdraw, warn));
  };
  return el("div", { class: "mine" }, button(words.your_data, open, "plain quiet"), box);
}
