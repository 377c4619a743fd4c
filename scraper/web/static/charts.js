// Replaces the static picture of each chart by one that shows the values under the pointer. Without this script the picture stays.
import { draw } from "./vega_charts.js";

for (const figure of document.querySelectorAll("figure.chart")) {
  const spec = figure.querySelector("script.chart-spec");
  if (!spec) continue;
  const place = document.createElement("div");
  place.className = "drawn";
  figure.prepend(place);
  draw(place, JSON.parse(spec.textContent)).then(
    () => figure.classList.add("is-drawn"),
    (error) => {
      place.remove();
      console.error(error);
    },
  );
}
