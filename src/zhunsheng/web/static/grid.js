"use strict";
// A table of fields that is used like a spreadsheet: Enter and arrows go from line to line, what is copied from a
// spreadsheet is pasted over several fields. Without this script the table is a plain form.
{
  const table = document.querySelector("table[data-grid]");
  const notice = document.getElementById("grid-notice");
  const most = Number(table?.dataset.most ?? 0);
  const body = table?.tBodies[0];

  const rows = () => [...body.rows];
  const fields = (row) => [...row.querySelectorAll("td input, td textarea")];

  function placeOf(input) {
    const row = input.closest("tr");
    return { line: rows().indexOf(row), column: fields(row).indexOf(input) };
  }

  function goTo(line, column) {
    const row = rows()[line];
    const input = row && fields(row)[column];
    if (!input) return false;
    input.focus();
    input.select();
    return true;
  }

  // A new line is a copy of the last one, emptied and renumbered.
  function addLine() {
    const last = rows().at(-1);
    const before = last.dataset.line;
    const number = String(Number(before) + 1);
    const row = last.cloneNode(true);
    row.dataset.line = number;
    if ("keepLine" in row.dataset) row.dataset.keepLine = "new";
    const named = (text) => text.replace(new RegExp(`(^|\\D)${before}(?=\\D)`), `$1${number}`);
    for (const input of row.querySelectorAll("input")) {
      input.name = named(input.name);
      if (input.id) input.id = named(input.id);
      if (input.type === "hidden") input.value = input.name.endsWith(".revision") ? "0" : "";
      else {
        input.value = "";
        input.setAttribute("aria-label", named(input.getAttribute("aria-label")));
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    }
    for (const said of row.querySelectorAll(".field-problems")) said.remove();
    row.cells[0].firstChild.data = number;
    body.append(row);
    return row;
  }

  let begun = ""; // what stood in the field when it was entered

  const full = () => rows().length >= most;

  // Cells of a spreadsheet come as lines of tabs; a cell with a line break or tab stands in quotation marks.
  function cellsOf(text) {
    const lines = [[]];
    let cell = "", quoted = false;
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let at = 0; at < source.length; at += 1) {
      const sign = source[at];
      if (quoted) {
        if (sign !== "\"") cell += sign;
        else if (source[at + 1] === "\"") { cell += sign; at += 1; }
        else quoted = false;
      } else if (sign === "\"" && cell === "") quoted = true;
      else if (sign === "\t") { lines.at(-1).push(cell); cell = ""; }
      else if (sign === "\n") { lines.at(-1).push(cell); cell = ""; lines.push([]); }
      else cell += sign;
    }
    lines.at(-1).push(cell);
    return lines;
  }

  const isOfTable = (clipboard, text) => cellsOf(text).some((line) => line.length > 1) || /<tr[\s>]/i.test(clipboard?.getData("text/html") ?? "");

  function paste(input, text) {
    const cells = cellsOf(text);
    if (cells.length === 1 && cells[0].length === 1) return false;
    const start = placeOf(input);
    let filled = 0, left = false;
    cells.forEach((line, down) => {
      let row = rows()[start.line + down];
      if (!row) {
        if (full()) { left = true; return; }
        row = addLine();
      }
      line.forEach((value, across) => {
        const target = fields(row)[start.column + across];
        if (!target) return;
        target.value = value.replace(/\s*\n\s*/g, " ").trim();
        filled += 1;
      });
    });
    notice.textContent = left ? notice.dataset.toomany : `${notice.dataset.pasted} ${filled} ${notice.dataset.cells}`;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  const atStart = (input) => input.selectionStart === 0 && (input.selectionEnd === 0 || input.selectionEnd === input.value.length);
  const atEnd = (input) => input.selectionEnd === input.value.length && (input.selectionStart === input.selectionEnd || input.selectionStart === 0);

  function press(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type === "hidden" || event.isComposing || event.ctrlKey || event.metaKey) return;
    const { line, column } = placeOf(input);
    // with Alt the arrows open the list of proposals; while something is typed they choose from it
    if (event.altKey || (input.list && event.key.startsWith("Arrow") && input.value !== begun)) return;
    let done = false;
    if (event.key === "Enter") {
      if (!event.shiftKey && line === rows().length - 1 && !full()) addLine();
      goTo(line + (event.shiftKey ? -1 : 1), column);
      done = true; // never sends the form by accident
    } else if (event.key === "ArrowDown") done = goTo(line + 1, column);
    else if (event.key === "ArrowUp") done = goTo(line - 1, column);
    else if (event.key === "ArrowLeft" && atStart(input)) done = goTo(line, column - 1);
    else if (event.key === "ArrowRight" && atEnd(input)) done = goTo(line, column + 1);
    if (done) event.preventDefault();
  }

  if (table) {
    table.addEventListener("keydown", press);
    table.addEventListener("focusin", (event) => { begun = event.target.value ?? ""; });
    table.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const { target } = event;
      // several lines are an ordinary text for a field that takes them, unless they come from a table
      const takes = target instanceof HTMLInputElement || (target instanceof HTMLTextAreaElement && isOfTable(event.clipboardData, text));
      if (takes && paste(target, text)) event.preventDefault();
    });
    document.querySelector("[data-grid-add]")?.addEventListener("click", () => {
      for (let count = 0; count < 5 && !full(); count += 1) addLine();
      goTo(rows().length - 5, 0);
    });
  }
}
