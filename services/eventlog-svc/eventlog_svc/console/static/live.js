// The live tail: one line per event as it arrives. The browser reconnects by itself and resumes where it was.
"use strict";
const list = document.getElementById("live");
if (list) {
  const source = new EventSource(list.dataset.from);
  source.addEventListener("told", (message) => {
    const event = JSON.parse(message.data);
    const line = document.createElement("li");
    const at = document.createElement("time");
    at.textContent = event.at_local;
    const tag = document.createElement("span");
    tag.className = "tag";
    tag.style.setProperty("--c", `var(--${event.source})`);
    tag.textContent = event.source_zh;
    const link = document.createElement("a");
    link.href = `/console/matters/${event.matter}`;
    link.textContent = `${event.title_zh} ${event.line_zh}`;
    line.append(at, tag, link);
    list.prepend(line);
    while (list.children.length > 200) list.lastElementChild.remove();
    const empty = document.getElementById("live-empty");
    if (empty) empty.remove();
  });
}
