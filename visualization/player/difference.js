// The map of B minus A: more in B goes up and is orange, less goes down and is blue; signs are written out.

function drawDifference(ctx, view, numbers, x, look) {
  const theme = THEMES[look.theme];
  backdrop(ctx, view, theme, look);
  const widest = numbers.widest("lanes/in transit", view.edges);
  view.edges.forEach((edge) => {
    ctx.globalAlpha = near(edge, look.focus) ? 1 : 0.13;
    const change = gap(numbers, "lanes/in transit", edge.lanes, x);
    tracePath(ctx, edge.path);
    ctx.strokeStyle = abs(change) < widest * 0.004 ? theme.line : change > 0 ? theme.a : theme.b;
    ctx.lineWidth = 1 + 7 * Math.sqrt(abs(change) / widest);
    ctx.setLineDash(change > 0 ? [6, 3] : []);
    ctx.stroke();
    ctx.setLineDash([]);
  });
  view.nodes.forEach((node) => {
    ctx.globalAlpha = strength(node, look);
    drawGap(ctx, node, numbers, x, theme, look);
  });
  ctx.globalAlpha = 1;
}

// B minus A of a field over some rows at time x.
function gap(numbers, name, rows, x) {
  return at(numbers.sum(1, name, rows), x) - at(numbers.sum(0, name, rows), x);
}

function drawGap(ctx, node, numbers, x, theme, look) {
  const { x: cx, y: cy, r } = node;
  const { most } = numbers.scale("sites/stock", node.members);
  const stock = gap(numbers, "sites/stock", node.members, x);
  const share = most > 0 ? max(-1, min(stock / (0.4 * most), 1)) : 0;
  shape(ctx, node.kind, cx, cy, r);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  ctx.save();
  ctx.clip();
  ctx.fillStyle = share > 0 ? theme.a : theme.b;
  ctx.fillRect(cx - 2 * r, share > 0 ? cy - share * 1.15 * r : cy, 4 * r, abs(share) * 1.15 * r);
  ctx.restore();
  shape(ctx, node.kind, cx, cy, r);
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = node.single ? 1.4 : 2.4;
  ctx.stroke();
  const { mean } = numbers.scale("sites/incoming", node.members);
  const owed = gap(numbers, "sites/backlog", node.members, x);
  if (mean > 0 && abs(owed) > 0.03 * mean) {
    ring(ctx, cx, cy, r + 5, min(abs(owed) / (3 * mean), 1), owed > 0 ? theme.a : theme.b, 3);
  }
  if (node === look.focus) ring(ctx, cx, cy, r + 9, 1, theme.ink, 1.5);
  nameOf(ctx, node, theme, look, abs(share) > 0.04 ? signed(stock) : "");
}
