// Keep the page up to date: as soon as the event stream says that something changed, fetch the same
// page again and merge it into the one that is shown.
//
// An event says only that there is something new and up to which position. So nothing is missed:
// after a reconnect the stream starts from the position that this page has seen last.

import { merge } from "./merge.js";

const SHORTEST_PAUSE = 500; // milliseconds between two fetches
const TIMES_THE_SERVER = 40; // a page that is open keeps the server busy for a fortieth at most
const RETRY = 3000; // milliseconds until a stream that was refused is tried again

class LivePage {
  constructor(main, bar) {
    this.main = main;
    this.bar = bar;
    this.url = new URL(main.dataset.events, location.href);
    this.position = this.url.searchParams.get("after");
    this.paused = false;
    this.waiting = false; // for the next moment to fetch
    this.changed = false; // since the last fetch
    this.notBefore = 0;
    this.newest = null; // the totals of the last event
    this.state = document.createElement("span");
    this.state.className = "dot";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.addEventListener("click", () => this.toggle());
    bar.replaceChildren(this.state, this.button);
    document.addEventListener("visibilitychange", () => this.follow());
    this.show("off", "Connecting");
    this.follow();
  }

  // A hidden page needs no stream: a browser opens only a few to one server.
  follow() {
    if (document.hidden) this.close();
    else if (!this.stream) this.open();
  }

  open() {
    this.url.searchParams.set("after", this.position);
    this.stream = new EventSource(this.url);
    this.stream.onopen = () => this.showState();
    this.stream.onerror = () => this.lost();
    this.stream.addEventListener("change", (event) => this.hear(event));
    this.stream.addEventListener("gone", () => this.gone());
  }

  close() {
    if (this.stream) this.stream.close();
    this.stream = null;
  }

  gone() {
    this.close();
    this.ended = true;
    this.show("off", "This tenant was deleted");
  }

  lost() {
    this.show("off", "Connection lost, trying again");
    if (this.stream && this.stream.readyState === EventSource.CLOSED) {
      this.close();
      setTimeout(() => this.ended || this.follow(), RETRY);
    }
  }

  hear(event) {
    this.position = event.lastEventId;
    this.changed = true;
    this.showState();
    if (!this.paused) this.fetchSoon();
  }

  toggle() {
    this.paused = !this.paused;
    this.showState();
    if (!this.paused && this.changed) this.fetchSoon();
  }

  showState() {
    if (!this.paused) this.show("on", "Live");
    else this.show("paused", this.changed ? "Paused: there is something new" : "Paused");
  }

  show(kind, text) {
    this.bar.className = `live ${kind}`;
    if (this.state.textContent !== text) this.state.textContent = text;
    this.button.textContent = this.paused ? "Follow" : "Pause";
    this.button.setAttribute("aria-pressed", String(this.paused));
  }

  fetchSoon() {
    if (this.waiting) return;
    this.waiting = true;
    const pause = Math.max(0, this.notBefore - performance.now());
    setTimeout(() => this.fetchNow(), pause);
  }

  async fetchNow() {
    this.changed = false;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fetched = page.getElementById("main");
      if (answer.ok && fetched && !this.paused) this.take(fetched);
      else this.changed = true;
      this.notBefore = performance.now() + pauseAfter(answer);
    } catch {
      this.changed = true; // the stream will say so again, once the server is back
      this.notBefore = performance.now() + RETRY;
    }
    this.waiting = false;
    if (this.changed && !this.paused) this.fetchSoon();
  }

  take(fetched) {
    merge(this.main, fetched);
    document.dispatchEvent(new CustomEvent("merged"));
  }
}

function pauseAfter(answer) {
  const took = /page;dur=([0-9.]+)/.exec(answer.headers.get("Server-Timing") || "");
  return Math.max(SHORTEST_PAUSE, took ? Number(took[1]) * TIMES_THE_SERVER : 0);
}

export function startLive() {
  const main = document.getElementById("main");
  if (main.dataset.events) new LivePage(main, document.getElementById("live"));
}
