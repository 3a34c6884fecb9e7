"use strict";
// A trainer's screen or console: keys turn the slides, and what changes follows. Without this script, links and a refresh do the same.
(() => {
  const slide = document.getElementById("slide");
  const turn = (rel) => {
    const at = document.querySelector(`a[rel=${rel}], [data-turn=${rel}]`);
    if (at && at.href) location.replace(at.href);
    else if (at) at.click();
  };
  const KEYS = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next", Enter: "next",
    ArrowLeft: "prev", ArrowUp: "prev", PageUp: "prev", Backspace: "prev",
  };
  document.addEventListener("keydown", (event) => {
    const rel = KEYS[event.key];
    if (!rel || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const at = document.activeElement;
    if (at && at.matches("a, button, summary") && (event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    turn(rel);
  });
  const SOON = 3000, SELDOM = 30000;
  let stream = null;
  let wait = SOON, waiting = 0;
  const follow = () => {
    clearTimeout(waiting);
    if (stream || document.hidden) return;
    stream = new EventSource(`${slide.dataset.home}/events${location.search}`);
    // The browser reopens a broken stream, but not one that got another answer.
    stream.onerror = (event) => {
      if (event.target !== stream || stream.readyState !== EventSource.CLOSED) return;
      stream = null;
      waiting = setTimeout(follow, wait);
      wait = Math.min(2 * wait, SELDOM);
    };
    stream.onmessage = (event) => {
      wait = SOON;
      const now = JSON.parse(event.data);
      if (now.phase !== slide.dataset.phase && location.search.includes("slide")) location.replace(slide.dataset.home);
      else if (now.phase !== slide.dataset.phase || now.at !== slide.dataset.at) location.reload();
      for (const each of document.querySelectorAll("[data-live]")) {
        const text = now[each.dataset.live];
        if (text !== undefined && each.textContent !== text) each.textContent = text;
      }
    };
  };
  const rest = () => { if (stream) { stream.close(); stream = null; } };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : follow()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", follow);
})();
