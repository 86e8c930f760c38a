// What stays in this browser until the server has acknowledged it, and how it gets there.

const PREFIX = "synergy:";

// Some in-app browsers forbid localStorage; then a draft lives as long as the page.
const memory = new Map();

export function read(key) {
  try {
    return JSON.parse(window.localStorage.getItem(PREFIX + key));
  } catch {
    return memory.get(key) ?? null;
  }
}

export function write(key, value) {
  memory.set(key, value);
  try {
    if (value === null) window.localStorage.removeItem(PREFIX + key);
    else window.localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Kept in memory above.
  }
}

// The keys that begin so, in no order.
export function keysOf(beginning) {
  let keys = [...memory.keys()];
  try {
    keys = keys.concat(Object.keys(window.localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)));
  } catch {
    // Those in memory are all there are.
  }
  return [...new Set(keys)].filter((key) => key.startsWith(beginning));
}

// crypto.randomUUID exists on https only, and a study in the field may well run on plain http in a lab.
export function newId() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const TIMEOUT_MS = 20000;
const OUTCOMES = { 200: "stored", 409: "stale", 422: "invalid", 404: "unknown" };

// One attempt. `outcome` is stored, stale, invalid, unknown, refused (sending again cannot help),
// unavailable (the server cannot store) or offline (no answer); only the last two are worth a retry.
export async function send(url, step) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(step),
      credentials: "same-origin", cache: "no-store", signal: abort.signal,
    });
    const body = await response.json().catch(() => null);
    const known = body === null ? undefined : OUTCOMES[response.status];
    const refused = response.status >= 400 && response.status < 500 && response.status !== 429 && response.status !== 408;
    return { outcome: known || (refused ? "refused" : "unavailable"), body: body || {} };
  } catch {
    return { outcome: "offline", body: {} };
  } finally {
    clearTimeout(timer);
  }
}

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];

// Sends until the server has answered. The step keeps its submit id, so that a retry of what was stored
// after all changes nothing. `tell(outcome)` hears of every failed attempt; `hurry` registers a function
// that ends the current wait.
export async function deliver(url, step, tell, hurry) {
  for (let attempt = 0; ; attempt += 1) {
    const result = await send(url, step);
    if (result.outcome !== "offline" && result.outcome !== "unavailable") return result;
    tell(result.outcome);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)]);
      hurry(() => { clearTimeout(timer); resolve(); });
    });
  }
}
