// The receipt page: whether the answers behind a code are stored unchanged, and their deletion.
import { profileOf } from "./ending.js";
import { button, deletionOf, line, tiersOf } from "./mine.js";
import { el, fill, languagesOf } from "./page.js";
import { send } from "./store.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
const { view, study } = boot;
const { words } = view;
const input = el("input", { class: "field", id: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 40 });
const result = el("div", { role: "status" });

function post(name, body) {
  return send(new URL(`${boot.base}api/${encodeURIComponent(study)}/${name}`, document.baseURI).href, body);
}

function say(...lines) {
  result.replaceChildren(...lines.filter(Boolean));
}

function failed(outcome) {
  say(line(words[outcome === "unknown" ? "receipt_unknown" : "no_answer"], "problem"));
}

async function check(event) {
  event.preventDefault();
  const receipt = input.value;
  const { outcome, body } = await post("receipt", { receipt });
  if (outcome !== "stored") return failed(outcome);
  const finished = new Date(body.finished_at).toLocaleString(view.language);
  say(
    el("p", {}, fill(words.receipt_found, { ...body, finished_at: finished })),
    line(body.unchanged ? words.receipt_unchanged : words.receipt_changed, body.unchanged ? "saved" : "problem"),
    line(body.chain_whole ? words.chain_whole : words.chain_broken, body.chain_whole ? "saved" : "problem"),
    el("p", { class: "head" }, fill(words.chain_head, body)),
    boot.profile ? profileOf(view, () => post("profile", { receipt, lang: view.language })) : null,
    allowed(receipt, body.level),
    button(words.withdraw, () => warn(receipt)),
  );
}

function allowed(receipt, level) {
  return tiersOf(words, boot.tiers, level, (tier) => lowerTo(receipt, tier));
}

async function lowerTo(receipt, tier) {
  const { outcome } = await post("tier", { receipt, level: tier.value });
  if (outcome !== "stored") return failed(outcome);
  say(line(fill(words.tier_changed, { tier: tier.label }), "saved"), allowed(receipt, tier.value));
}

function warn(receipt) {
  const { parts, yes } = deletionOf(words, { remove: () => withdraw(receipt), close: () => say() });
  say(...parts);
  yes.focus();
}

async function withdraw(receipt) {
  const { outcome } = await post("withdrawal", { receipt });
  if (outcome !== "stored") return failed(outcome);
  input.value = "";
  say(line(words.withdrawn, "saved"));
}

document.getElementById("survey").append(el("div", { class: "survey" },
  el("main", {},
    el("header", { class: "top" }, el("p", { class: "study" }, view.study_title), languagesOf(view, (code) => {
      window.location.search = new URLSearchParams({ lang: code });
    })),
    el("h1", {}, words.receipt_page),
    el("form", { onsubmit: check },
      el("p", {}, el("label", { for: "code" }, words.receipt)),
      el("div", { class: "row" }, input, el("button", { type: "submit", class: "next" }, words.check))),
    result)));
