// The player: builds the elements, owns the clock, listens to keys and pointers.

const SPEEDS = [0.5, 1, 2, 5, 10, 20, 50, 100];
const PICTURE = 1000 / 31;
const MARKS = { outage: "▲", intervention: "■", negotiation: "●" };

class Player {
  constructor(root, bytes, options) {
    this.root = root;
    this.options = { day: 1, theme: "auto", charts: true, drawer: true, ...options };
    this.x = 0;
    this.open = new Set();
    this.wanted = { day: this.options.day, site: this.options.site, play: Boolean(this.options.autoplay) };
    this.difference = false;
    this.still = false;
    this.listeners = [];
    root.classList.add("ripieno-player");
    root.setAttribute("role", "region");
    says(root, "Player of a simulation");
    root.tabIndex = -1;
    this.preferences();
    this.listen(root, "keydown", (event) => this.key(event));
    this.sizes = new ResizeObserver(() => {
      if (root.clientWidth !== this.wide) this.relayout();
    });
    this.sizes.observe(root);
    this.load(bytes);
  }

  // -- life ------------------------------------------------------------------------------------------------------

  // Another recording is shown at the same day and site; more of the same one takes the place of its beginning.
  load(bytes) {
    const begun = this.recording && this.recording.horizon;
    if (!begun) this.clear();
    const turn = (this.turn = Symbol("load"));
    this.ready = decode(bytes).then((recording) => {
      if (turn !== this.turn) return;
      if (begun && identity(recording) === identity(this.recording)) this.grown(recording);
      else {
        if (begun) this.clear();
        this.build(recording);
      }
    });
    this.ready.catch((error) => {
      if (turn !== this.turn) return;
      const message = element("p", "rp-wait", null, error.message);
      message.setAttribute("role", "alert");
      this.root.replaceChildren(message);
    });
    return this.ready;
  }

  clear() {
    const wanted = this.recording
      ? { day: this.target || this.day, site: this.site, play: Boolean(this.playing) } : { ...this.wanted };
    this.pause(); // forgets that it was to play
    this.wanted = wanted;
    this.recording = null;
    this.root.replaceChildren(element("p", "rp-wait", null, "Loading the recording …"));
  }

  // The beginning of a recording has a horizon: the periods that it will have.
  hold(recording) {
    this.recording = recording;
    this.numbers = new Numbers(recording);
    this.horizon = recording.horizon || recording.periods;
    this.last = max(this.horizon - 1, 1);
    this.word = recording.period;
  }

  build(recording) {
    this.hold(recording);
    this.pair = recording.worlds.length === 2;
    this.difference = Boolean(this.options.difference && this.pair);
    this.speed = this.options.speed || SPEEDS.find((s) => s >= this.horizon / 40) || 100;
    this.mode = recording.network.sites.every((site) => site.map) ? "map" : "layers";
    this.open.clear();
    this.root.replaceChildren();
    this.bar();
    this.stage = element("div", "rp-stage", this.root);
    this.maps = [];
    this.drawer = new Drawer(this.root, this);
    const charts = element("div", "rp-charts", this.root);
    charts.hidden = !this.options.charts || Boolean(this.options.compact);
    this.charts = charts.hidden ? [] : CHARTS.map((choices) => new Chart(charts, choices, this)).filter((c) => c.choice);
    this.live = element("p", "rp-unseen", this.root);
    this.live.setAttribute("aria-live", "polite");
    this.helpBox();
    this.shownDay = 0;
    this.site = null;
    this.seek(this.wanted.day);
    this.regroup();
    this.focus(this.wanted.site ?? null);
    this.paint();
    if (this.wanted.play && !this.still) this.play();
    if (recording.horizon) this.say(this.reach.textContent);
  }

  // More of what is shown has arrived: the day, the focus and everything that was chosen stay.
  grown(recording) {
    const held = document.activeElement;
    const mark = [...this.events.children].indexOf(held);
    const drawer = this.drawer.box.contains(held);
    this.hold(recording);
    this.marks();
    this.reached();
    const day = this.target || this.day;
    if (this.target || day > recording.periods) this.seek(day);
    if (this.marked) this.drawer.show(this.marked);
    this.relayout();
    if (mark >= 0) this.events.children[mark]?.focus();
    if (drawer) this.drawer.box.querySelector("button").focus();
    if (!recording.horizon) this.say(`All ${many(this.horizon, recording.period)} are there`);
    if (!this.playing) return;
    this.before = performance.now();
    this.dirty();
  }

  // How far the recording reaches: in words, and as a cover over the rest of the timeline.
  reached() {
    const { periods, period } = this.recording;
    this.ahead.hidden = this.reach.hidden = periods === this.horizon;
    this.ahead.style.left = `calc(17px + (100% - 16px) * ${(periods - 1) / this.last})`;
    const more = this.growing ? "more is being simulated …" : "the rest was not simulated";
    this.reach.textContent = `Recorded up to ${period} ${periods} of ${this.horizon}; ${more}`;
  }

  destroy() {
    this.turn = null;
    this.pause();
    cancelAnimationFrame(this.frame);
    [this.later, this.labels].forEach(clearTimeout);
    this.recording = null;
    this.sizes.disconnect();
    this.listeners.forEach(([target, name, heard]) => target.removeEventListener(name, heard));
    this.root.replaceChildren();
    this.root.classList.remove("ripieno-player");
  }

  listen(target, name, heard) {
    target.addEventListener(name, heard);
    this.listeners.push([target, name, heard]);
  }

  preferences() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    this.still = still.matches;
    this.listen(dark, "change", () => this.setTheme(this.options.theme));
    this.listen(still, "change", () => { this.still = still.matches; });
    this.dark = dark;
    this.setTheme(this.options.theme);
  }

  // -- elements --------------------------------------------------------------------------------------------------

  bar() {
    const bar = element("div", "rp-bar", this.root);
    this.button = element("button", "rp-play", bar);
    clicked(this.button, () => this.toggle());
    const time = element("div", "rp-time", bar);
    const track = element("div", "rp-track", time);
    this.slider = element("input", "rp-slider", track);
    Object.assign(this.slider, { type: "range", min: 1, max: this.horizon, value: 1 });
    says(this.slider, capital(this.word));
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value), true));
    this.ahead = element("i", "rp-ahead", track);
    this.reach = element("p", "rp-reach", time);
    this.reached();
    this.events = element("div", "rp-marks", time);
    this.marks();
    this.clock = element("output", "rp-clock", bar);
    this.pace = element("select", "rp-speed", bar);
    says(this.pace, "Speed");
    this.pace.addEventListener("change", () => this.setSpeed(Number(this.pace.value)));
    this.setSpeed(this.speed);
    const tools = element("div", "rp-tools", bar);
    this.gapButton = this.tool(tools, "B − A", "Difference B minus A (D)", () => this.setDifference(!this.difference));
    this.gapButton.hidden = !this.pair;
    this.modeButton = this.tool(tools, "Map", "Map or columns (M)", () => this.turned());
    this.modeButton.hidden = this.mode !== "map";
    this.tool(tools, "?", "Keys and signs (?)", () => this.help());
    this.said();
  }

  tool(parent, text, label, act) {
    const button = element("button", "rp-small", parent, text);
    button.title = label;
    says(button, label);
    clicked(button, act);
    return button;
  }

  // One mark for each event; those of one period, or closer than a finger, share one.
  marks() {
    const box = this.events;
    box.replaceChildren();
    const { worlds, periods, period } = this.recording;
    const all = worlds.flatMap((world, k) => world.events.map((event) => ({ ...event, who: this.pair ? "AB"[k] : "" })));
    const merged = new Map();
    all.forEach((event) => {
      const key = `${event.kind}|${event.start}|${event.text}`;
      if (merged.has(key)) merged.get(key).who = "";
      else merged.set(key, { ...event });
    });
    const groups = [];
    [...merged.values()].sort((a, b) => a.start - b.start).forEach((event) => {
      const last = groups.at(-1);
      if (last && event.start - last[0].start < this.horizon / 60) last.push(event);
      else groups.push([event]);
    });
    groups.forEach((events) => {
      const [first] = events;
      const text = events.slice(0, 6).map((e) => `${capital(period)} ${e.start + 1}${e.who && `, ${e.who}`}: ${e.text}`);
      if (events.length > 6) text.push(`and ${events.length - 6} more`);
      const mark = element("button", `rp-mark rp-${first.kind}`, box, events.length > 1 ? String(events.length) : MARKS[first.kind]);
      mark.title = text.join("\n");
      says(mark, text.join("; "));
      mark.style.left = `${(100 * first.start) / this.last}%`;
      clicked(mark, () => this.seek(first.start + 1, true));
      const band = element("i", `rp-span rp-${first.kind}`, box);
      const end = min(max(...events.map((e) => e.end)), periods);
      band.style.left = mark.style.left;
      band.style.width = `${(100 * max(end - first.start - 1, 0)) / this.last}%`;
    });
    box.hidden = !groups.length;
  }

  helpBox() {
    this.helper = element("dialog", "rp-help", this.root);
    element("h3", "", this.helper, "Keys");
    const keys = element("dl", "", this.helper);
    KEYS.forEach(([key, text]) => {
      element("dt", "", keys, key);
      element("dd", "", keys, text);
    });
    element("h3", "", this.helper, "Signs");
    const signs = [
      "Shape: diamond supplier, saw-tooth roof factory, house warehouse, circle retailer. Filled as far as its stock, or where it keeps none, its capacity in use.",
      "Ring: owed to customers; a full ring is three periods of what comes in. Bars left of a site: trucks waiting at its dock.",
      "Width of a lane: goods on the way. Dashed: what waits on it is more than it carries in two and a half periods, with short dashes from four on.",
      "A is dashed and orange, B solid and blue. In the difference, orange and up is more in B.",
    ];
    signs.forEach((text) => element("p", "", this.helper, text));
    const close = element("button", "rp-small", this.helper, "Close");
    clicked(close, () => this.helper.close());
  }

  help() {
    if (this.helper.open) this.helper.close();
    else this.helper.showModal();
  }

  // Another set of nodes: the maps and the buttons over their sites are made anew.
  regroup() {
    this.view = viewOf(this.recording, this.open);
    this.stage.replaceChildren();
    this.maps = (this.difference ? [-1] : this.recording.worlds.map((_, k) => k)).map((world) => this.map(world));
    this.stage.dataset.maps = this.maps.length;
    this.relayout();
  }

  map(world) {
    const box = element("figure", "rp-map", this.stage);
    const head = element("figcaption", "", box);
    if (this.pair) element("span", world < 0 ? "rp-key" : `rp-key rp-key-${"ab"[world]}`, head, world < 0 ? "B − A" : "AB"[world]);
    const { worlds } = this.recording;
    element("strong", "", head, world < 0 ? `${worlds[1].label} less ${worlds[0].label}` : worlds[world].label);
    const figures = element("span", "rp-figures", head);
    const ground = element("div", "rp-ground", box);
    const canvas = element("canvas", "", ground);
    canvas.setAttribute("aria-hidden", "true");
    const buttons = this.view.nodes.map((node) => {
      const button = element("button", "rp-site", ground);
      clicked(button, () => this.chosen(node));
      button.addEventListener("pointerenter", () => this.pointed(node));
      button.addEventListener("pointerleave", () => this.pointed(null));
      return button;
    });
    clicked(canvas, () => this.focus(null, true));
    return { world, figures, canvas, buttons };
  }

  chosen(node) {
    if (!node.single) {
      this.open.add(node.group);
      this.regroup();
      this.say(`${node.label} opened`);
    } else this.focus(node.label === this.site ? null : node.label, true);
  }

  pointed(node) {
    this.hover = node;
    this.dirty();
  }

  // -- what others call ------------------------------------------------------------------------------------------

  get day() {
    return floor(this.x) + 1;
  }

  seek(day, told = false) {
    if (!Number.isFinite(day)) return;
    if (!this.recording) {
      this.wanted.day = day;
      return;
    }
    const { periods, horizon } = this.recording;
    this.target = !told && horizon && day > periods ? day : 0; // goes there when it is recorded
    this.x = max(0, min(round(day), periods) - 1);
    this.slider.value = this.day;
    if (told && !this.playing) this.announce();
    this.dirty();
  }

  play() {
    if (!this.recording) {
      this.wanted.play = true;
      return;
    }
    if (this.x >= this.recording.periods - 1 && !this.growing) this.x = 0;
    this.playing = true;
    this.before = this.painted = performance.now();
    this.said();
    this.options.onplay?.(true);
    this.dirty();
  }

  pause() {
    this.wanted.play = false;
    if (!this.playing) return;
    this.playing = false;
    this.x = floor(this.x);
    this.said();
    this.announce();
    this.options.onplay?.(false);
    this.dirty();
  }

  toggle() {
    this.target = 0;
    if (this.playing) this.pause();
    else this.play();
  }

  focus(site, told = false) {
    if (!this.recording) {
      this.wanted.site = site;
      return;
    }
    const number = this.recording.network.sites.findIndex((each) => each.name === site);
    if (site !== null && number < 0) return;
    if (number >= 0 && !this.view.nodeOf[number].single) {
      this.open.add(this.view.nodeOf[number].group);
      this.regroup();
    }
    const changed = site !== (this.site ?? null);
    this.site = site;
    this.marked = number < 0 ? null : this.view.nodeOf[number];
    if (this.options.drawer && !this.options.compact) this.drawer.show(this.marked);
    this.relabel();
    this.dirty();
    if (changed) this.options.onfocus?.(site);
    if (changed && told) this.say(site === null ? "No site in focus" : this.spoken(this.marked));
  }

  setTheme(theme) {
    this.options.theme = ["light", "dark"].includes(theme) ? theme : "auto";
    this.theme = this.options.theme === "auto" ? (this.dark.matches ? "dark" : "light") : this.options.theme;
    this.root.dataset.theme = this.theme;
    if (this.recording) this.relayout();
  }

  setSpeed(speed) {
    if (!(speed > 0)) return;
    this.speed = min(speed, 1000);
    if (!this.pace) return;
    const list = [...new Set([...SPEEDS, this.speed])].sort((a, b) => a - b);
    this.pace.replaceChildren();
    list.forEach((s) => { element("option", "", this.pace, `${many(s, this.word)} a second`).value = s; });
    this.pace.value = this.speed;
  }

  get growing() {
    return Boolean(this.options.growing && this.recording?.horizon);
  }

  setGrowing(on) {
    this.options.growing = on;
    if (!this.recording) return;
    this.reached();
    this.dirty();
  }

  setDifference(on) {
    if (!this.pair || on === this.difference) return;
    this.difference = Boolean(on);
    this.said();
    this.regroup();
    this.say(this.difference ? "Difference B minus A" : "A and B side by side");
  }

  turned() {
    if (!this.recording.network.sites.every((site) => site.map)) return;
    this.mode = this.mode === "map" ? "layers" : "map";
    this.said();
    this.relayout();
  }

  // -- pictures --------------------------------------------------------------------------------------------------

  relayout() {
    if (!this.recording) return;
    this.stage.dataset.most = this.mode === "layers" ? max(...this.view.columns.map(({ count }) => ceil(count))) : 9;
    this.wide = this.root.clientWidth;
    this.marked = this.site ? this.view.nodeOf[this.recording.network.sites.findIndex((s) => s.name === this.site)] : null;
    this.maps.forEach((map) => {
      map.size = fitted(map.canvas);
      placed(this.view, this.mode, map.size.width, map.size.height, this.recording.network.aspect);
      map.buttons.forEach((button, k) => {
        const { x, y, r } = this.view.nodes[k];
        const half = max(r + 3, 12);
        Object.assign(button.style, { left: `${x - half}px`, top: `${y - half}px`, width: `${2 * half}px`, height: `${2 * half}px` });
      });
    });
    this.charts.forEach((chart) => chart.layout());
    this.drawer.layout();
    this.relabel();
    this.paint();
  }

  dirty() {
    if (!this.frame) this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  // One turn of the page's clock; a picture is drawn about thirty times a second while it plays.
  tick(now) {
    this.frame = 0;
    if (!this.recording) return;
    if (!this.playing) {
      this.paint();
      return;
    }
    const last = this.recording.periods - 1;
    this.x = min(this.x + (min(now - this.before, 250) / 1000) * this.speed, last);
    this.before = now;
    const waits = this.x >= last && this.growing;
    if (this.x >= last && !waits) this.pause();
    if (now - this.painted >= PICTURE - 8 || !this.playing || waits) {
      this.painted = now;
      this.paint();
    }
    if (waits) this.say(`Waiting at ${this.word} ${this.day}`);
    else this.dirty();
  }

  paint() {
    const x = this.still ? floor(this.x) : this.x;
    const around = new Set();
    if (this.marked) {
      this.view.edges.filter((e) => near(e, this.marked)).forEach((e) => around.add(e.from).add(e.to));
    }
    const { theme, mode, marked: focus, hover, still } = this;
    this.maps.forEach(({ world, size, canvas, figures }) => {
      const look = { theme, mode, focus, hover, around, still, width: size.width, height: size.height };
      if (world < 0) drawDifference(size.ctx, this.view, this.numbers, x, look);
      else drawMap(size.ctx, this.view, this.numbers, world, x, look);
      canvas.dataset.drawn = this.day;
      if (figures.dataset.day !== `${this.day}`) this.figures(figures, world);
    });
    this.charts.forEach((chart) => chart.draw(x));
    this.drawer.draw(x);
    this.told();
  }

  // Tells the page and the elements which day it is.
  told() {
    if (this.day === this.shownDay) return;
    this.shownDay = this.day;
    this.slider.value = this.day;
    this.slider.setAttribute("aria-valuetext", `${this.word} ${this.day} of ${this.horizon}`);
    this.clock.innerHTML = `${safe(capital(this.word))} <b>${this.day}</b> / ${this.horizon}`;
    clearTimeout(this.labels); // what is spoken may follow a little later: scrubbing stays quick
    if (!this.playing) this.labels = setTimeout(() => this.relabel(), 120);
    if (!this.target) this.options.onday?.(this.day);
  }

  figures(box, world) {
    box.dataset.day = this.day;
    const t = this.day - 1;
    const shown = (name) => {
      const { unit } = this.recording.units[name];
      const values = this.recording.worlds.map((_, k) => this.numbers.sum(k, name, [0])[t]);
      return world < 0 ? gapWithUnit(values[1] - values[0], unit) : withUnit(values[world], unit);
    };
    const names = [["Fill", "fill"], [`Cost/${this.word}`, "cost"], ["Waiting", "waiting"], ["At docks", "queue"]];
    box.innerHTML = names.filter(([, name]) => this.numbers.has(`network/${name}`)).map(([label, name]) => (
      `<span>${safe(label)} <b>${safe(shown(`network/${name}`))}</b></span>`)).join(" ");
  }

  // -- words -----------------------------------------------------------------------------------------------------

  spoken(node) {
    const t = this.day - 1;
    const rows = node.members;
    const worlds = this.recording.worlds.map((_, k) => {
      const parts = [`stock ${withUnit(this.numbers.sum(k, "sites/stock", rows)[t], "units")}`];
      const [owed, queue] = ["sites/backlog", "sites/queue"].map((name) => this.numbers.sum(k, name, rows)[t]);
      if (owed > 0) parts.push(`owes ${withUnit(owed, "units")}`);
      if (queue > 0) parts.push(`${withUnit(queue, "trucks")} at the dock`);
      return `${this.pair ? `${"AB"[k]}: ` : ""}${parts.join(", ")}`;
    });
    const what = node.single ? node.kind : "group, opens on click";
    return `${node.label}, ${what}. ${this.word} ${this.day}. ${worlds.join(". ")}.`;
  }

  relabel() {
    if (!this.recording) return;
    this.maps.forEach(({ buttons }) => buttons.forEach((button, k) => {
      const node = this.view.nodes[k];
      says(button, this.spoken(node));
      if (node.single) button.setAttribute("aria-pressed", String(node === this.marked));
    }));
  }

  said() {
    this.button.textContent = this.playing ? "❚❚" : "▶\uFE0E";
    says(this.button, this.playing ? "Pause" : "Play");
    this.gapButton.setAttribute("aria-pressed", String(this.difference));
    this.modeButton.textContent = this.mode === "map" ? "Columns" : "Map";
  }

  say(text) {
    this.live.textContent = text;
  }

  announce() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.recording && this.say(`${this.word} ${this.day}`), 400);
  }

  // -- keys ------------------------------------------------------------------------------------------------------

  key(event) {
    if (!this.recording || this.helper.open || event.ctrlKey || event.altKey || event.metaKey) return;
    const { target } = event;
    const control = target.matches("button:not(.rp-site, .rp-play), select, summary, .rp-table");
    const act = this.acts(event)[event.key.length > 1 ? event.key : event.key.toLowerCase()];
    if (!act || (control && (event.key === " " || event.key === "Enter" || !target.matches("button")))) return;
    if (event.key === "Enter" && target.matches("button")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  acts(event) {
    const step = event.shiftKey ? 7 : 1;
    const back = () => this.seek(this.day - step, true);
    const on = () => this.seek(this.day + step, true);
    const pace = (by) => () => {
      const list = SPEEDS.filter((s) => (by > 0 ? s > this.speed : s < this.speed));
      this.setSpeed((by > 0 ? list[0] : list.at(-1)) || this.speed);
      this.say(`${many(this.speed, this.word)} a second`);
    };
    return {
      " ": () => this.toggle(),
      ArrowLeft: back, ArrowDown: back, ArrowRight: on, ArrowUp: on,
      Home: () => this.seek(1, true),
      End: () => this.seek(this.recording.periods, true),
      "[": pace(-1), "]": pace(1),
      Enter: () => this.maps[0].buttons[this.hover ? this.hover.index : 0].focus(),
      Escape: () => this.cleared(),
      d: () => this.setDifference(!this.difference),
      m: () => this.turned(),
      "?": () => this.help(),
    };
  }

  cleared() {
    if (this.site) this.focus(null, true);
    else if (this.open.size) {
      this.open.clear();
      this.regroup();
    }
  }
}

// What a recording is of: the same for its beginning and the whole.
function identity({ network, horizon, periods, worlds }) {
  return JSON.stringify([network, horizon || periods, worlds.map(({ label, provenance }) => [label, provenance])]);
}

const API = ["seek", "play", "pause", "toggle", "focus", "setTheme", "setSpeed", "setDifference", "setGrowing", "load", "destroy"];
const READ = ["day", "site", "playing", "ready", "recording"];

function mount(root, bytes, options = {}) {
  const player = new Player(root, bytes, options);
  const given = Object.fromEntries(API.map((name) => [name, (value) => player[name](value)]));
  READ.forEach((name) => Object.defineProperty(given, name, { get: () => player[name], enumerable: true }));
  return given;
}
