// Draws a Vega-Lite chart. The libraries are loaded with the first chart; expressions are interpreted, so no page needs eval.
const libraries = ["vega.min.js", "vega-lite.min.js", "vega-embed.min.js"];
let loading = null;

async function load() {
  // In order: each of them finds the one before it in the global scope.
  for (const name of libraries) await import(new URL(`vendor/${name}`, import.meta.url));
  return globalThis.vegaEmbed;
}

export const language = document.documentElement.lang === "en" ? "en" : "vi";
const saving = {
  en: { PNG_ACTION: "Save as PNG", SVG_ACTION: "Save as SVG", CLICK_TO_VIEW_ACTIONS: "Save the chart" },
  vi: { PNG_ACTION: "Lưu thành PNG", SVG_ACTION: "Lưu thành SVG", CLICK_TO_VIEW_ACTIONS: "Lưu biểu đồ" },
}[language];

// Vega has the English names of months and days.
const inVietnamese = {
  dateTime: "%H:%M:%S %d/%m/%Y",
  date: "%d/%m/%Y",
  time: "%H:%M:%S",
  periods: ["SA", "CH"],
  days: ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
  shortDays: ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
  months: Array.from({ length: 12 }, (_, at) => `Tháng ${at + 1}`),
  shortMonths: Array.from({ length: 12 }, (_, at) => `Thg ${at + 1}`),
};

// The colours of the page, in light and dark mode.
function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const text = { labelColor: colour("--quiet"), titleColor: colour("--ink") };
  const series = Array.from({ length: 8 }, (_, at) => colour(`--series-${at}`));
  return {
    background: null,
    font: getComputedStyle(document.body).fontFamily,
    axis: { ...text, gridColor: colour("--line"), domainColor: colour("--line"), tickColor: colour("--line"), labelLimit: 160 },
    legend: { ...text, labelLimit: 320 },
    header: text,
    title: { color: colour("--ink") },
    view: { stroke: colour("--line") },
    range: { category: series, status: [series[0], series[1], series[7]] },
    mark: { color: series[0] },
    text: { color: colour("--ink") },
    rule: { color: colour("--quiet") },
  };
}

// Draws a chart into an element, and once more if the page becomes dark or light. One drawing at a time: two at once would both leave
// their links. Of several that wait, only the last one is drawn.
export async function draw(element, spec) {
  element.latest = spec;
  element.drawing = (element.drawing ?? Promise.resolve()).catch(() => {}).then(() => element.latest === spec && drawNow(element, spec));
  return element.drawing;
}

async function drawNow(element, spec) {
  loading ??= load();
  const embed = await loading;
  const options = {
    mode: "vega-lite",
    ast: true,
    renderer: "svg",
    defaultStyle: false,
    i18n: saving,
    actions: { export: true, source: false, compiled: false, editor: false },
    tooltip: { disableDefaultStyle: true },
    formatLocale: { decimal: language === "vi" ? "," : ".", thousands: language === "vi" ? "." : ",", grouping: [3], currency: ["", ""] },
    ...(language === "vi" ? { timeFormatLocale: inVietnamese } : {}),
    downloadFileName: "chart",
  };
  const result = await embed(element, { ...spec, config: theme() }, options);
  if (element.scrollWidth > element.clientWidth) element.tabIndex = 0; // so that keys can scroll it
  element.again?.();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const again = () => draw(element, spec);
  dark.addEventListener("change", again, { once: true });
  element.again = () => dark.removeEventListener("change", again);
  return result;
}
