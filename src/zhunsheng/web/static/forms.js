"use strict";
// Nothing typed is lost. A form with data-keep="name" is kept in this tab until it has been saved: it comes back after
// an expired session, a refused or failed request, or a page left by mistake. It is dropped when another person signs
// in or the person signs out. Passwords, files and hidden fields are never kept. Only what differs from what the page
// showed is kept and comes back: all else shows what is stored now, which others may have written meanwhile.
{
  const PREFIX = "kept:";
  const texts = () => document.getElementById("interface-texts")?.dataset ?? {};
  const person = () => document.body.dataset.person ?? "";
  const here = () => location.pathname;

  // ---- the store: entries {person, page, at, changes: [[identity, value, what the page showed]], sent}

  const store = {
    read(key) {
      try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
    },
    write(key, entry) {
      try { sessionStorage.setItem(key, JSON.stringify(entry)); } catch { /* full or switched off: nothing is kept */ }
    },
    drop(key) {
      try { sessionStorage.removeItem(key); } catch { /* nothing was kept */ }
    },
    keys() {
      try { return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
    },
  };

  const keyOf = (form) => `${PREFIX}${new URL(form.getAttribute("action") || here(), location.href).pathname}:${form.dataset.keep}`;

  function controlsOf(form) {
    const left = new Set(["hidden", "password", "file", "submit", "button", "reset", "image", "fieldset", "output"]);
    return [...form.elements].filter((control) => control.name && !left.has(control.type) && !("keepNot" in control.dataset));
  }

  const isTick = (control) => control.type === "checkbox" || control.type === "radio";
  const valueOf = (control) => {
    if (isTick(control)) return control.checked;
    if (control.type === "select-multiple") return [...control.selectedOptions].map((option) => option.value);
    return control.value;
  };
  const isChoice = (control) => control.type === "select-one" || control.type === "select-multiple";
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  // spaces around a text are no change, neither here nor for the server
  const alike = (one, other) => same(one?.trim?.() ?? one, other?.trim?.() ?? other);

  // What the page shows in a control, whatever has been done to it since.
  function shownIn(control) {
    if (isTick(control)) return control.defaultChecked;
    if (isChoice(control)) {
      const options = [...control.options];
      const chosen = options.filter((option) => option.defaultSelected).map((option) => option.value);
      if (control.type === "select-multiple") return chosen;
      return chosen.at(-1) ?? options.find((option) => !option.disabled)?.value ?? "";
    }
    // a field may not show a text as it came, for instance without its line breaks
    const probe = control.cloneNode(true);
    probe.value = control.defaultValue;
    return probe.value;
  }

  function setValue(control, value) {
    if (isTick(control)) control.checked = value;
    else if (control.type === "select-multiple") for (const option of control.options) option.selected = value.includes(option.value);
    else control.value = value;
  }

  // Lines that are numbered on the page say what they are lines of: the same number may be another line tomorrow.
  function nameOf(control) {
    const line = control.closest("[data-keep-line]")?.dataset.keepLine;
    const name = line === undefined ? control.name : `${line}${control.name.slice(control.name.indexOf("."))}`;
    return isTick(control) ? `${name}=${control.value}` : name;
  }

  // Several controls may have one name, so each is known by its name and its place among those of that name.
  function identified(form) {
    const seen = new Map();
    return controlsOf(form).map((control) => {
      const name = nameOf(control);
      const place = seen.get(name) ?? 0;
      seen.set(name, place + 1);
      return [`${name}#${place}`, control];
    });
  }

  // A control that came after the page did, as those of an added line, was empty.
  function changesOf(form, bases) {
    return identified(form)
      .map(([identity, control]) => [identity, valueOf(control), bases.get(identity) ?? (isTick(control) ? false : "")])
      .filter(([, value, base]) => !alike(value, base));
  }

  const labelOf = (control) => control.getAttribute("aria-label") ?? control.labels?.[0]?.textContent.trim() ?? control.name;

  // Tells the server that it need not keep the form when nobody is signed in any more.
  function markAsKept(form) {
    if (form.elements["kept-by-page"]) return;
    const mark = document.createElement("input");
    Object.assign(mark, { type: "hidden", name: "kept-by-page", value: "1" });
    form.append(mark);
  }

  let forgotten = false; // the person is signing out: nothing more is kept

  // ---- what the page that has just come says about a form that was sent

  const navigation = () => performance.getEntriesByType?.("navigation")[0];

  function settle() {
    const failed = document.body.dataset.outcome === "failed" || here() === document.body.dataset.signIn;
    for (const key of store.keys()) {
      const entry = store.read(key);
      if (!entry?.changes) store.drop(key);
      else if (person() && entry.person && entry.person !== person()) store.drop(key);
      else if (entry.sent) {
        const answered = (navigation()?.type ?? "navigate") === "navigate" && cameFrom(entry.page)
          && !failed && !isRefused(key);
        if (answered) store.drop(key);
        else store.write(key, { ...entry, sent: false });
      }
    }
  }

  function cameFrom(page) {
    try { return new URL(document.referrer).pathname === page; } catch { return false; }
  }

  // Older browsers do not tell the status; there the form itself shows it.
  function isRefused(key) {
    const status = navigation()?.responseStatus;
    if (status) return status >= 400;
    return [...document.querySelectorAll("form[data-keep]")].some(
      (form) => keyOf(form) === key && (document.querySelector("main .problems") || form.querySelector("[aria-invalid='true']")),
    );
  }

  // ---- forms

  function notice(form, text, action) {
    let box = form.querySelector(":scope > .form-notice");
    if (!box) {
      box = document.createElement("div");
      box.className = "form-notice";
      box.setAttribute("role", "status");
      form.prepend(box);
    }
    const words = document.createElement("span");
    words.textContent = text;
    box.replaceChildren(words);
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-primary";
      button.textContent = action.label;
      button.addEventListener("click", action.act);
      box.append(button);
    }
  }

  const noNotice = (form) => form.querySelector(":scope > .form-notice")?.remove();

  function watch(form) {
    if (form.dataset.kept) return;
    form.dataset.kept = "yes";
    const key = keyOf(form);
    const bases = new Map(); // what the page showed in each control
    const entry = store.read(key);
    const kept = new Map(entry?.person === person() ? entry.changes?.map(([identity, ...rest]) => [identity, rest]) : []);
    const refused = isRefused(key);
    const overtaken = [];
    let restored = false;
    for (const [identity, control] of identified(form)) {
      const shown = shownIn(control);
      bases.set(identity, shown);
      if (!kept.has(identity)) continue;
      const [value, base] = kept.get(identity);
      if (alike(value, shown)) {
        // what was typed stands in the answer that refuses it, and is still unsaved
        if (refused) bases.set(identity, base);
        continue;
      }
      const written = !alike(base, shown);
      if (written && refused) continue; // the answer has dealt with it
      setValue(control, value);
      restored = true;
      if (written) overtaken.push(labelOf(control));
    }
    if (restored) {
      const discard = () => {
        for (const [, control] of identified(form)) if (!same(valueOf(control), shownIn(control))) setValue(control, shownIn(control));
        noNotice(form);
        form.removeAttribute("data-unsaved");
        keep();
      };
      const words = overtaken.length ? `${texts().restored}${texts().overtaken}${overtaken.join("、")}` : texts().restored;
      notice(form, words, { label: texts().discard, act: discard });
      form.dataset.unsaved = "yes";
    }
    let timer = 0;
    const keep = () => {
      clearTimeout(timer);
      timer = 0;
      if (forgotten) return;
      const changes = changesOf(form, bases);
      if (!changes.length) {
        store.drop(key);
        noNotice(form);
        form.removeAttribute("data-unsaved");
      } else {
        store.write(key, { person: person(), page: here(), at: Date.now(), changes, sent: false });
        if (!form.dataset.unsaved) notice(form, texts().unsaved);
        form.dataset.unsaved = "yes";
      }
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(keep, 300); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    window.addEventListener("pagehide", () => { if (timer) keep(); });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      timer = 0;
      const changes = changesOf(form, bases);
      store.write(key, { person: person(), page: here(), at: Date.now(), changes, sent: true });
      if (changes.length && store.read(key)) markAsKept(form);
      form.removeAttribute("data-unsaved");
    });
    form.addEventListener("htmx:after:request", (event) => {
      const answer = event.detail.ctx?.response;
      const signedOut = answer?.raw?.redirected && new URL(answer.raw.url).pathname === document.body.dataset.signIn;
      if (event.target === form && answer && answer.status < 400 && !signedOut) {
        store.drop(key);
        for (const [identity, control] of identified(form)) bases.set(identity, valueOf(control));
        noNotice(form);
      } else keep();
    });
    form.addEventListener("htmx:error", keep);
  }

  const watchAll = (root) => root.querySelectorAll("form[data-keep]").forEach(watch);

  // Closing the tab would lose what is unsaved; going to another page of the site does not.
  let within = false;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && link.origin === location.origin && link.target !== "_blank") within = true;
  });
  document.addEventListener("submit", () => { within = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!within && document.querySelector("form[data-unsaved]")) event.preventDefault();
    within = false;
  });

  document.addEventListener("DOMContentLoaded", () => {
    settle();
    watchAll(document);
  });
  document.addEventListener("submit", (event) => {
    if (!("forget" in event.target.dataset)) return;
    forgotten = true;
    store.keys().forEach(store.drop);
  });
  document.addEventListener("htmx:after:swap", () => watchAll(document));
  document.addEventListener("page:added", (event) => watchAll(event.detail));
}
