// Numbers and events in words; every number has its unit.

const { abs, ceil, floor, max, min, round } = Math;

function plain(value) {
  if (!Number.isFinite(value)) return "–";
  const size = abs(value);
  const sign = value < 0 ? "−" : "";
  if (size >= 1e6) return `${sign}${Number((size / 1e6).toFixed(2))} M`;
  if (size >= 1e4) return `${sign}${Number((size / 1e3).toFixed(1))} k`;
  if (size >= 99.5) return sign + round(size).toLocaleString("en");
  const digits = size >= 9.95 || Number.isInteger(size) ? (abs(size - round(size)) < 0.05 ? 0 : 1) : 2;
  const text = size.toFixed(digits);
  return Number(text) === 0 ? "0" : sign + text;
}

const percent = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1).replace("-", "−")} %` : "–");
const signed = (value, show = plain) => (value > 0 ? `+${show(value)}` : show(value));

// A number of a field with its unit: "34 units", "97.6 %", "1,539 €".
function withUnit(value, unit) {
  if (unit === "share") return percent(value);
  const word = abs(value) === 1 && /^(units|trucks)$/.test(unit) ? unit.slice(0, -1) : unit;
  return `${plain(value)} ${word}`;
}

// The difference of two numbers with its unit: "+16 units", "−0.2 points".
function gapWithUnit(value, unit) {
  if (unit !== "share") return signed(value, (v) => withUnit(v, unit));
  return Number.isFinite(value) ? `${signed(Number((100 * value).toFixed(1)))} points` : "–";
}

function many(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// What a site has decided lately, the newest first, up to a period: one sentence each. `made`: in its own production.
function decisions(ordered, position, upto, { period, made }, most = 3) {
  const whole = (value) => (abs(value) >= 100 ? round(value) : value);
  const found = [];
  for (let t = upto; t >= 0 && found.length < most; t--) {
    if (ordered[t] <= 0) continue;
    const [have, more] = [whole(position[t]), whole(ordered[t])];
    found.push(`${capital(period)} ${t + 1}: ordered ${made ? "production of " : ""}${withUnit(more, "units")}; `
      + `position ${plain(have)}, raised to ${plain(have + more)}.`);
  }
  return found;
}

const KEYS = [
  ["Space", "play or pause"],
  ["← →", "one period back or on"],
  ["Shift + ← →", "seven periods"],
  ["Home, End", "first or last period"],
  ["[ ]", "slower, faster"],
  ["Enter", "focus a site"],
  ["Esc", "clear the focus"],
  ["D", "difference B − A"],
  ["M", "map or columns"],
  ["?", "this help"],
];
