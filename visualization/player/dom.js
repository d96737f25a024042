// Small helpers for elements and canvases.

function element(tag, name, parent, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  if (tag === "button") made.type = "button";
  if (parent) parent.append(made);
  return made;
}

function says(thing, text) {
  thing.setAttribute("aria-label", text);
}

function clicked(thing, act) {
  thing.addEventListener("click", act);
}

function safe(text) {
  return String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}

// Gives a canvas as many dots as the screen has under it.
function fitted(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = min(window.devicePixelRatio || 1, 2);
  canvas.width = max(1, round(width * ratio));
  canvas.height = max(1, round(height * ratio));
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.lineJoin = "round";
  return { width, height, ratio, ctx };
}

// Calls back with the place of the pointer while it is held down.
function dragging(canvas, moved) {
  const place = (event) => moved(event.clientX - canvas.getBoundingClientRect().left);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    place(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) place(event);
  });
}
