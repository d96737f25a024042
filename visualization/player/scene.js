// What is drawn: nodes (sites, or groups of them in a large network) and edges between them, with their numbers.

const GROUP_ABOVE = 60;

// Groups are echelons, or regions within an echelon; those in `open` show their members.
function viewOf(recording, open) {
  const { sites, lanes } = recording.network;
  const grouped = sites.length > GROUP_ABOVE;
  const groupOf = (site) => `${site.echelon}|${site.region}`;
  const sizes = new Map();
  sites.forEach((site) => sizes.set(groupOf(site), (sizes.get(groupOf(site)) || 0) + 1));
  const nodes = new Map();
  const nodeOf = sites.map((site, number) => {
    const group = groupOf(site);
    const key = grouped && sizes.get(group) > 1 && !open.has(group) ? group : `#${number}`;
    if (!nodes.has(key)) nodes.set(key, { key, group, echelon: site.echelon, kind: site.kind, members: [] });
    nodes.get(key).members.push(number);
    return nodes.get(key);
  });
  const list = [...nodes.values()];
  list.forEach((node, index) => Object.assign(node, { index, ...named(recording, node) }));
  const edges = new Map();
  lanes.forEach((lane, number) => {
    const [from, to] = [nodeOf[lane.origin], nodeOf[lane.destination]];
    if (from === to) return;
    const key = `${from.index}>${to.index}`;
    if (!edges.has(key)) edges.set(key, { key, from, to, lanes: [], time: lane.travel_time });
    edges.get(key).lanes.push(number);
  });
  return { nodes: list, edges: [...edges.values()], nodeOf, grouped, columns: columnsOf(recording, list) };
}

function named(recording, node) {
  const { sites, echelons } = recording.network;
  const first = sites[node.members[0]];
  if (node.key.startsWith("#")) return { single: true, label: first.name, site: node.members[0] };
  const where = first.region ? `${echelons[node.echelon]} ${first.region}` : echelons[node.echelon];
  return { single: false, label: `${where} (${node.members.length})`, site: -1 };
}

// Positions in columns from upstream to downstream, in the unit square; long columns stand in two or three ranks.
function columnsOf(recording, nodes) {
  const { sites, echelons } = recording.network;
  const mean = (node, axis) => node.members.reduce((sum, m) => sum + sites[m].layers[axis], 0) / node.members.length;
  const headings = [];
  echelons.forEach((name, echelon) => {
    const column = nodes.filter((node) => node.echelon === echelon).sort((a, b) => mean(a, 1) - mean(b, 1));
    const x = (echelons.length - echelon - 0.5) / echelons.length;
    const ranks = ceil(column.length / 18);
    column.forEach((node, row) => {
      const shift = ranks > 1 ? ((row % ranks) / (ranks - 1) - 0.5) * 0.62 / echelons.length : 0;
      node.layers = [x + shift, (row + 0.5) / column.length];
      const mapped = node.members.map((m) => sites[m].map).filter(Boolean);
      node.map = mapped.length ? [0, 1].map((a) => mapped.reduce((s, p) => s + p[a], 0) / mapped.length) : null;
    });
    headings.push({ x, name, count: column.length / ranks });
  });
  return headings;
}

// Sums of fields over the members of nodes and edges, by world; each is worked out once.
class Numbers {
  constructor(recording) {
    this.recording = recording;
    this.kept = new Map();
  }

  has(name) {
    return this.recording.worlds.some((world) => name in world.fields);
  }

  // A field of one world summed over some rows, [periods]; nothing but zeros where the world has no such field.
  sum(world, name, rows) {
    const key = `${world}|${name}|${rows.join(",")}`;
    if (!this.kept.has(key)) {
      const field = this.recording.worlds[world].fields[name];
      const total = new Float32Array(this.recording.periods);
      if (field) rows.forEach((row) => field.row(row).forEach((value, t) => { total[t] += value; }));
      this.kept.set(key, total);
    }
    return this.kept.get(key);
  }

  // The largest and the mean value over all worlds and periods: the scale on which both are drawn.
  scale(name, rows) {
    const key = `scale|${name}|${rows.join(",")}`;
    if (!this.kept.has(key)) {
      let [most, total] = [0, 0];
      this.recording.worlds.forEach((_, world) => {
        for (const value of this.sum(world, name, rows)) {
          most = max(most, value);
          total += value;
        }
      });
      this.kept.set(key, { most, mean: total / (this.recording.periods * this.recording.worlds.length) });
    }
    return this.kept.get(key);
  }

  // The widest lane of the network, so that widths can be compared across maps.
  widest(name, edges) {
    return max(1e-9, ...edges.map((edge) => this.scale(name, edge.lanes).most));
  }
}

// Between two periods numbers go straight from one to the other.
function at(series, x) {
  const t = min(floor(x), series.length - 1);
  const next = min(t + 1, series.length - 1);
  return series[t] + (series[next] - series[t]) * (x - t);
}

// How full a node is: of its largest stock, or where it keeps none, how busy.
function fullness(numbers, world, node, x) {
  const { most } = numbers.scale("sites/stock", node.members);
  if (most > 0) return at(numbers.sum(world, "sites/stock", node.members), x) / most;
  if (!numbers.has("sites/load")) return 1;
  return min(at(numbers.sum(world, "sites/load", node.members), x) / node.members.length, 1);
}

// Share of the ring: the backlog over what comes in within three periods.
function owing(numbers, world, node, x) {
  const backlog = at(numbers.sum(world, "sites/backlog", node.members), x);
  const { mean } = numbers.scale("sites/incoming", node.members);
  return mean > 0 ? min(backlog / (3 * mean), 1) : 0;
}

const PRESSURES = [1.5, 2.5, 4];

// 0 calm to 3 overloaded: what waits on a lane, in periods of its mean volume.
function pressure(numbers, world, edge, x) {
  const { mean } = numbers.scale("lanes/shipped", edge.lanes);
  if (mean <= 0) return 0;
  const held = at(numbers.sum(world, "lanes/held", edge.lanes), x) / mean;
  return PRESSURES.filter((limit) => held >= limit).length;
}
