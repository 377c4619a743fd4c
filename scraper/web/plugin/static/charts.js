// Replaces the static picture of each chart by one that shows the values under the pointer. Without this script the picture stays.
import { draw } from "./vega_charts.js";

for (const chart of document.querySelectorAll("div.chart")) {
  const spec = chart.querySelector("script.chart-spec");
  if (!spec) continue;
  const place = document.createElement("div");
  place.className = "drawn";
  chart.prepend(place);
  draw(place, JSON.parse(spec.textContent)).then(
    () => chart.classList.add("is-drawn"),
    (error) => {
      place.remove();
      console.error(error);
    },
  );
}
