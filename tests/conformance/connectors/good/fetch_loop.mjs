// Delivers with Node's fetch: four messages at a time, none of them over a redirect.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const { QUALTRICS_URL, QUALTRICS_API_TOKEN, MESSAGES, SCENARIO } = process.env;
const retried = new Set([403, 408, 409, 429, 500, 502, 503, 504]);
let refused = false;

async function post(body, traceId) {
  const headers = { "Content-Type": "application/json", "X-API-TOKEN": QUALTRICS_API_TOKEN, "X-Trace-Id": traceId };
  const signal = AbortSignal.timeout(10_000);
  try {
    const answer = await fetch(QUALTRICS_URL, { method: "POST", headers, body, signal, redirect: "manual" });
    answer.body?.cancel().catch(() => {});
    return [answer.status, answer.headers.get("retry-after")];
  } catch {
    return [0, null];
  }
}

async function deliver([number, body]) {
  for (let attempt = 0; attempt < 7 && !refused; attempt++) {
    const [status, retryAfter] = await post(body, `${SCENARIO}-${number}`);
    if (status >= 200 && status < 300) return true;
    if (status === 401) refused = true;
    if (status && !retried.has(status)) return false;
    await sleep(retryAfter ? 1000 * retryAfter : 700 * 2 ** attempt);
  }
  return false;
}

const lines = readFileSync(MESSAGES, "utf8").split("\n").filter(Boolean).entries();
let lost = 0;
async function work() {
  for (const line of lines) if (!(await deliver(line))) lost++;
}
await Promise.all([work(), work(), work(), work()]);
process.exit(lost ? 1 : 0);
