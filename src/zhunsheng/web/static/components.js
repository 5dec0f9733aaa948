"use strict";
// Small behaviour of pages. Everything works without it; it only makes things shorter.
// Alpine is the build for strict content policies: components are registered here and used by name.
{
  const texts = () => document.getElementById("interface-texts")?.dataset ?? {};

  // ---- Alpine components

  document.addEventListener("alpine:init", () => {
    // The main menu on narrow screens and in large type.
    Alpine.data("menu", () => ({
      open: false,
      get expanded() { return String(this.open); },
      toggle() {
        this.open = !this.open;
        document.getElementById("menu").toggleAttribute("data-open", this.open);
      },
    }));

    // Something that is open or not; starts open where its element has data-open.
    Alpine.data("disclosure", () => ({
      open: false,
      init() { this.open = "open" in this.$el.dataset; },
      get expanded() { return String(this.open); },
      toggle() { this.open = !this.open; },
    }));

    // Large type for visitors without an account, kept in this browser.
    Alpine.data("largetype", () => ({
      large: document.documentElement.dataset.type === "large",
      get pressed() { return String(this.large); },
      toggle() {
        this.large = !this.large;
        if (this.large) document.documentElement.dataset.type = "large";
        else delete document.documentElement.dataset.type;
        try { localStorage.setItem("type", this.large ? "large" : ""); } catch { /* not kept */ }
        window.dispatchEvent(new Event("resize"));
      },
    }));

    // Rows of a table that are ticked: x-ref "all" ticks all boxes named by data-name.
    Alpine.data("selection", () => ({
      chosen: 0,
      boxes() { return [...this.$root.querySelectorAll(`input[type="checkbox"][name="${this.$root.dataset.name}"]`)]; },
      init() { this.count(); },
      count() { this.chosen = this.boxes().filter((box) => box.checked).length; },
      all(event) {
        for (const box of this.boxes()) box.checked = event.target.checked;
        this.count();
      },
      get none() { return this.chosen === 0; },
      get summary() { return `${texts().selected ?? ""} ${this.chosen}`; },
    }));
  });

  // ---- notices: what a person must know although the page stays

  function notify(text, link) {
    const place = document.getElementById("notices");
    if (!place || !text) return;
    const box = document.createElement("div");
    box.className = "message";
    box.dataset.tone = "error";
    const words = document.createElement("p");
    words.textContent = text;
    if (link) {
      const way = document.createElement("a");
      way.href = link.url;
      way.textContent = link.label;
      words.append(" ", way);
    }
    box.append(words);
    place.replaceChildren(box);
  }

  // An answer that led to the sign-in page must not be put into the page.
  document.addEventListener("htmx:after:request", (event) => {
    const answer = event.detail.ctx?.response?.raw;
    const signIn = document.body.dataset.signIn;
    if (!answer?.redirected || !signIn || new URL(answer.url).pathname !== signIn) return;
    event.preventDefault();
    const next = encodeURIComponent(location.pathname + location.search);
    notify(texts().expired, { url: `${signIn}?next=${next}`, label: texts().signIn });
    stopAsking(event.detail.ctx.sourceElement);
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.error?.name !== "AbortError") notify(texts().offline);
  });
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx?.response?.status ?? 0;
    if (status >= 500) notify(texts().failed);
  });

  // A clone that asks nothing: the clock of the one it replaces stops when that has left the page.
  function stopAsking(element) {
    if (!element?.getAttribute?.("hx-trigger")?.startsWith("every")) return;
    const still = element.cloneNode(true);
    for (const name of ["hx-get", "hx-trigger", "data-htmx-powered"]) still.removeAttribute(name);
    element.replaceWith(still);
  }

  // ---- menus that close by themselves

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-closes][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-closes][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // ---- questions: a link with data-dialog leads to a page that asks; here the question comes to the page

  document.addEventListener("click", async (event) => {
    const close = event.target.closest?.("[data-dialog-close]");
    const shown = close?.closest("dialog");
    if (shown) {
      event.preventDefault();
      shown.close();
      return;
    }
    const link = event.target.closest?.("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const question = page.getElementById("confirm");
      if (!answer.ok || !question) throw new Error("no question");
      ask(document.importNode(question, true), link);
    } catch {
      location.assign(link.href);
    }
  });

  function ask(question, link) {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "confirm-title");
    dialog.append(question);
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    document.body.append(dialog);
    document.dispatchEvent(new CustomEvent("page:added", { detail: dialog }));
    dialog.showModal();
  }

  // ---- tables: the hint shows only where something is hidden

  function watchTables(root) {
    for (const hint of root.querySelectorAll("[data-scroll-hint]")) {
      const frame = hint.nextElementSibling;
      if (!frame?.classList.contains("table-frame") || typeof ResizeObserver === "undefined") continue;
      new ResizeObserver(() => { hint.hidden = frame.scrollWidth <= frame.clientWidth + 1; }).observe(frame);
    }
  }

  // What is wrong comes first; an address with #content, left by the skip link, would take the focus away again.
  function focusFirst() {
    const now = document.activeElement;
    if (now === document.body || now?.id === "content") document.querySelector("main [data-focus]")?.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    watchTables(document);
    focusFirst();
  });
  window.addEventListener("load", () => requestAnimationFrame(focusFirst));
  document.addEventListener("htmx:after:swap", (event) => watchTables(event.detail.ctx?.target ?? document));
}
