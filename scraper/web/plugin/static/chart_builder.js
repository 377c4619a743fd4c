// A chart of the rows of any table or query: the visitor chooses the mark and the columns. The choice is kept in the URL, after #.
import { draw, language } from "./vega_charts.js";

const TEXTS = {
  en: {
    open: "Draw a chart",
    mark: "Mark",
    marks: { bar: "bars", line: "line", area: "area", point: "points", tick: "ticks", rect: "heat map" },
    x: "X axis",
    y: "Y axis",
    colour: "Colour",
    size: "Size",
    together: "Values of Y",
    togethers: { "": "each row", sum: "sum", mean: "mean", median: "median", min: "least", max: "most", count: "number of rows" },
    kind: "as",
    kinds: { "": "automatic", quantitative: "number", temporal: "date", ordinal: "ordered", nominal: "name" },
    none: "–",
    rows: (shown, all) => `Drawn from ${shown} rows.` + (all === null ? "" : all > shown ? ` There are ${all}: the others are not in the chart.` : ""),
    cut: (shown) => `Drawn from the first ${shown} rows. There are more: they are not in the chart.`,
    failed: "The rows could not be read:",
    table: "The table below has the same rows.",
    of: (mark, y, x) => `Chart: ${mark}, ${y} by ${x}`,
  },
  vi: {
    open: "Vẽ biểu đồ",
    mark: "Dạng",
    marks: { bar: "cột", line: "đường", area: "miền", point: "điểm", tick: "vạch", rect: "bản đồ nhiệt" },
    x: "Trục ngang",
    y: "Trục đứng",
    colour: "Màu",
    size: "Cỡ",
    together: "Giá trị trục đứng",
    togethers: { "": "từng dòng", sum: "tổng", mean: "trung bình", median: "trung vị", min: "nhỏ nhất", max: "lớn nhất", count: "số dòng" },
    kind: "kiểu",
    kinds: { "": "tự động", quantitative: "số", temporal: "ngày", ordinal: "thứ tự", nominal: "tên" },
    none: "–",
    rows: (shown, all) => `Vẽ từ ${shown} dòng.` + (all === null ? "" : all > shown ? ` Có ${all} dòng: các dòng khác không có trong biểu đồ.` : ""),
    cut: (shown) => `Vẽ từ ${shown} dòng đầu. Còn những dòng khác không có trong biểu đồ.`,
    failed: "Không đọc được các dòng:",
    table: "Bảng bên dưới có các dòng này.",
    of: (mark, y, x) => `Biểu đồ: ${mark}, ${y} theo ${x}`,
  },
}[language];
const CHOICES = ["mark", "x", "xkind", "y", "ykind", "together", "colour", "size"];
const PREFIX = "#chart?";

const table = document.querySelector("table.rows-and-columns");
const link = document.querySelector('link[rel="alternate"][type="application/json+datasette"]');
if (table && link) build();

function build() {
  const builder = element("details", { className: "chart-builder" });
  const fields = element("div", { className: "choices" });
  const note = element("p", { className: "quiet" });
  note.setAttribute("role", "status");
  const place = element("div", { className: "drawn" });
  builder.append(element("summary", { textContent: TEXTS.open }), fields, place, note);
  (table.closest(".table-wrapper") ?? table).before(builder);
  const state = { rows: null, selects: {}, fields, note, place };
  builder.addEventListener("toggle", () => builder.open && open(state));
  if (location.hash.startsWith(PREFIX)) builder.open = true;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

// Reads the rows when the builder is opened, and draws the chart that the URL names.
async function open(state) {
  if (state.rows) return;
  try {
    Object.assign(state, await read());
  } catch (error) {
    state.note.textContent = `${TEXTS.failed} ${error.message}`;
    return;
  }
  const chosen = new URLSearchParams(location.hash.startsWith(PREFIX) ? location.hash.slice(PREFIX.length) : "");
  state.names = namesOf(state.columns);
  const columns = state.names;
  const some = { "": TEXTS.none, ...columns };
  const [x, y] = firstColumns(state);
  const lists = {
    mark: [TEXTS.mark, TEXTS.marks, "bar"],
    x: [TEXTS.x, columns, x],
    xkind: [`${TEXTS.x}: ${TEXTS.kind}`, TEXTS.kinds, ""],
    y: [TEXTS.y, columns, y],
    ykind: [`${TEXTS.y}: ${TEXTS.kind}`, TEXTS.kinds, ""],
    together: [TEXTS.together, TEXTS.togethers, ""],
    colour: [TEXTS.colour, some, ""],
    size: [TEXTS.size, some, ""],
  };
  for (const name of CHOICES) {
    const [label, options, otherwise] = lists[name];
    const select = element("select", { name });
    for (const [value, text] of Object.entries(options)) select.append(new Option(text, value));
    select.value = chosen.has(name) && chosen.get(name) in options ? chosen.get(name) : otherwise;
    select.addEventListener("change", () => show(state, true));
    state.selects[name] = select;
    const wrapper = element("label", { textContent: label });
    wrapper.append(select);
    state.fields.append(wrapper);
  }
  await show(state, location.hash.startsWith(PREFIX));
}

// Reads the rows that the page shows, and as many more as one request may have. Keys come with the names of their rows.
async function read() {
  const url = new URL(link.href, location.href);
  for (const [name, value] of [["_shape", "objects"], ["_size", "max"], ["_labels", "on"], ["_nofacet", "1"]]) url.searchParams.set(name, value);
  const response = await fetch(url);
  const found = await response.json();
  if (!response.ok || found.ok === false) throw new Error(found.error ?? response.status);
  const flat = (value) => (value !== null && typeof value === "object" ? (value.label ?? value.value) : value);
  const rows = found.rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, flat(value)])));
  return { rows, columns: found.columns ?? Object.keys(rows[0] ?? {}), all: found.filtered_table_rows_count ?? null, cut: Boolean(found.truncated || found.next) };
}

// What the columns are called in the table: by column on the page of a table, by place on that of a query.
function namesOf(columns) {
  const heads = [...table.querySelectorAll("thead th")];
  const name = (head) => head?.textContent.replace(/[▼▲⋯]/g, "").trim();
  const found = (column, at) => heads.find((head) => head.dataset.column === column) ?? (heads.length === columns.length ? heads[at] : null);
  return Object.fromEntries(columns.map((column, at) => [column, name(found(column, at)) || column]));
}

// The first chart: the first column with names or dates, and the first one with numbers that is not a key.
function firstColumns({ rows, columns }) {
  const numbers = columns.filter((name) => kindOf(rows, name) === "quantitative" && !/(^|_)id$/.test(name));
  const others = columns.filter((name) => kindOf(rows, name) !== "quantitative");
  const y = numbers.find((name) => name !== "year") ?? columns[0];
  return [columns.includes("year") && y !== "year" ? "year" : (others[0] ?? columns[0]), y];
}

function kindOf(rows, name) {
  const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== "");
  if (values.length && values.every((value) => typeof value === "number")) return name === "year" ? "ordinal" : "quantitative";
  if (values.length && values.every((value) => /^\d{4}-\d\d(-\d\d)?/.test(value))) return "temporal";
  return "nominal";
}

const MONTH = /^\d{4}-\d\d$/;
const MOST_TICKS = 12;

// An axis of days or months. A time is shown as it is written, in whatever zone the reader is: that of Viet Nam counts as UTC.
function timed({ rows }, name) {
  const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== "");
  if (!values.length || !values.every((value) => typeof value === "string")) return {};
  if (!values.every((value) => MONTH.test(value))) return { scale: { type: "utc" }, axis: { format: language === "vi" ? "%d/%m/%Y" : "%Y-%m-%d" } };
  const [first, last] = [values, values].map((all, at) => all.reduce((one, other) => ((at ? one < other : one > other) ? other : one)));
  const months = (last.slice(0, 4) - first.slice(0, 4)) * 12 + (last.slice(5) - first.slice(5)) + 1;
  const step = [1, 2, 3, 6].find((one) => months / one <= MOST_TICKS);
  const tickCount = step ? { interval: "month", step } : { interval: "year", step: Math.ceil(months / 12 / MOST_TICKS) };
  return { scale: { type: "utc" }, axis: { format: language === "vi" ? "%m/%Y" : "%Y-%m", tickCount } };
}

const asWritten = (row) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === "string" ? value.replace(/^(\d{4}-\d\d-\d\dT[\d:.]+)\+07:00$/, "$1Z") : value]));

// In Vega-Lite, a dot or a bracket in the name of a column would lead to a part of a value.
const asField = (name) => name.replace(/[.[\]\\'"]/g, "\\$&");

function specOf(state, chosen) {
  const channel = (name, kind) => ({ field: asField(name), type: kind || kindOf(state.rows, name), title: state.names[name] });
  const dated = (one, name) => Object.assign(one, one.type === "temporal" ? timed(state, name) : {});
  const y = chosen.together === "count" ? { aggregate: "count", title: TEXTS.togethers.count } : channel(chosen.y, chosen.ykind);
  if (chosen.together && chosen.together !== "count") Object.assign(y, { aggregate: chosen.together, type: "quantitative" });
  else if (chosen.together !== "count") dated(y, chosen.y);
  const encoding = { x: dated(channel(chosen.x, chosen.xkind), chosen.x), y };
  if (encoding.x.type !== "quantitative") encoding.x.axis = { ...encoding.x.axis, labelAngle: innerWidth < 600 ? -90 : -40 }; // a long slanted label would leave a narrow page
  if (encoding.x.type === "nominal") encoding.x.sort = null; // the order of the rows
  if (chosen.colour) encoding.color = channel(chosen.colour, "");
  if (chosen.size) encoding.size = channel(chosen.size, "");
  return {
    description: TEXTS.of(TEXTS.marks[chosen.mark], state.names[chosen.y], state.names[chosen.x]),
    data: { values: state.rows.map(asWritten) },
    mark: { type: chosen.mark, tooltip: true, ...(chosen.mark === "line" ? { point: true } : {}) },
    encoding,
    width: "container",
    height: 320,
  };
}

async function show(state, keep) {
  const chosen = Object.fromEntries(CHOICES.map((name) => [name, state.selects[name].value]));
  if (keep) {
    const named = CHOICES.filter((name) => chosen[name]).map((name) => [name, chosen[name]]);
    history.replaceState(null, "", PREFIX + new URLSearchParams(named));
  }
  state.note.textContent = (state.cut && state.all === null ? TEXTS.cut(state.rows.length) : TEXTS.rows(state.rows.length, state.all)) + ` ${TEXTS.table}`;
  try {
    await draw(state.place, specOf(state, chosen));
  } catch (error) {
    state.note.textContent = String(error.message);
  }
}
