// A page of an edited study: rendered as respondents see it, answers go nowhere.
import { render } from "./page.js";

const { view } = JSON.parse(document.getElementById("boot").textContent);
const nothing = () => {};
const frame = document.createElement("div");
frame.className = "survey";
const main = document.createElement("main");
main.append(...render(view, {}, { change: nothing, next: nothing, back: nothing, language: nothing, receipts: "" }));
frame.append(main);
document.documentElement.lang = view.language;
document.getElementById("survey").append(frame);
