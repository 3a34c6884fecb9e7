"use strict";
/* Makes the page quicker, and lets it follow changes. Everything works without this file.
   The browser parses fetched HTML into a separate document, in which no script runs; no text is inserted as HTML. */
(() => {
  const home = () => document.getElementById("card")?.dataset.home;
  let stream = null;
  let asked = 0, answered = 0;
  let latest = null;
  let isHidden = false;
  const SOON = 3000, SELDOM = 30000;
  let wait = SOON, waiting = null;

  function shown() { return document.getElementById("card")?.dataset.shown; }

  function load(method, address, body) {
    const mine = ++asked;
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "document";
    request.timeout = 15000;
    if (body) request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.onload = () => {
      document.body.classList.remove("busy");
      if (mine !== asked) return;
      answered = mine;
      const card = request.response && request.response.getElementById("card");
      if (body) { if (card) put(request.response); else again(); return; }
      if (card && request.status !== 429) take(request.response);
      if (!card || request.status === 429 || request.status >= 500) later();
      else if (!shown()) wait = SOON; /* a page without a stream, which would reset this */
    };
    request.onerror = request.ontimeout = () => {
      answered = asked;
      document.body.classList.remove("busy");
      if (body) again(); else later();
    };
    document.body.classList.add("busy");
    request.send(body);
  }

  /* A hidden page stays hidden after any failure, until the server's next page replaces it. */
  function again() { if (!isHidden) location.reload(); }

  /* Retry a background refresh while the page is visible: soon at first, then with growing pauses. */
  function later() {
    if (waiting !== null) return;
    waiting = setTimeout(() => {
      waiting = null;
      if (document.hidden) later(); else if (asked === answered) refresh();
    }, wait);
    wait = Math.min(2 * wait, SELDOM);
  }

  function words(page) { return [...page.body.children].map((each) => each.textContent).join("\n"); }

  /* A background refresh never shows a hidden page again, and keeps typed text if the contents are the same. */
  function take(next) {
    if (isHidden) return;
    if (next.getElementById("card").dataset.shown !== shown() || words(next) !== words(document)) { put(next); return; }
    const nonce = next.querySelector("[name=nonce]");
    if (nonce) for (const each of document.querySelectorAll("[name=nonce]")) each.value = nonce.value;
    follow();
  }

  /* Replace the page, and focus its heading so that it is read out. */
  function put(next) {
    isHidden = false;
    const menu = document.querySelector("footer details");
    const isOpen = menu !== null && menu.open && next.querySelector("#said") !== null && shown() === next.getElementById("card").dataset.shown;
    const parts = [...next.body.children].map((each) => document.adoptNode(each));
    document.body.replaceChildren(...parts);
    document.title = next.title;
    const opened = document.querySelector("footer details");
    if (opened && isOpen) opened.open = true;
    prepare();
    window.scrollTo(0, 0);
    const first = document.querySelector("[autofocus]");
    if (first) first.focus({ preventScroll: true });
    latest = shown();
    follow();
  }

  function prepare() {
    for (const each of document.querySelectorAll("[data-copy]")) each.hidden = !navigator.clipboard;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.dataset.leaves !== undefined || form.dataset.whole !== undefined) return; /* leads to another address */
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.append(button.name, button.value);
    load("POST", form.action, fields.toString());
  });

  document.addEventListener("click", (event) => {
    const copying = event.target.closest ? event.target.closest("[data-copy]") : null;
    if (copying) navigator.clipboard.writeText(copying.dataset.copy);
  });

  /* Esc, three times within a second and a half, blanks the page at once, and then locks it. */
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { pressed = []; return; }
    pressed = [...pressed.slice(-2), event.timeStamp];
    if (pressed.length < 3 || pressed[2] - pressed[0] >= 1500) return;
    pressed = []; /* a fourth press sends no second form */
    hide(document.querySelector("button.panic"));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("button.panic")) blank();
  });

  function blank() { isHidden = true; for (const each of document.body.children) each.hidden = true; document.title = "\u00a0"; }

  function hide(button) {
    blank();
    if (button) button.form.requestSubmit(button);
  }

  /* One stream for each visible page: a browser has few connections. */
  function follow() {
    if (document.hidden || !shown() || !home()) { stop(); return; }
    if (stream) return;
    stream = new EventSource(home().replace(/\/$/, "") + "/events");
    stream.onmessage = (event) => {
      if (event.data === "over") { stop(); refresh(); return; }
      wait = SOON;
      latest = event.data;
      check();
    };
    /* The browser reopens a broken stream, but not one that got another answer. */
    stream.onerror = (event) => {
      if (event.target !== stream || stream.readyState !== EventSource.CLOSED) return;
      stream = null;
      later();
    };
  }

  /* Fetch the page if it is outdated; while a request is in progress, check again later. */
  function check() {
    if (latest === null || latest === shown()) return;
    if (asked !== answered) { setTimeout(check, 300); return; }
    refresh();
  }

  function stop() { if (stream) { stream.close(); stream = null; } }

  function refresh() { if (!isHidden) load("GET", home() || location.pathname); }

  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else if (home()) { refresh(); } });
  window.addEventListener("pagehide", stop);
  /* A page from the browser's cache is outdated: hide it and reload. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) { blank(); location.reload(); } });
  prepare();
  follow();
})();
