// Drawn marks, so that no letter of a font is needed for them.

import { svg } from "/page/dom.js";

const PATHS = {
  plus: "M12 5v14M5 12h14",
  keys: "M3 7h18v10H3zM7 10.5h.01M10.500 10.500h.01M13.500 10.500h.01M17 10.500h.01M8 14h8",
  send: "M20 12 4.500 5l2.500 7-2.500 7zM7 12h6",
  file: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c1-4 4-5.500 7.500-5.500s6.500 1.500 7.500 5.500",
  close: "M6 6l12 12M18 6 6 18",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  more: "M12 5h.01M12 12h.01M12 19h.01",
  out: "M9 6h9v9M18 6 7 17",
  copy: "M8 8h11v11H8zM5 16V5h11",
};

export const icon = (name) =>
  svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
