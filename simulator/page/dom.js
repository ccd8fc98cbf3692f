// Building elements without markup in strings, so that nothing a person wrote can become markup.

export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && typeof value !== "string") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Shows items in order and makes only those anew whose mark has changed: [{key, mark, make}].
export function reconcile(parent, items) {
  const before = parent.shown ?? new Map();
  const shown = new Map();
  for (const { key, mark, make } of items) {
    const old = before.get(key);
    shown.set(key, old && old.mark === mark ? old : { mark, node: make() });
  }
  for (const [key, old] of before) if (shown.get(key) !== old) old.node.remove();
  [...shown.values()].forEach(({ node }, at) => {
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
  });
  parent.shown = shown;
}
