// Turns a view (plain data from questionnaire/view.py) into elements. No state, no network, no storage.

export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  // Text only ever becomes text nodes, so no wording or answer can turn into markup.
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function isBlank(value) {
  return value === null || value === undefined || String(value).trim() === "" ||
    (Array.isArray(value) && value.length === 0);
}

function paragraphs(text, className) {
  const parts = (text || "").split(/\n+/).map((part) => part.trim()).filter(Boolean);
  return parts.length ? el("div", { class: className }, ...parts.map((part) => el("p", {}, part))) : null;
}

// One choice of a group. The frame is a sibling of the input, so that it can show "checked" and "focused"
// in browsers that do not know :has().
function choice(type, name, option, checked, onchange) {
  const input = el("input", { type, name, value: option.value, checked, onchange });
  return el("label", { class: "choice" }, input, el("span", { class: "frame", "aria-hidden": "true" }),
    el("span", { class: "label" }, option.label));
}

function offered(entry, words) {
  const extra = entry.prefer_not ? [{ value: entry.prefer_not, label: words.prefer_not, exclusive: true }] : [];
  return [...(entry.options || []), ...extra];
}

function beside(entry, option, answers, change, words) {
  const code = `${entry.code}_text`;
  const input = el("input", {
    type: "text", class: "field beside", maxlength: 2000, "aria-label": `${option.label}: ${words.please_specify}`,
    placeholder: words.please_specify, oninput: (event) => change(code, event.target.value),
  });
  input.value = answers[code] || "";
  return input;
}

// Shows the text field of the chosen option only; returns the function that follows a new choice.
function textFields(box, entry, answers, change, words) {
  const fields = offered(entry, words).filter((option) => option.free_text)
    .map((option) => [option.value, beside(entry, option, answers, change, words)]);
  box.append(...fields.map(([, field]) => field));
  return (chosen) => fields.forEach(([value, field]) => { field.hidden = !chosen.includes(value); });
}

function oneOf(entry, answers, change, words) {
  const box = el("div", { class: entry.kind === "rating" ? "choices scale" : "choices" });
  const options = offered(entry, words);
  if (entry.kind === "rating") box.style.setProperty("--points", options.length);
  for (const option of options) {
    box.append(choice("radio", entry.code, option, answers[entry.code] === option.value, () => {
      change(entry.code, option.value);
      follow([option.value]);
    }));
  }
  const follow = textFields(box, entry, answers, change, words);
  follow([answers[entry.code]]);
  return box;
}

function manyOf(entry, answers, change, words) {
  const box = el("div", { class: "choices" });
  const options = offered(entry, words);
  const inputs = () => [...box.querySelectorAll("input[type=checkbox]")];
  const take = (picked, event) => {
    if (event.target.checked) {
      inputs().forEach((input, index) => {
        if (input !== event.target && (picked.exclusive || options[index].exclusive)) input.checked = false;
      });
    }
    const chosen = options.filter((_, index) => inputs()[index].checked).map((option) => option.value);
    change(entry.code, entry.prefer_not && chosen[0] === entry.prefer_not ? entry.prefer_not : chosen);
    follow(chosen);
  };
  const current = [].concat(answers[entry.code] || []);
  for (const option of options) {
    box.append(choice("checkbox", entry.code, option, current.includes(option.value), (event) => take(option, event)));
  }
  const follow = textFields(box, entry, answers, change, words);
  follow(current);
  return box;
}

// What was typed goes out as a number when it is one; otherwise as typed, and the server says what is wrong.
function typedNumber(text) {
  const number = Number(text.trim().replace(",", "."));
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}

function typed(entry, answers, change, words) {
  const long = entry.kind === "text";
  const current = answers[entry.code];
  const refused = entry.prefer_not && current === entry.prefer_not;
  const input = el(long ? "textarea" : "input", {
    class: "field", name: entry.code, maxlength: 2000, rows: long ? 3 : null, type: long ? null : "text",
    inputmode: long ? null : "decimal", autocomplete: "off", "aria-labelledby": `wording-${entry.code}`,
    oninput: (event) => {
      box.querySelectorAll("input[type=checkbox]").forEach((refusal) => { refusal.checked = false; });
      change(entry.code, long ? event.target.value : typedNumber(event.target.value));
    },
  });
  input.value = refused || isBlank(current) ? "" : current;
  const box = el("div", { class: "choices" }, input);
  if (entry.prefer_not) {
    box.append(choice("checkbox", entry.code, { value: entry.prefer_not, label: words.prefer_not }, refused, (event) => {
      if (event.target.checked) input.value = "";
      change(entry.code, event.target.checked ? entry.prefer_not : "");
    }));
  }
  return box;
}

const CONTROLS = { rating: oneOf, single: oneOf, multiple: manyOf, number: typed, text: typed };
const ROLES = { rating: "radiogroup", single: "radiogroup" };

function entryOf(entry, answers, change, words) {
  return el("fieldset", {
    class: "entry", "data-code": entry.code, "data-kind": entry.kind, role: ROLES[entry.kind],
    "aria-labelledby": `wording-${entry.code}`, "aria-describedby": `problem-${entry.code}`,
    "aria-required": ROLES[entry.kind] && entry.required ? "true" : null,
  },
  el("legend", { id: `wording-${entry.code}` }, entry.wording),
  CONTROLS[entry.kind](entry, answers, change, words),
  el("p", { class: "problem", id: `problem-${entry.code}`, hidden: true }));
}

function tiersOf(view, chosen, change) {
  return el("fieldset", { class: "entry", role: "radiogroup", "data-code": "consent_level", "data-kind": "single",
    "aria-labelledby": "wording-consent_level", "aria-describedby": "problem-consent_level" },
  el("legend", { id: "wording-consent_level" }, view.words.data_use),
  el("div", { class: "choices" }, ...view.tiers.map((tier) =>
    choice("radio", "consent_level", tier, chosen === tier.value, () => change("consent_level", tier.value)))),
  el("p", { class: "problem", id: "problem-consent_level", hidden: true }));
}

export function languagesOf(view, onlanguage) {
  if (view.languages.length < 2) return null;
  return el("div", { class: "languages", role: "group", "aria-label": view.words.language },
    ...view.languages.map((language) => el("button", {
      type: "button", class: "language", lang: language.code, onclick: () => onlanguage(language.code),
      "aria-pressed": String(language.code === view.language),
    }, language.label)));
}

function progressOf(view) {
  if (view.kind !== "page") return null;
  const words = fill(view.words.progress, { index: view.index + 1, total: view.total });
  return el("div", { class: "progress" },
    el("progress", { max: view.total, value: view.index, "aria-label": words }), el("span", { "aria-hidden": "true" }, words));
}

// Four characters at a time, as it is read aloud and written down.
function receiptOf(view, address) {
  const words = view.words;
  const code = view.receipt.replace(/(.{4})(?=.)/g, "$1-");
  const copy = navigator.clipboard ? el("button", { type: "button", class: "plain", onclick: async (event) => {
    await navigator.clipboard.writeText(code);
    event.target.textContent = words.copied;
  } }, words.copy) : null;
  return el("section", { class: "receipt", "aria-labelledby": "receipt" },
    el("h2", { id: "receipt" }, words.receipt),
    el("p", { class: "code" }, el("code", {}, code), copy),
    el("p", {}, words.receipt_use),
    el("p", {}, el("a", { class: "door", href: address }, words.receipt_page)));
}

// The whole page. `on` holds change(code, value), next(), back(), language(code) and the receipt page's address.
export function render(view, answers, on) {
  const words = view.words;
  const last = view.kind === "page" && view.index === view.total - 1;
  const forward = view.kind === "consent" ? words.agree : last && !view.review ? words.send : words.next;
  const asks = view.kind === "page" || view.kind === "consent";
  const form = el("form", {
    novalidate: true, onsubmit: (event) => { event.preventDefault(); on.next(); },
    // Enter in a field would send the page by accident; the button is the only way on.
    onkeydown: (event) => { if (event.key === "Enter" && event.target.tagName === "INPUT") event.preventDefault(); },
  },
  ...view.entries.map((entry) => entryOf(entry, answers, on.change, words)),
  view.kind === "consent" ? tiersOf(view, answers.consent_level, on.change) : null,
  asks ? el("div", { class: "buttons" },
    el("button", { type: "submit", class: "next" }, forward),
    view.kind === "page" && view.index > 0
      ? el("button", { type: "button", class: "back", onclick: on.back }, words.back) : null) : null);
  return [
    el("header", { class: "top" }, el("p", { class: "study" }, view.kind === "page" ? view.study_title : ""),
      languagesOf(view, on.language)),
    progressOf(view),
    el("h1", { tabindex: "-1" }, view.title),
    paragraphs(view.stem, "stem"),
    asks ? form : null,
    view.receipt ? receiptOf(view, on.receipts) : null,
  ].filter(Boolean);
}

export function answersIn(view) {
  const answers = {};
  for (const entry of view.entries) {
    if (!isBlank(entry.answer)) answers[entry.code] = entry.answer;
    if (!isBlank(entry.text)) answers[`${entry.code}_text`] = entry.text;
  }
  return answers;
}
