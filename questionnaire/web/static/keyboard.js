// Digits answer the rating one is at and go on to the next.

export function pressed(event, page) {
  if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("textarea, input[type=text]")) return;
  const ratings = [...page.querySelectorAll('.entry[data-kind="rating"]')];
  const current = event.target.closest('.entry[data-kind="rating"]') || ratings.find((entry) => !entry.querySelector(":checked"));
  const choice = current && current.querySelectorAll("input")[Number(event.key) - 1];
  if (!choice) return;
  event.preventDefault();
  choice.checked = true;
  choice.dispatchEvent(new Event("change"));
  const following = ratings[ratings.indexOf(current) + 1];
  const target = following ? following.querySelector("input:checked") || following.querySelector("input") : page.querySelector(".next");
  target.focus({ preventScroll: true });
  (following || target).scrollIntoView({ block: "center" });
}
