// Draws one map on a canvas: lanes, what moves on them, sites, queues.

const FONT = "ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const THEMES = {
  light: {
    panel: "#fbfcfe", grid: "#eaf0f6", ink: "#1b2733", soft: "#566779", line: "#c9d5e0", halo: "#fbfcfe",
    kinds: { supplier: "#0072B2", factory: "#009E73", warehouse: "#E69F00", retailer: "#CC79A7" },
    lanes: ["#9fb8cc", "#56B4E9", "#E69F00", "#D55E00"], a: "#D55E00", b: "#0072B2", owed: "#D55E00", truck: "#1b2733",
  },
  dark: {
    panel: "#10171f", grid: "#1a2530", ink: "#eef3f8", soft: "#a9bac9", line: "#3b4b5a", halo: "#10171f",
    kinds: { supplier: "#56B4E9", factory: "#2CCB9B", warehouse: "#F2B632", retailer: "#E7A3C8" },
    lanes: ["#90a7b9", "#6CC0EE", "#F2B632", "#FF8A4A"], a: "#FF9A5C", b: "#6CC0EE", owed: "#FF8A4A", truck: "#eef3f8",
  },
};
const DASHES = [[], [], [9, 4], [4, 4]];

// Places nodes in pixels and bends the edges between them; `mode` is "layers" or "map".
function placed(view, mode, width, height, aspect) {
  const phone = width < 480;
  const top = mode === "layers" ? 40 : 26;
  const [left, right, bottom] = [phone ? 34 : 62, phone ? 34 : 50, 30];
  const room = { w: width - left - right, h: height - top - bottom };
  let box = { x: 0, y: top, w: width, h: room.h };
  if (mode === "map") {
    const w = min(room.w, room.h * aspect * 1.35);
    box = { x: left + (room.w - w) / 2, y: top, w, h: min(room.h, (w / aspect) * 1.35) };
    box.y = top + (room.h - box.h) / 2;
  }
  const crowd = max(...view.columns.map((column) => column.count), 1);
  const most = min(phone ? 11 : 20, room.w / view.columns.length / 5);
  const size = mode === "map" ? (phone ? 7.5 : 10) : max(5, min(most, room.h / crowd / 3.3));
  view.nodes.forEach((node) => {
    const [u, v] = (mode === "map" && node.map) || node.layers;
    const grown = node.single ? 1 : 1.25;
    Object.assign(node, { x: box.x + u * box.w, y: box.y + v * box.h, r: size * grown });
  });
  view.edges.forEach((edge) => { edge.path = curve(edge.from, edge.to, mode); });
  labelled(view, mode, width, height, phone);
}

const STEPS = 28;

// A curve as points at equal parameters: [x0, y0, x1, y1, ...].
function curve(from, to, mode) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const bend = mode === "map" ? 0.12 : 0;
  const pull = mode === "map" ? 0.33 : 0.5;
  const one = [from.x + dx * pull - dy * bend, from.y + (mode === "map" ? dy * pull : 0) + dx * bend];
  const two = [to.x - dx * pull - dy * bend, to.y - (mode === "map" ? dy * pull : 0) + dx * bend];
  const points = new Float32Array(2 * (STEPS + 1));
  for (let k = 0; k <= STEPS; k++) {
    const s = k / STEPS;
    const [p, q, r, t] = [(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s * s * (1 - s), s ** 3];
    points[2 * k] = p * from.x + q * one[0] + r * two[0] + t * to.x;
    points[2 * k + 1] = p * from.y + q * one[1] + r * two[1] + t * to.y;
  }
  return points;
}

// Finds room for the names: below, above, right or left of the site; a name without room shows on focus only.
function labelled(view, mode, width, height, phone) {
  const taken = view.nodes.map((n) => [n.x - n.r - 1, n.y - n.r - 1, n.x + n.r + 1, n.y + n.r + 1]);
  const clear = (box) => box[0] > 2 && box[2] < width - 2 && box[3] < height - 1
    && taken.every((other) => box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1]);
  const tall = phone ? 10 : 12;
  view.nodes.forEach((node) => {
    const w = node.label.length * (phone ? 5.2 : 6.1);
    const { x, y, r } = node;
    const spots = [
      { at: [x, y + r + tall + 4], align: "center", box: [x - w / 2, y + r + 5, x + w / 2, y + r + tall + 5] },
      { at: [x + r + 9, y + 4], align: "left", box: [x + r + 8, y - tall / 2, x + r + 10 + w, y + tall / 2] },
      { at: [x, y - r - 8], align: "center", box: [x - w / 2, y - r - tall - 6, x + w / 2, y - r - 5] },
      { at: [x - r - 9, y + 4], align: "right", box: [x - r - 10 - w, y - tall / 2, x - r - 8, y + tall / 2] },
    ];
    const order = mode === "layers" && node.echelon === 0 ? [1, 0, 2, 3] : [0, 1, 2, 3];
    const found = order.map((k) => spots[k]).find((spot) => clear(spot.box));
    node.name = found || { ...spots[0], hidden: true };
    if (found) taken.push(found.box);
  });
}

function shape(ctx, kind, x, y, r) {
  ctx.beginPath();
  if (kind === "supplier") {
    [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]].forEach(([u, v]) => ctx.lineTo(x + u * r, y + v * r));
  } else if (kind === "factory") {
    const roof = [[-1, 1], [-1, -1], [-0.55, -1], [-0.5, -0.2], [0.05, -0.75], [0.1, -0.2], [0.65, -0.75], [0.7, -0.2],
      [1, -0.2], [1, 1]];
    roof.forEach(([u, v]) => ctx.lineTo(x + u * r * 1.05, y + v * r));
  } else if (kind === "warehouse") {
    [[-1.1, 1], [-1.1, -0.25], [0, -1.1], [1.1, -0.25], [1.1, 1]].forEach(([u, v]) => ctx.lineTo(x + u * r, y + v * r));
  } else ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.closePath();
}

// The whole map of one world at time x; `look` has theme, focus and mode.
function drawMap(ctx, view, numbers, world, x, look) {
  const theme = THEMES[look.theme];
  backdrop(ctx, view, theme, look);
  const widest = numbers.widest("lanes/in transit", view.edges);
  view.edges.forEach((edge) => {
    ctx.globalAlpha = near(edge, look.focus) ? 1 : 0.13;
    drawLane(ctx, edge, numbers, world, x, theme, widest);
  });
  view.edges.forEach((edge) => {
    ctx.globalAlpha = near(edge, look.focus) ? 1 : 0.13;
    drawGoods(ctx, edge, numbers, world, x, theme, look);
  });
  view.nodes.forEach((node) => {
    ctx.globalAlpha = strength(node, look);
    drawNode(ctx, node, numbers, world, x, theme, look);
  });
  ctx.globalAlpha = 1;
}

const strength = (node, { focus, around }) => (!focus || node === focus || around.has(node) ? 1 : 0.2);
const near = (edge, focus) => !focus || edge.from === focus || edge.to === focus;

function backdrop(ctx, view, theme, look) {
  ctx.fillStyle = theme.panel;
  ctx.fillRect(0, 0, look.width, look.height);
  ctx.strokeStyle = theme.grid;
  ctx.lineWidth = 1;
  if (look.mode === "map") {
    const gap = 44;
    ctx.fillStyle = theme.grid;
    for (let x = gap / 2; x < look.width; x += gap) {
      for (let y = gap / 2; y < look.height; y += gap) ctx.fillRect(x, y, 2, 2);
    }
    return;
  }
  ctx.font = `600 10px ${FONT}`;
  ctx.textAlign = "center";
  const wide = look.width / view.columns.length;
  view.columns.forEach(({ name }, number) => {
    const middle = look.width - (number + 0.5) * wide;
    if (number) {
      ctx.beginPath();
      ctx.moveTo(round(middle + wide / 2) + 0.5, 10);
      ctx.lineTo(round(middle + wide / 2) + 0.5, look.height - 10);
      ctx.stroke();
    }
    ctx.fillStyle = theme.soft;
    ctx.fillText(name.toUpperCase(), middle, 19, wide - 8);
  });
}

function tracePath(ctx, path) {
  ctx.beginPath();
  ctx.moveTo(path[0], path[1]);
  for (let k = 2; k < path.length; k += 2) ctx.lineTo(path[k], path[k + 1]);
}

function drawLane(ctx, edge, numbers, world, x, theme, widest) {
  const volume = at(numbers.sum(world, "lanes/in transit", edge.lanes), x);
  const level = pressure(numbers, world, edge, x);
  tracePath(ctx, edge.path);
  ctx.strokeStyle = theme.lanes[level];
  ctx.lineWidth = 1 + 4.5 * Math.sqrt(max(volume, 0) / widest);
  ctx.setLineDash(DASHES[level]);
  ctx.stroke();
  ctx.setLineDash([]);
}

// Everything that departed and has not arrived: trucks as bars along the way, other goods as dots.
function drawGoods(ctx, edge, numbers, world, x, theme, look) {
  const time = max(edge.time, 0.8);
  const trucks = numbers.sum(world, "lanes/departed", edge.lanes);
  const shipped = numbers.sum(world, "lanes/shipped", edge.lanes);
  const { most } = numbers.scale("lanes/shipped", edge.lanes);
  const driven = numbers.has("lanes/departed") && numbers.scale("lanes/departed", edge.lanes).most > 0;
  const first = max(0, ceil(x - time));
  ctx.fillStyle = theme.truck;
  for (let t = first; t <= x && t < shipped.length; t++) {
    if (shipped[t] <= 0) continue;
    const count = driven ? min(round(trucks[t]), 5) : 1;
    for (let k = 0; k < count; k++) {
      const gone = (x - t + (look.still ? 0.35 : 0) + (k * 0.7) / max(count, 1)) / time;
      if (gone < 0.04 || gone > 0.97) continue;
      drawOne(ctx, edge, gone, driven, Math.sqrt(shipped[t] / most), theme);
    }
  }
}

function drawOne(ctx, edge, gone, driven, size, theme) {
  const { path } = edge;
  const scale = max(0.65, min(edge.from.r / 10, 1.25));
  const place = gone * STEPS;
  const k = min(floor(place), STEPS - 1);
  const [x0, y0, x1, y1] = path.subarray(2 * k, 2 * k + 4);
  const [x, y] = [x0 + (x1 - x0) * (place - k), y0 + (y1 - y0) * (place - k)];
  if (!driven) {
    ctx.beginPath();
    ctx.arc(x, y, (1.6 + 2.4 * size) * scale, 0, 2 * Math.PI);
    ctx.fill();
    ctx.strokeStyle = theme.halo;
    ctx.lineWidth = 1;
    ctx.stroke();
    return;
  }
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  ctx.save();
  ctx.transform(cos, sin, -sin, cos, x, y);
  ctx.fillStyle = theme.halo;
  ctx.fillRect(-5.2, -3.4, 10.4, 6.8);
  ctx.fillStyle = theme.truck;
  ctx.fillRect(-4.4, -2.6, 5.8, 5.2);
  ctx.fillRect(2, -2, 2.4, 4);
  ctx.restore();
}

function drawNode(ctx, node, numbers, world, x, theme, look) {
  const { x: cx, y: cy, r } = node;
  const full = max(0, min(fullness(numbers, world, node, x), 1));
  const colour = theme.kinds[node.kind];
  shape(ctx, node.kind, cx, cy, r);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  ctx.save();
  ctx.clip();
  ctx.globalAlpha *= 0.16;
  ctx.fillStyle = colour;
  ctx.fillRect(cx - 2 * r, cy - 2 * r, 4 * r, 4 * r);
  ctx.globalAlpha /= 0.16;
  ctx.fillRect(cx - 2 * r, cy + 1.15 * r - full * 2.3 * r, 4 * r, 4 * r);
  ctx.restore();
  shape(ctx, node.kind, cx, cy, r);
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = node.single ? 1.4 : 2.4;
  ctx.stroke();
  const owed = owing(numbers, world, node, x);
  if (owed > 0.01) ring(ctx, cx, cy, r + 5, owed, theme.owed, 3);
  if (node === look.focus) ring(ctx, cx, cy, r + 9, 1, theme.b, 2);
  queueMarks(ctx, node, at(numbers.sum(world, "sites/queue", node.members), x), theme);
  nameOf(ctx, node, theme, look);
}

function ring(ctx, x, y, r, share, colour, width) {
  ctx.beginPath();
  ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + share * 2 * Math.PI);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineCap = "round";
  ctx.stroke();
  ctx.lineCap = "butt";
}

function queueMarks(ctx, node, waiting, theme) {
  const count = round(waiting);
  if (count < 1) return;
  const shown = min(count, 5);
  const [x, y] = [node.x - node.r - 9, node.y];
  ctx.fillStyle = theme.truck;
  for (let k = 0; k < shown; k++) ctx.fillRect(x - 4 - k * 5, y - 3, 3.5, 6);
  if (count <= shown) return;
  ctx.font = `600 10px ${FONT}`;
  ctx.textAlign = "right";
  halo(ctx, `+${count - shown}`, x - 2 - shown * 5, y + 3.5, theme, theme.ink);
}

function nameOf(ctx, node, theme, look, extra = "") {
  if (node.name.hidden && node !== look.focus && node !== look.hover) return;
  ctx.font = `${node === look.focus ? 700 : 500} ${look.width < 480 ? 10 : 11}px ${FONT}`;
  ctx.textAlign = node.name.align;
  halo(ctx, extra ? `${node.label} ${extra}` : node.label, ...node.name.at, theme, node === look.focus ? theme.ink : theme.soft);
}

function halo(ctx, text, x, y, theme, colour) {
  ctx.strokeStyle = theme.halo;
  ctx.lineWidth = 3;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}
