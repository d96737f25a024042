// Four linked charts, each with a table twin: A dashed, B solid, the future faint.

const CHARTS = [
  [
    { name: "Cost, cumulated", field: "network/cost", total: true },
    { name: "Cost a period", field: "network/cost" },
  ],
  [{ name: "Orders by echelon", rows: true }],
  [
    { name: "Fill rate, 7 periods", field: "network/fill" },
    { name: "Customers waiting", field: "network/waiting" },
    { name: "Outside demand", field: "network/demand" },
  ],
  [
    { name: "Trucks at docks", field: "network/queue" },
    { name: "Stock", field: "network/stock" },
    { name: "On the way", field: "network/transit" },
  ],
];
const TABLE_ROWS = 400;

// The lines of a chart: one list of values for each world and row.
function linesOf(numbers, choice, difference) {
  const { recording } = numbers;
  const rows = choice.rows ? echelonRows(recording) : [{ name: "", of: (world) => numbers.sum(world, choice.field, [0]) }];
  return rows.map((row) => {
    const values = recording.worlds.map((_, world) => (choice.total ? summed(row.of(world)) : row.of(world)));
    return { name: row.name, values: difference ? [values[1].map((v, t) => v - values[0][t])] : values };
  });
}

function summed(values) {
  let total = 0;
  return Float64Array.from(values, (value) => (total += value));
}

// Outside demand first, then the echelons against the stream: the bullwhip grows downwards.
function echelonRows(recording) {
  const fields = (world) => recording.worlds[world].fields;
  const demand = { name: "Demand", of: (world) => fields(world)["network/demand"].row(0) };
  return [demand, ...recording.network.echelons.map((name, row) => (
    { name, of: (world) => fields(world)["echelons/orders"].row(row) }))];
}

class Chart {
  constructor(parent, choices, player) {
    this.player = player;
    this.choices = choices.filter((c) => !c.field || player.numbers.has(c.field));
    this.choice = this.choices[0];
    this.box = element("figure", "rp-chart", parent);
    if (!this.choice) return this.box.remove();
    const head = element("figcaption", "", this.box);
    this.title(head);
    this.twin = element("button", "rp-small", head, "Table");
    this.twin.setAttribute("aria-pressed", "false");
    clicked(this.twin, () => this.turn());
    this.now = element("span", "rp-now", head);
    this.canvas = element("canvas", "", this.box);
    this.canvas.setAttribute("role", "img");
    this.scroller = element("div", "rp-table", this.box);
    this.scroller.hidden = true;
    this.scroller.tabIndex = 0;
    dragging(this.canvas, (x) => player.seek(1 + round(this.when(x)), true));
  }

  title(head) {
    if (this.choices.length < 2) {
      element("strong", "", head, this.choice.name);
      return;
    }
    const select = element("select", "", head);
    says(select, "What this chart shows");
    this.choices.forEach((c, k) => { element("option", "", select, c.name).value = k; });
    select.addEventListener("change", () => {
      this.choice = this.choices[select.value];
      this.layout();
      this.draw(this.player.x);
    });
  }

  get unit() {
    return this.choice.rows ? "units" : this.player.recording.units[this.choice.field].unit;
  }

  when(px) {
    const { left, wide } = this.frame;
    return max(0, min(((px - left) / wide) * this.player.last, 1e9));
  }

  turn() {
    const open = this.scroller.hidden;
    this.scroller.hidden = !open;
    this.canvas.style.visibility = open ? "hidden" : "";
    this.twin.setAttribute("aria-pressed", String(open));
    if (open) this.fill();
  }

  fill() {
    const { recording, difference } = this.player;
    const every = ceil(recording.periods / TABLE_ROWS);
    const worlds = difference ? ["B − A"] : recording.worlds.map((world, k) => "AB"[k]);
    const names = this.lines.flatMap((line) => worlds.map((w) => [line.name, w].filter(Boolean).join(" ")));
    const cells = (tag, values) => values.map((v) => `<${tag}>${safe(v)}</${tag}>`).join("");
    const body = [];
    for (let t = 0; t < recording.periods; t += every) {
      const values = this.lines.flatMap((line) => line.values.map((v) => this.shown(v[t])));
      body.push(`<tr><th scope="row">${t + 1}</th>${cells("td", values)}</tr>`);
    }
    const caption = `${this.choice.name}, in ${this.unit === "share" ? "%" : this.unit}`;
    this.scroller.innerHTML = `<table><caption>${safe(caption)}</caption><thead><tr>${
      cells("th", [capital(recording.period), ...names])}</tr></thead><tbody>${body.join("")}</tbody></table>`;
  }

  shown(value) {
    return this.unit === "share" ? percent(value) : plain(value);
  }

  // Works out the lines and paints them twice, strong for the past and faint for what is to come.
  layout() {
    if (!this.choice) return;
    const { numbers, difference, theme } = this.player;
    this.lines = linesOf(numbers, this.choice, difference);
    this.size = fitted(this.canvas);
    const { width, height } = this.size;
    const rows = this.choice.rows;
    const left = rows ? 76 : 46;
    this.frame = { left, top: 8, wide: width - left - 10, high: height - 28 };
    this.picture = [1, 0.3].map((alpha) => this.painted(THEMES[theme], alpha));
    if (!this.scroller.hidden) this.fill();
  }

  painted(theme, alpha) {
    const picture = element("canvas");
    picture.width = this.canvas.width;
    picture.height = this.canvas.height;
    const ctx = picture.getContext("2d");
    ctx.setTransform(this.size.ratio, 0, 0, this.size.ratio, 0, 0);
    if (this.choice.rows) this.bands(ctx, theme, alpha);
    else this.plot(ctx, theme, alpha, this.lines[0].values, { ...this.frame, ...this.range(this.lines[0].values) }, true);
    ctx.fillStyle = theme.soft;
    ctx.font = `10px ${FONT}`;
    const { left, wide, high, top } = this.frame;
    const { recording, horizon, last } = this.player;
    ctx.textAlign = "left";
    ctx.fillText(`${recording.period} 1`, left, top + high + 15);
    ctx.textAlign = "right";
    ctx.fillText(String(horizon), left + wide, top + high + 15);
    if (recording.horizon) {
      const edge = (wide * (recording.periods - 1)) / last;
      ctx.fillStyle = theme.grid; // nothing is recorded there yet
      ctx.fillRect(left + edge, top, wide - edge, high);
    }
    return picture;
  }

  range(lines) {
    let [low, high] = [Infinity, -Infinity];
    lines.forEach((line) => line.forEach((v) => {
      if (v < low) low = v;
      if (v > high) high = v;
    }));
    if (!Number.isFinite(low)) return { low: 0, top2: 1 };
    if (this.unit !== "share" || this.player.difference) low = min(low, 0);
    if (this.player.difference) high = max(high, 0);
    const pad = (high - low || 1) * 0.05;
    return { low: low < 0 || this.unit === "share" ? low - pad : low, top2: high + pad };
  }

  plot(ctx, theme, alpha, lines, frame, axis) {
    const { left, top, wide, high, low, top2 } = frame;
    const y = (v) => top + high - ((v - low) / (top2 - low)) * high;
    const { last } = this.player;
    if (axis) this.axis(ctx, theme, frame, y);
    ctx.globalAlpha = alpha;
    ctx.lineJoin = "round";
    lines.forEach((line, world) => {
      const b = lines.length === 1 || world === 1;
      ctx.strokeStyle = b ? theme.b : theme.a;
      ctx.setLineDash(b ? [] : [5, 3]);
      ctx.lineWidth = last > 200 ? 1.3 : 1.7;
      ctx.beginPath();
      let pen = false;
      line.forEach((v, t) => {
        if (Number.isFinite(v)) ctx[pen ? "lineTo" : "moveTo"](left + (t / last) * wide, y(v));
        pen = Number.isFinite(v);
      });
      ctx.stroke();
    });
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  axis(ctx, theme, frame, y) {
    ctx.font = `10px ${FONT}`;
    ctx.textAlign = "right";
    ctx.lineWidth = 1;
    const most = this.unit === "share" && !this.player.difference ? 1 : Infinity;
    ticks(frame.low, frame.top2, 4).filter((v) => v <= most).forEach((v) => {
      ctx.strokeStyle = v === 0 ? theme.line : theme.grid;
      ctx.beginPath();
      ctx.moveTo(frame.left, round(y(v)) + 0.5);
      ctx.lineTo(frame.left + frame.wide, round(y(v)) + 0.5);
      ctx.stroke();
      ctx.fillStyle = theme.soft;
      ctx.fillText(this.unit === "share" ? `${plain(Number((100 * v).toFixed(1)))} %` : plain(v), frame.left - 6, y(v) + 3.5);
    });
  }

  // One band for each echelon around its mean; all reach equally far from it, so that amplitudes can be compared.
  bands(ctx, theme, alpha) {
    const { left, top, wide, high } = this.frame;
    const { difference } = this.player;
    const reach = this.lines.map(({ values }) => spread(values));
    const most = max(...reach.map(({ mean, far }) => far / (difference ? 1 : mean)), 1e-9);
    const each = high / this.lines.length;
    this.lines.forEach(({ name, values }, k) => {
      const { mean } = reach[k];
      const [middle, half] = difference ? [0, most] : [mean, most * mean];
      const frame = { left, wide, top: top + k * each + 2, high: each - 4, low: middle - half, top2: middle + half };
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top + k * each, wide, each);
      ctx.clip();
      this.plot(ctx, theme, alpha, values, frame, false);
      ctx.restore();
      ctx.font = `11px ${FONT}`;
      ctx.textAlign = "right";
      ctx.fillStyle = theme.soft;
      ctx.fillText(name, left - 8, top + (k + 0.5) * each + 4, left - 10);
      if (!k) return;
      ctx.fillStyle = theme.grid;
      ctx.fillRect(0, round(top + k * each), left + wide, 1);
    });
  }

  draw(x) {
    if (!this.choice) return;
    const { width, height, ratio, ctx } = this.size;
    const { left, wide, top, high } = this.frame;
    const theme = THEMES[this.player.theme];
    const px = left + (x / this.player.last) * wide;
    ctx.clearRect(0, 0, width, height);
    ctx.drawImage(this.picture[1], 0, 0, width, height);
    const cut = max(1, round((px + 0.8) * ratio));
    ctx.clearRect(0, 0, cut / ratio, height);
    ctx.drawImage(this.picture[0], 0, 0, cut, height * ratio, 0, 0, cut / ratio, height);
    ctx.strokeStyle = theme.ink;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(round(px) + 0.5, top - 4);
    ctx.lineTo(round(px) + 0.5, top + high + 4);
    ctx.stroke();
    this.caption(floor(x));
  }

  caption(t) {
    if (t === this.told && this.lines === this.toldOf) return;
    [this.told, this.toldOf] = [t, this.lines];
    const { difference, recording } = this.player;
    if (this.choice.rows) {
      this.now.textContent = difference ? "B − A, one scale" : "around their mean, one scale";
      says(this.canvas, `${this.choice.name}; the table has the numbers`);
      return;
    }
    const values = this.lines[0].values.map((v) => (difference ? gapWithUnit : withUnit)(v[t], this.unit));
    const names = difference ? ["B − A"] : recording.worlds.length === 2 ? ["A", "B"] : [""];
    this.now.innerHTML = values.map((value, k) => (
      `<span class="rp-${names[k] === "A" ? "a" : "b"}">${safe([names[k], value].join(" "))}</span>`)).join("");
    says(this.canvas, `${this.choice.name}: ${this.now.textContent}`);
  }
}

// The mean of some lines, and how far they go from it; the hundredth that goes farthest is cut off.
function spread(lines) {
  const all = lines.flatMap((line) => [...line]).filter(Number.isFinite);
  const mean = all.reduce((sum, v) => sum + v, 0) / max(all.length, 1) || 1e-9;
  const far = all.map((v) => abs(v - mean)).sort((a, b) => a - b);
  return { mean, far: far[floor(0.99 * (far.length - 1))] || 0 };
}

function ticks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough);
  const found = [];
  for (let k = ceil(low / step); k * step <= high; k++) found.push(k * step);
  return found;
}
