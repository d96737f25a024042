// The drawer of the site in focus: its numbers in both runs, its course, and its last decisions in words.

const ROWS = [
  ["sites/stock", "Stock"],
  ["sites/parts", "Parts"],
  ["sites/backlog", "Owed to customers"],
  ["sites/incoming", "Asked for"],
  ["sites/ordered", "Ordered"],
  ["sites/position", "Inventory position"],
  ["sites/queue", "Trucks at the dock"],
  ["sites/load", "Capacity used"],
];

class Drawer {
  constructor(parent, player) {
    this.player = player;
    this.box = element("aside", "rp-drawer", parent);
    this.box.hidden = true;
  }

  show(node) {
    this.node = node && node.single ? node : null;
    this.box.hidden = !this.node;
    this.told = -1;
    if (!this.node) return;
    const { recording } = this.player;
    const site = recording.network.sites[this.node.site];
    this.box.replaceChildren();
    says(this.box, `${site.name}, ${site.kind}`);
    this.about(site);
    this.table();
    this.courses();
    this.words = element("div", "rp-words", this.box);
    this.layout();
  }

  about(site) {
    const { player } = this;
    const { recording } = player;
    const head = element("div", "rp-about", this.box);
    const line = element("div", "rp-name", head);
    element("h3", "", line, site.name);
    const close = element("button", "rp-small", line, "Close");
    says(close, `Close the drawer of ${site.name}`);
    clicked(close, () => player.focus(null, true));
    const facts = [capital(site.kind), site.region && `region ${site.region}`, site.policy && `policy ${site.policy}`];
    element("p", "", head, facts.filter(Boolean).join(", "));
    const owner = recording.network.owners[site.owner];
    if (owner !== site.name) element("p", "", head, `Owner: ${owner}`);
    if (site.markets.length) element("p", "", head, `Serves ${site.markets.join(", ")}`);
    this.own = element("p", "rp-own", head);
  }

  table() {
    const { recording, numbers } = this.player;
    const rows = ROWS.filter(([name]) => numbers.has(name) && (numbers.scale(name, [this.node.site]).most > 0));
    const pair = recording.worlds.length === 2;
    const table = element("table", "rp-numbers", element("div", "rp-numberbox", this.box));
    const head = element("tr", "", element("thead", "", table));
    ["", ...recording.worlds.map((_, k) => (pair ? "AB"[k] : "")), ...(pair ? ["B − A"] : []), ""].forEach((text) => {
      element(text ? "th" : "td", "", head, text);
    });
    const body = element("tbody", "", table);
    this.cells = rows.map(([name, label]) => {
      const row = element("tr", "", body);
      element("th", "", row, label).scope = "row";
      const values = recording.worlds.map(() => element("td", "", row));
      const gapCell = pair ? element("td", "", row) : null;
      const { unit } = recording.units[name];
      element("td", "rp-unit", row, unit === "share" ? "" : unit);
      return { name, unit, values, gapCell };
    });
  }

  courses() {
    const box = element("div", "rp-courses", this.box);
    const supplier = this.player.numbers.scale("sites/stock", [this.node.site]).most === 0;
    const chosen = supplier ? ["sites/incoming", "sites/load"] : ["sites/stock", "sites/ordered"];
    this.lines = chosen.filter((name) => this.player.numbers.has(name)).map((name) => {
      const figure = element("figure", "", box);
      element("figcaption", "", figure, ROWS.find(([n]) => n === name)[1]);
      const canvas = element("canvas", "", figure);
      canvas.setAttribute("role", "img");
      says(canvas, `${name.split("/")[1]} over time; the charts below have tables`);
      return { name, canvas };
    });
  }

  layout() {
    if (!this.node) return;
    const { recording, numbers, theme } = this.player;
    const colours = THEMES[theme];
    this.lines.forEach((line) => {
      const size = fitted(line.canvas);
      const { most } = numbers.scale(line.name, [this.node.site]);
      const picture = element("canvas");
      Object.assign(picture, { width: line.canvas.width, height: line.canvas.height });
      const ctx = picture.getContext("2d");
      ctx.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      recording.worlds.forEach((_, world) => {
        const solid = recording.worlds.length === 1 || world === 1;
        ctx.beginPath();
        numbers.sum(world, line.name, [this.node.site]).forEach((v, t) => {
          ctx.lineTo((t / this.player.last) * size.width, size.height - 2 - (v / most) * (size.height - 6));
        });
        ctx.strokeStyle = solid ? colours.b : colours.a;
        ctx.setLineDash(solid ? [] : [4, 3]);
        ctx.lineWidth = 1.3;
        ctx.stroke();
      });
      Object.assign(line, { size, picture });
    });
    this.draw(this.player.x);
  }

  draw(x) {
    if (!this.node) return;
    this.lines.forEach(({ size, picture }) => {
      const { ctx, width, height } = size;
      ctx.clearRect(0, 0, width, height);
      ctx.drawImage(picture, 0, 0, width, height);
      ctx.fillStyle = THEMES[this.player.theme].ink;
      ctx.fillRect((x / this.player.last) * width - 0.5, 0, 1, height);
    });
    const t = floor(x);
    if (t === this.told && this.toldOf === this.node) return;
    [this.told, this.toldOf] = [t, this.node];
    this.numbersAt(t);
    this.wordsAt(t);
  }

  numbersAt(t) {
    const { numbers, recording } = this.player;
    const rows = [this.node.site];
    this.cells.forEach(({ name, unit, values, gapCell }) => {
      const show = unit === "share" ? percent : plain;
      const found = values.map((_, world) => numbers.sum(world, name, rows)[t]);
      values.forEach((cell, world) => { cell.textContent = show(found[world]); });
      if (gapCell) gapCell.textContent = signed(found[1] - found[0], show);
    });
    const { owner } = recording.network.sites[this.node.site];
    const own = recording.worlds.map((_, world) => {
      const cost = numbers.sum(world, "owners/cost", [owner]);
      let total = 0;
      for (let k = 0; k <= t; k++) total += cost[k];
      const name = recording.worlds.length === 2 ? `${"AB"[world]}: ` : "";
      return `${name}${plain(cost[t])} ${recording.money} on ${recording.period} ${t + 1}, ${plain(total)} so far`;
    });
    this.own.innerHTML = `<strong>Own cost</strong><br>${own.map(safe).join("<br>")}`;
  }

  wordsAt(t) {
    const { numbers, recording } = this.player;
    const rows = [this.node.site];
    this.words.replaceChildren();
    element("h4", "", this.words, "Last decisions");
    recording.worlds.forEach((world, k) => {
      const [ordered, position] = ["sites/ordered", "sites/position"].map((name) => numbers.sum(k, name, rows));
      const found = decisions(ordered, position, t, { period: recording.period, made: this.node.kind === "factory" });
      const list = element("ul", "", this.words);
      list.className = k === 0 && recording.worlds.length === 2 ? "rp-a" : "rp-b";
      const name = recording.worlds.length === 2 ? `${"AB"[k]}: ` : "";
      const none = this.node.kind === "supplier" ? "makes what it is asked for." : "no order yet.";
      (found.length ? found : [none]).forEach((text) => element("li", "", list, name + text));
    });
  }
}
