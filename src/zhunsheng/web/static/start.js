"use strict";
// Runs before the page is drawn: that scripts work, and large type where a visitor without an account has chosen it.
{
  const root = document.documentElement;
  root.classList.add("scripted");
  try {
    if ("visitor" in root.dataset && localStorage.getItem("type") === "large") root.dataset.type = "large";
  } catch {
    // storage is switched off: the page is shown in normal type
  }
}
