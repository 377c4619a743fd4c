// A table's column descriptions are long; the rows should come first. Without this script they stay as they are.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("dl.column-descriptions");
  if (!list) return;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Ý nghĩa các cột · What the columns mean";
  list.replaceWith(details);
  details.append(summary, list);
});
