// Keep the page up to date: as soon as the event stream says that something changed, fetch the same
// page again and merge it into the one that is shown.
//
// An event says only that there is something new and up to which position. So nothing is missed:
// after a reconnect the stream starts from the position that this page has seen last.

import { merge } from "./merge.js";

const SHORTEST_PAUSE = 500; // milliseconds between two fetches
const TIMES_THE_SERVER = 40; // a page that is open keeps the server busy for a fortieth at most
const LONGEST_FETCH = 30000; // milliseconds until an answer that does not come is given up
const LOST_AFTER = 1500; // milliseconds without a stream until the page says so
const RETRY = 3000; // milliseconds until what was refused is tried again, twice as long each time
const LONGEST_RETRY = 60000;

class LivePage {
  constructor(main, bar) {
    this.main = main;
    this.bar = bar;
    this.url = new URL(main.dataset.events, location.href);
    this.position = this.url.searchParams.get("after");
    this.link = "Connecting"; // how the stream is: "Live", or what to say instead
    this.ended = false; // nothing more will come
    this.paused = false;
    this.waiting = false; // for the next moment to fetch
    this.changed = false; // since the last fetch
    this.notBefore = 0;
    this.retry = RETRY;
    this.makeBar();
    document.addEventListener("visibilitychange", () => this.follow());
    addEventListener("pagehide", () => this.close()); // also of a page that "back" brings again
    addEventListener("pageshow", () => this.follow());
    // What a page says of the present moment changes though nothing happens.
    const seconds = Number(main.dataset.every);
    if (seconds) setInterval(() => this.tick(), seconds * 1000);
    this.follow();
  }

  makeBar() {
    this.state = document.createElement("span");
    this.state.className = "dot";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.addEventListener("click", () => this.press());
    this.bar.replaceChildren(this.state, this.button);
    this.show();
  }

  // A hidden page needs no stream: a browser opens only a few to one server.
  follow() {
    if (document.hidden) this.close();
    else if (!this.stream && !this.ended) this.open();
    this.fetchSoon();
  }

  open() {
    this.url.searchParams.set("after", this.position);
    this.stream = new EventSource(this.url);
    this.stream.onopen = () => this.opened();
    this.stream.onerror = () => this.interrupted();
    this.stream.addEventListener("change", (event) => this.hear(event));
    this.stream.addEventListener("gone", () => this.end("This tenant was deleted"));
  }

  close() {
    this.found();
    if (this.stream) this.stream.close();
    this.stream = null;
  }

  found() {
    clearTimeout(this.losing);
    this.losing = null;
  }

  opened() {
    this.found();
    this.retry = RETRY;
    // A server that was away may be another one: its forms have another token.
    if (this.link !== "Live" && this.link !== "Connecting") this.change();
    this.link = "Live";
    this.show();
  }

  interrupted() {
    if (this.stream.readyState === EventSource.CLOSED) this.refused();
    else this.losing ??= setTimeout(() => this.lose("Connection lost, trying again"), LOST_AFTER);
  }

  // The page still looks for itself, and so hears why: that one has to log in, for example.
  refused() {
    this.close();
    this.lose("Not live: looking again now and then");
    this.wait(this.retry);
    this.change();
    setTimeout(() => this.follow(), this.retry);
    this.retry = Math.min(2 * this.retry, LONGEST_RETRY);
  }

  lose(what) {
    this.link = what;
    this.show();
  }

  end(why) {
    this.close();
    this.ended = true;
    this.lose(why);
  }

  hear(event) {
    this.position = event.lastEventId;
    this.change();
  }

  change() {
    this.changed = true;
    this.show();
    this.fetchSoon();
  }

  tick() {
    if (this.link === "Live" && !this.paused && !document.hidden) this.change();
  }

  press() {
    if (this.ended) return location.reload();
    this.paused = !this.paused;
    this.show();
    this.fetchSoon();
  }

  show() {
    const isLive = this.link === "Live";
    const isPaused = this.paused && isLive;
    this.bar.className = `live ${isPaused ? "paused" : isLive ? "on" : "off"}`;
    const paused = this.changed ? "Paused: there is something new" : "Paused";
    setText(this.state, isPaused ? paused : this.link);
    setText(this.button, this.ended ? "Reload" : this.paused ? "Follow" : "Pause");
  }

  fetchSoon() {
    if (this.waiting || !this.changed || this.paused || this.ended || document.hidden) return;
    this.waiting = true;
    setTimeout(() => this.fetchNow(), Math.max(0, this.notBefore - performance.now()));
  }

  wait(milliseconds) {
    this.notBefore = Math.max(this.notBefore, performance.now() + milliseconds);
  }

  async fetchNow() {
    this.changed = false;
    try {
      await this.take(await fetchPage());
    } catch (error) {
      console.warn(error); // the server is away, or does not do what it should
      this.changed = true;
      this.wait(RETRY);
    }
    this.waiting = false;
    this.fetchSoon();
  }

  async take(answer) {
    this.wait(pauseAfter(answer));
    if (answer.redirected) return this.end("Logged out");
    if (answer.status >= 500) throw new Error(`the server answered ${answer.status}`);
    if (!answer.ok) return this.end(`The server answered ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (this.paused) this.changed = true;
    else this.merge(page.getElementById("main"));
  }

  merge(fetched) {
    document.dispatchEvent(new CustomEvent("fetched", { detail: fetched }));
    merge(this.main, fetched);
  }
}

function fetchPage() {
  const signal = AbortSignal.timeout(LONGEST_FETCH);
  return fetch(location.href, { headers: { Accept: "text/html" }, signal });
}

function pauseAfter(answer) {
  const took = /page;dur=([0-9.]+)/.exec(answer.headers.get("Server-Timing") || "");
  return Math.max(SHORTEST_PAUSE, took ? Number(took[1]) * TIMES_THE_SERVER : 0);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function startLive() {
  const main = document.getElementById("main");
  if (main.dataset.events) new LivePage(main, document.getElementById("live"));
}
