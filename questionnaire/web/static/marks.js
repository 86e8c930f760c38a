// What is wrong with an answer, said beside it.

import { fill } from "./page.js";

export function mark(page, view, problems) {
  const reasons = Object.fromEntries(problems.map((problem) => [problem.code, problem.reason]));
  let first = null;
  for (const entry of page.querySelectorAll(".entry")) {
    const reason = reasons[entry.dataset.code] || reasons[`${entry.dataset.code}_text`];
    const line = entry.querySelector(".problem");
    line.hidden = !reason;
    line.textContent = reason ? fill(view.words[reason] || reason, bounds(view, entry.dataset.code)) : "";
    entry.classList.toggle("marked", Boolean(reason));
    if (entry.getAttribute("role") === "radiogroup") entry.setAttribute("aria-invalid", String(Boolean(reason)));
    first = first || (reason ? entry : null);
  }
  if (first) {
    first.scrollIntoView({ block: "center" });
    first.querySelector("input, textarea").focus({ preventScroll: true });
  }
}

export function unmark(page, code) {
  const entry = [...page.querySelectorAll(".entry")].find((candidate) => candidate.dataset.code === code);
  if (!entry || !entry.classList.contains("marked")) return;
  entry.classList.remove("marked");
  entry.querySelector(".problem").hidden = true;
  entry.removeAttribute("aria-invalid");
}

function bounds(view, code) {
  const entry = view.entries.find((candidate) => candidate.code === code) || {};
  return { minimum: entry.minimum ?? "−∞", maximum: entry.maximum ?? "∞" };
}
