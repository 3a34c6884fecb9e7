"use strict";
/* No page needs it. It sees that no card, no word and no number is lost, and that the page follows changes.
   Fetched HTML is parsed into a separate document, in which no script runs; no text is inserted as HTML. */
(() => {
  const $ = (what) => document.querySelector(what), all = (what) => [...document.querySelectorAll(what)];
  const card = () => $("#card"), home = () => card()?.dataset.home, shown = () => card()?.dataset.shown;
  const beneath = (name) => home().replace(/\/$/, "") + name;
  const SOON = 2000, SELDOM = 30000, FRESH = 350, SLOW = 900;
  const drafts = new Map(); /* in memory alone, never on the device */
  let sending = null, slow = 0, wait = SOON, pause = SOON, fresh = 0, isHidden = false, stream = null, news = "";
  let locks = 0, stayed = 0, asked = 0; /* when the page locks; when somebody was last here; when it looked */
  let came = words(document); /* what the page said as it came, without what this script adds */

  /* What was not answered stays, page and all, and is sent again with the same nonce, so that it counts once.
     Another button takes its place. Locking and hiding go out even while something waits. */
  function send(body, at, { said = "", isFirst = false, draft } = {}) {
    if (sending && !sending.isLost && sending.body && !isFirst) return;
    if (sending) clearTimeout(sending.again);
    sending = { body, at, said, draft, isFirst };
    clearTimeout(slow);
    if (body) slow = setTimeout(() => say("@saving"), SLOW);
    go();
  }

  function go() {
    const mine = sending, request = new XMLHttpRequest();
    if (!mine) return;
    clearTimeout(mine.again);
    mine.isLost = false;
    news = "";
    busy(Boolean(mine.body));
    request.open(mine.body ? "POST" : "GET", mine.at);
    request.responseType = "document";
    request.timeout = 15000;
    if (mine.body) request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.onload = () => {
      if (mine !== sending) return;
      if (!request.response?.getElementById("card") || request.status === 429 || request.status >= 500) { lost(mine, true); return; }
      clearTimeout(slow);
      sending = null; wait = SOON;
      if (isTaken(mine, request.response)) drafts.delete(mine.draft);
      busy(false);
      say();
      put(request.response, Boolean(mine.body));
      if (news && news !== shown()) refresh();
    };
    request.onerror = request.ontimeout = () => { if (mine === sending) lost(mine, false); };
    request.send(mine.body);
  }

  function lost(mine, isAnswered) {
    clearTimeout(slow);
    busy(false);
    mine.isLost = true;
    mine.again = setTimeout(() => { if (mine === sending) go(); }, wait);
    wait = Math.min(2 * wait, SELDOM);
    if (mine.isFirst) for (const each of all("header, main, footer")) each.hidden = true; /* nobody reads on what cannot be locked */
    if (mine.isFirst && !isHidden) say("@not-locked", "@sent-later", true);
    else if (mine.body && !isHidden) say(isAnswered ? "@not-saved" : "@no-connection", `${mine.said} @sent-later`, true);
  }
  addEventListener("online", () => { if (sending?.isLost) go(); });

  /* A draft is kept until the page that comes shows it, or goes on without it. It is not gone with a lock or an outdated page. */
  function isTaken({ draft }, next) {
    if (next.body.matches(".locked")) return false;
    const text = drafts.get(draft), isThere = [...next.querySelectorAll("[data-draft]")].some((each) => each.dataset.draft === draft);
    if (typeof text !== "string") return !isThere;
    return !next.getElementById("said") || flat(words(next)).includes(flat(text));
  }
  function flat(text) { return text.split(/\s+/).join(" ").trim(); }

  function busy(is) { document.body.classList.toggle("busy", is); card()?.setAttribute("aria-busy", is); }

  /* Said in a live region that is never replaced. */
  function say(strong = "", text = "", canRetry = false) {
    const place = $("#live"), bold = document.createElement("strong");
    if (!place || place.dataset.said === strong + text) return;
    place.dataset.said = strong + text;
    bold.textContent = strong;
    place.replaceChildren(...(strong ? [bold, ` ${text} `] : []), ...(canRetry ? [button("@try-again", () => { if (sending?.isLost) go(); })] : []));
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button"; made.textContent = label; made.onclick = act;
    return made;
  }

  /* The new page in place of the old one. What was typed or ticked comes back wherever its field does. */
  function put(next, isPressed) {
    const main = next.getElementById("card"), nonce = next.querySelector("[name=nonce]")?.value, live = $("#live"), said = words(next);
    if (isHidden && !isPressed) return;
    if (!isPressed && main.dataset.shown === shown() && said === came) {
      for (const each of all("[name=nonce]")) each.value = nonce;
      for (const each of document.body.children) each.hidden = false;
      document.title = next.title;
      card().dataset.locks = main.dataset.locks || "";
      timed();
      follow();
      return;
    }
    const at = isPressed ? null : document.activeElement, pin = isPressed ? "" : $("#pin")?.value;
    isHidden = false;
    came = said;
    for (const each of [...document.body.children]) if (each !== live) each.remove();
    for (const each of [...next.body.children]) if (each.id !== "live") document.body.insertBefore(document.adoptNode(each), live);
    if (live) live.hidden = false;
    document.body.className = next.body.className;
    document.title = next.title;
    document.body.classList.add("fresh"); /* takes no tap: the second half of a double tap answers nothing */
    clearTimeout(fresh);
    fresh = setTimeout(() => document.body.classList.remove("fresh"), FRESH);
    prepare();
    scrollTo(0, 0);
    if (pin && $("#pin")) $("#pin").value = pin; /* the page changed by itself while it was typed */
    ((at?.id && document.getElementById(at.id)) || $("[autofocus]"))?.focus({ preventScroll: true });
    follow();
  }

  /* Without what was said once: it stays until something else is there. */
  function words(page) {
    const all = [...page.body.children].filter((each) => each.id !== "live").map((each) => each.textContent).join("\n");
    return all.replace(page.getElementById("said")?.textContent || "", "");
  }

  function prepare() {
    timed();
    for (const each of all("[data-copy]")) each.hidden = !navigator.clipboard;
    for (const each of all("[data-draft]")) {
      const text = drafts.get(each.dataset.draft);
      const isBack = each.matches("[aria-invalid]") || each.querySelector("[aria-invalid]"); /* with its fault, newer than any draft */
      if (isBack) { keep(each); count(each); } else if (each.matches("form")) {
        if (text) for (const box of each.elements) if (box.matches("[type=checkbox], [type=radio]")) box.checked = text.includes(marked(box.name, box.value));
      } else {
        if (text !== undefined) { each.value = text; each.closest("details")?.setAttribute("open", ""); }
        count(each);
      }
    }
  }

  /* Without the token of the card, which another card has anew. */
  function marked(name, value) { return `${name}=${value.replace(/^\d+:/, "")}`; }
  function keep(at) {
    const ticked = at.matches("form") && [...new FormData(at)].map(([name, value]) => marked(name, value));
    drafts.set(at.dataset.draft, ticked || at.value);
  }

  function count(field) {
    if (!field.dataset.most) return;
    let note = field.parentNode.querySelector(".count");
    if (!note) { note = document.createElement("p"); note.className = "hint count"; field.after(note); }
    const left = field.dataset.most - [...field.value].length;
    if (left < 30) note.role = "status"; else note.removeAttribute("role");
    note.textContent = left < 0 ? `@too-many ${-left}` : `@left ${left}`;
  }

  addEventListener("submit", (event) => {
    const form = event.target, by = event.submitter;
    if (by?.hasAttribute("formaction") || form.dataset.whole !== undefined) return; /* leads to another address */
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form)), draft = (form.matches("[data-draft]") ? form : form.querySelector("[data-draft]"))?.dataset.draft;
    if (by?.name) fields.append(by.name, by.value);
    const label = by?.firstChild?.textContent.trim();
    const said = !draft ? `“${label}” @answer-kept` : form.matches("[data-draft]") ? "@choice-kept" : "@words-kept";
    send(`${fields}`, form.action, { said, isFirst: Boolean(by?.matches("[value=lock], .panic")), draft });
  });

  addEventListener("click", (event) => {
    const at = event.target.closest?.("[data-copy], .panic");
    if (at?.dataset.copy) navigator.clipboard.writeText(at.dataset.copy);
    else if (at) blank();
  });

  addEventListener("input", (event) => {
    const field = event.target, form = field.form;
    if (field.dataset.draft) { keep(field); count(field); } else if (form?.dataset.draft) keep(form);
    if (locks && Date.now() - stayed > asks() / 2) stay();
  });

  /* Typing counts as being there. Some time before the page locks, it asks. The server says when that is. */
  function asks() { return 1000 * card().dataset.asks; }
  function timed() {
    const left = 1000 * (card()?.dataset.locks || 0);
    locks = left && Date.now() + left;
    stayed = Date.now();
    if (left > asks()) { asked = 0; $("#soon")?.remove(); }
  }

  async function stay() {
    const mine = card();
    stayed = Date.now();
    try {
      const answer = await fetch(beneath("/awake"), { method: "POST" });
      if (mine !== card()) return;
      if (!answer.ok) { refresh(); return; }
      mine.dataset.locks = await answer.text();
      timed();
      if (!sending) say();
    } catch { asked = Date.now() + 15000; say("@no-stay", "@numbers-work"); }
  }

  setInterval(() => {
    const now = Date.now();
    if (!locks || isHidden) return;
    if (now >= locks) { locks = 0; shut(); refresh(); return; }
    if (locks - now > asks() || $("#soon")) return;
    /* First it looks whether somebody is there on another page of theirs. */
    if (!asked) { asked = now; refresh(); } else if (now > asked) warn();
  }, 1000);

  function warn() {
    const box = document.createElement("dialog"), head = document.createElement("h2"), text = document.createElement("p"), row = document.createElement("p");
    const lock = $("[value=lock]"), was = document.title;
    const close = () => { box.close(); box.remove(); document.title = was; };
    const on = () => { close(); stay(); };
    box.id = "soon"; head.id = "soon-h"; row.className = "row";
    box.setAttribute("aria-labelledby", head.id);
    head.textContent = `@locks-at ${new Date(locks).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
    text.textContent = sending?.body ? "@last-unsaved @sent-later" : "@locks-kept";
    row.append(button("@stay", on), ...(lock ? [button("@lock-now", () => { close(); lock.click(); })] : []));
    row.firstChild.className = "main";
    box.append(head, text, row);
    box.oncancel = on;
    document.body.append(box);
    document.title = head.textContent;
    box.showModal();
  }

  /* No case stays on the screen when the time is up, also without a network. Numbers do. */
  function shut() {
    $("#soon")?.remove();
    for (const each of document.body.children) if (!each.matches("nav, #live")) each.hidden = true;
    document.title = "SERAF";
    say("@locked", sending?.body ? "@last-unsaved @numbers-work" : "@numbers-work");
  }

  /* Esc, three times within a second and a half, blanks the page at once, and then locks it. */
  let escapes = [];
  addEventListener("keydown", (event) => {
    escapes = event.key === "Escape" ? [...escapes.slice(-2), event.timeStamp] : [];
    if (escapes.length < 3 || escapes[2] - escapes[0] > 1500) return;
    const panic = $(".panic");
    escapes = []; /* a fourth press sends no second form */
    blank();
    panic?.form.requestSubmit(panic);
  });

  function blank() {
    isHidden = true;
    drafts.clear();
    $("#soon")?.remove();
    for (const each of document.body.children) each.hidden = true;
    document.title = "\u00a0";
  }

  /* One stream for each visible page: a browser has few connections. */
  function follow() {
    if (document.hidden || !shown() || !home()) { stop(); return; }
    if (stream) return;
    stream = new EventSource(beneath("/events"));
    stream.onmessage = (event) => {
      pause = SOON;
      news = event.data;
      if (news === "over") stop();
      if (news !== shown()) refresh();
    };
    /* The browser reopens a broken stream, but not one that got another answer. */
    stream.onerror = (event) => {
      if (event.target !== stream || stream.readyState !== EventSource.CLOSED) return;
      stream = null;
      setTimeout(() => { if (!document.hidden) refresh(); }, pause);
      pause = Math.min(2 * pause, SELDOM);
    };
  }

  function stop() { stream?.close(); stream = null; }
  /* While something is on its way, the page that comes with the answer is new enough, unless the stream says otherwise. */
  function refresh() { if (!isHidden && home() && !sending) send("", home()); }
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else if (sending?.isLost) go(); else refresh(); });
  addEventListener("pagehide", stop);
  /* A page from the browser's cache is outdated: hide it and reload. */
  addEventListener("pageshow", (event) => { if (event.persisted) { blank(); location.reload(); } });
  prepare();
  follow();
})();
