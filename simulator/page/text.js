// A message's words with their marks, links and commands.

import { el } from "/page/dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const FOUND = /https?:\/\/[^\s<>"«»]+|\b(?:t\.me|ble\.ir)\/[^\s<>"«»]+|(?<![\w/])\/[a-zA-Z0-9_]{1,32}(?:@\w{3,32})?(?![\w/@])/g;
const BOT_LINK = /^(?:https?:\/\/)?(t\.me|ble\.ir)\/([A-Za-z][\w]{3,})\/?(?:\?start=([\w-]*))?$/;

export function botLink(address) {
  const found = BOT_LINK.exec(address);
  return found && { flavour: found[1] === "t.me" ? "telegram" : "bale", bot: found[2], address };
}

export function linksIn(message) {
  const listed = message.entities.filter((one) => one.url).map((one) => one.url);
  const buttons = message.buttons.flat().map((one) => one.url);
  const written = message.text.match(FOUND) ?? [];
  return [...new Set([...listed, ...buttons, ...written])].map(botLink).filter(Boolean);
}

function link(address, label, open) {
  const target = botLink(address);
  if (target) return el("a", { href: "#", dir: label === address ? "ltr" : null, onclick: (event) => (event.preventDefault(), open(target)) }, label);
  const href = /^https?:\/\//.test(address) ? address : `https://${address}`;
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", dir: label === address ? "ltr" : null }, label);
}

function plain(text, { open, say }) {
  const out = [];
  let at = 0;
  for (const found of text.matchAll(FOUND)) {
    out.push(text.slice(at, found.index));
    const word = found[0];
    if (word.startsWith("/")) out.push(el("button", { type: "button", class: "command", onclick: () => say(word) }, word));
    else out.push(link(word, word, open));
    at = found.index + word.length;
  }
  out.push(text.slice(at));
  return out.filter((piece) => piece !== "");
}

// Entities nest, so a span is drawn around what lies in it.
function spans(text, from, to, entities, doors) {
  const out = [];
  let at = from;
  while (entities.length) {
    const [first, ...rest] = entities;
    const end = first.offset + first.length;
    const inside = rest.filter((one) => one.offset < end);
    if (first.offset > at) out.push(...plain(text.slice(at, first.offset), doors));
    out.push(around(first, spans(text, first.offset, end, inside, doors), text.slice(first.offset, end), doors));
    at = end;
    entities = rest.filter((one) => one.offset >= end);
  }
  if (at < to) out.push(...plain(text.slice(at, to), doors));
  return out;
}

function around(entity, children, words, { open }) {
  if (entity.type === "text_link") return link(entity.url, words, open);
  if (entity.type === "spoiler") {
    return el("button", { type: "button", class: "spoiler", onclick: (event) => event.currentTarget.classList.add("seen") }, ...children);
  }
  return TAGS[entity.type] ? el(TAGS[entity.type], {}, ...children) : el("span", {}, ...children);
}

export function words(message, doors) {
  const entities = message.entities
    .filter((one) => TAGS[one.type] || one.type === "text_link" || one.type === "spoiler")
    .sort((one, other) => one.offset - other.offset || other.length - one.length);
  return el("div", { class: "words", dir: "auto" }, ...spans(message.text, 0, message.text.length, entities, doors));
}
