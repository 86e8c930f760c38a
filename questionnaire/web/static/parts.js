// What stands under a page of one kind only: the review, the code for another device, the profile, the way on.

import { begunOf, pauseOf, resumeOf } from "./elsewhere.js";
import { mineOf } from "./mine.js";
import { profileOf, redirectOf, reviewOf } from "./ending.js";
import { read, send } from "./store.js";

// `survey` is the page's keeper: token, boot, url(name), visit(index, push), step(asked), keeper, say(text, state), addressOf(token).
export function partsOf(view, survey) {
  const { token } = survey;
  const go = (found) => window.location.assign(survey.addressOf(found));
  switch (view.kind) {
    case "review":
      return [reviewOf(view, { visit: (index) => survey.visit(index, true), send: () => survey.sending || survey.step({ action: "send" }) }),
        pauseOf(view, token, survey.url("code")), mineOf(view, survey)];
    case "page":
      return [pauseOf(view, token, survey.url("code")), mineOf(view, survey)];
    case "consent": {
      if (token) return [];
      const begun = read(`begun:${survey.boot.study}`);
      return [begun ? begunOf(view, survey.addressOf(begun)) : null, resumeOf(view, survey.url("resume"), go)];
    }
    case "finished":
      return [view.profile && view.receipt
        ? profileOf(view, () => send(survey.url("profile"), { receipt: view.receipt, lang: view.language })) : null, redirectOf(view)];
    case "screened_out":
      return [redirectOf(view), mineOf(view, survey)];
    case "problem":
      return [token && view.reason === "closed" ? mineOf(view, survey) : null];
    default:
      return [];
  }
}
