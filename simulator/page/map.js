// The city in small (a drawing in a bubble) and in large (the location picker).

import { el, svg } from "/page/dom.js";
import { store } from "/page/store.js";

const SPAN = 0.045; // degrees of longitude across a bubble
const RATIO = 0.5;

const rings = (geometry) =>
  geometry.type === "Polygon" ? geometry.coordinates : geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];

function holds(ring, lon, lat) {
  let inside = false;
  for (let one = 0, other = ring.length - 1; one < ring.length; other = one++) {
    const [x1, y1] = ring[one];
    const [x2, y2] = ring[other];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

const named = (feature) => feature.properties.name ?? "";

export function districtAt(lat, lon) {
  const found = store.map?.features.find((one) => rings(one.geometry).filter((ring) => holds(ring, lon, lat)).length % 2 === 1);
  return found ? named(found) : "";
}

export const point = (lat, lon) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

export function smallMap({ latitude, longitude }, onOpen) {
  const width = 260;
  const height = width * RATIO;
  const stretch = Math.cos((latitude * Math.PI) / 180);
  const x = (lon) => width / 2 + ((lon - longitude) / SPAN) * width;
  const y = (lat) => height / 2 - ((lat - latitude) / (SPAN * stretch)) * width;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "small-map", "aria-hidden": "true" });
  for (const feature of store.map?.features ?? []) {
    const path = rings(feature.geometry)
      .map((ring) => `M${ring.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join("L")}Z`)
      .join("");
    picture.append(svg("path", { d: path, class: "district" }));
  }
  picture.append(
    svg("circle", { cx: width / 2, cy: height / 2, r: 22, class: "halo" }),
    svg("path", { d: `M${width / 2} ${height / 2}c-9-12-12-16-12-21a12 12 0 0 1 24 0c0 5-3 9-12 21z`, class: "pin" }),
    svg("circle", { cx: width / 2, cy: height / 2 - 21, r: 4.5, class: "pin-eye" }),
  );
  const where = districtAt(latitude, longitude);
  return el(
    "button",
    { type: "button", class: "place", "aria-label": `نقشه، ${where || point(latitude, longitude)}`, onclick: onOpen },
    picture,
    el("span", { class: "place-words" }, where && el("b", {}, where), el("bdi", {}, point(latitude, longitude))),
  );
}

// The large map ---------------------------------------------------------------------------------------------------

const dialog = document.getElementById("map-dialog");
const where = document.getElementById("map-where");
const jump = document.getElementById("map-jump");
const send = document.getElementById("map-send");
let map = null;

async function draw() {
  const leaflet = await import("/lib/leaflet.js");
  map = leaflet.map("map", { attributionControl: false, zoomSnap: 0.5, minZoom: 9, maxZoom: 17 });
  if (store.map) {
    const layer = leaflet.geoJSON(store.map, {
      style: { className: "city-district", weight: 1.5, fillOpacity: 1 },
      onEachFeature: (feature, shape) => shape.bindTooltip(el("span", {}, named(feature)), { permanent: true, direction: "center", className: "city-name" }),
    });
    layer.addTo(map);
    map.fitBounds(layer.getBounds());
    const options = store.map.features.map((one, number) => el("option", { value: String(number) }, named(one)));
    jump.replaceChildren(el("option", { value: "" }, "همهٔ شهر"), ...options);
    jump.onchange = () => map.fitBounds(jump.value === "" ? layer.getBounds() : layer.getLayers()[Number(jump.value)].getBounds());
  } else {
    map.setView([36.2972, 59.6062], 12);
    jump.parentElement.hidden = true;
  }
  map.on("click", (event) => map.panTo(event.latlng));
  map.on("move", tellWhere);
}

function tellWhere() {
  const { lat, lng } = map.getCenter();
  const name = districtAt(lat, lng);
  where.replaceChildren(name || "بیرون از محدوده", " · ", el("bdi", {}, point(lat, lng)));
}

// Resolves with {lat, lon}, or null where the person turned back.
export async function pickPlace(start = null, readOnly = false) {
  dialog.showModal();
  if (!map) await draw();
  map.invalidateSize();
  if (start) map.setView([start.latitude, start.longitude], 14);
  document.getElementById("map-title").textContent = readOnly ? "موقعیت روی نقشه" : "انتخاب موقعیت";
  send.hidden = readOnly;
  document.getElementById("map-cancel").textContent = readOnly ? "بستن" : "انصراف";
  tellWhere();
  return new Promise((resolve) => {
    const end = (value) => {
      dialog.onclose = null;
      if (dialog.open) dialog.close();
      resolve(value);
    };
    send.onclick = () => {
      const { lat, lng } = map.getCenter();
      end({ lat: Number(lat.toFixed(6)), lon: Number(lng.toFixed(6)) });
    };
    document.getElementById("map-cancel").onclick = () => end(null);
    dialog.onclose = () => end(null);
  });
}
