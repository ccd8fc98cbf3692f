// One message, or one album, as it stands in a chat.

import { el } from "/page/dom.js";
import { icon } from "/page/icons.js";
import { pickPlace, smallMap } from "/page/map.js";
import { act } from "/page/store.js";
import { linksIn, words } from "/page/text.js";
import { hour, KINDS, persian, size } from "/page/words.js";

const photoDialog = document.getElementById("photo-dialog");
photoDialog.querySelector("button").onclick = () => photoDialog.close();
photoDialog.onclick = (event) => event.target === photoDialog && photoDialog.close();

function enlarge(file, text) {
  const image = photoDialog.querySelector("img");
  image.src = file.url;
  image.alt = text || KINDS.photo;
  photoDialog.showModal();
}

const broken = (event) => {
  const frame = event.target.closest(".photo");
  frame.classList.add("broken");
  frame.replaceChildren(el("span", {}, "این عکس باز نمی‌شود"));
};

function photo(message) {
  const { file } = message;
  const image = el("img", { src: file.url, alt: message.text || KINDS.photo, loading: "lazy", width: String(file.width), height: String(file.height), onerror: broken });
  return el("button", { type: "button", class: "photo", "aria-label": "بزرگ کردن عکس", onclick: () => enlarge(file, message.text) }, image);
}

const fileLine = (mark, name, more) =>
  el("div", { class: "file" }, el("span", { class: "file-mark", "aria-hidden": "true" }, icon(mark)), el("span", { class: "file-words" }, el("bdi", {}, name), el("small", {}, el("bdi", {}, more))));

function documentLine({ file }) {
  const line = fileLine("file", file.name || KINDS.document, size(file.size));
  return el("a", { class: "file-link", href: file.url, download: file.name || "file" }, line);
}

function contact({ facts }) {
  const name = [facts.first_name, facts.last_name].filter(Boolean).join(" ");
  return fileLine("person", name, facts.phone_number ?? "");
}

function place(message) {
  const at = message.facts.location ?? message.facts;
  const box = el("div", { class: "place-box" }, smallMap(at, () => pickPlace(at, true)));
  if (message.kind === "venue") box.append(el("div", { class: "venue" }, el("b", {}, message.facts.title), el("span", {}, message.facts.address)));
  return box;
}

const sound = ({ file }) => el("div", { class: "sound" }, el("audio", { controls: true, src: file.url, preload: "none" }), el("small", {}, `${persian(file.duration)} ثانیه`));

const BODIES = {
  photo,
  location: place,
  venue: place,
  contact,
  voice: sound,
  audio: sound,
  document: documentLine,
  video: ({ file }) => el("video", { class: "film", controls: true, src: file.url, preload: "none" }),
  animation: ({ file }) => el("video", { class: "film", controls: true, src: file.url, preload: "none" }),
  sticker: ({ facts }) => el("span", { class: "sticker" }, facts.emoji ?? "🙂"),
};

function service({ facts }) {
  const names = (facts.new_chat_members ?? []).map((one) => one.first_name).join("، ");
  const said = names ? `${names} به گروه آمد` : facts.left_chat_member ? `${facts.left_chat_member.first_name} از گروه رفت` : "";
  return el("div", { class: "service" }, said);
}

function buttons(message, view) {
  if (!message.buttons.length) return null;
  const rows = message.buttons.map((row) => el("div", { class: "row" }, ...row.map((one) => button(one, message, view))));
  return el("div", { class: "inline" }, ...rows);
}

function button(one, message, view) {
  const spins = one.spins.includes(view.account.id);
  const press = () => {
    if (one.copies) return navigator.clipboard.writeText(one.copies).then(() => view.toast("رونوشت شد"));
    if (one.url) return view.open(one.url);
    return view.try(act(view.account, "press_raw", { data: one.data, message_id: message.id, ...view.place() }));
  };
  const mark = one.url ? "out" : one.copies ? "copy" : "";
  return el(
    "button",
    { type: "button", class: spins ? "spins" : "", "aria-busy": spins ? "true" : null, onclick: press },
    el("span", {}, one.label),
    mark && el("span", { class: "corner" }, icon(mark)),
  );
}

function quoted(message, view) {
  const original = message.reply && view.chat.messages.get(message.reply);
  if (!original) return null;
  return el("div", { class: "quote", dir: "auto" }, el("b", {}, original.sender), el("span", {}, original.text || KINDS[original.kind] || ""));
}

function more(message, view) {
  const deeds = [{ label: "پاسخ", run: () => view.answer(message) }];
  if (message.from === view.account.id && message.text) deeds.push({ label: "ویرایش", run: () => view.change(message) });
  for (const link of linksIn(message)) {
    for (const other of view.others(link)) deeds.push({ label: `باز کردن پیوند به‌جای ${other.name}`, run: () => act(other, "open_link", { url: link.address }) });
  }
  return el("button", { type: "button", class: "more", "aria-label": "کارهای این پیام", onclick: (event) => view.menu(event.currentTarget, deeds) }, icon("dots"));
}

function foot(message) {
  const marks = [message.edited && el("span", { class: "edited" }, "ویرایش‌شده"), el("time", {}, hour(message.date))];
  return el("div", { class: "foot" }, ...marks.filter(Boolean));
}

// ``group`` is a list: one message, or all messages of an album.
export function bubble(group, view) {
  const [first] = group;
  if (first.kind === "service") return service(first);
  const mine = first.from === view.account.id;
  const told = group.find((one) => one.text) ?? first;
  const bodies = group.filter((one) => BODIES[one.kind]).map((one) => BODIES[one.kind](one));
  const box = el(
    "div",
    { class: `bubble ${first.kind}` },
    !mine && view.chat.group && el("div", { class: "sender", "data-shade": String(first.from % 5) }, first.sender),
    first.forwarded && el("div", { class: "forwarded" }, "بازفرستاده از ", el("b", {}, first.forwarded)),
    quoted(first, view),
    group.length > 1 ? el("div", { class: "album", "data-count": String(group.length) }, ...bodies) : bodies[0],
    told.text && words(told, { open: view.open, say: view.say }),
    foot(group.at(-1)),
  );
  const whole = el("div", { class: "bubble-box" }, box, buttons(told, view));
  return el("div", { class: `turn ${mine ? "mine" : "theirs"}` }, whole, more(told, view));
}

export function grouped(messages) {
  const out = [];
  for (const one of messages) {
    const last = out.at(-1);
    if (one.album && last && last[0].album === one.album) last.push(one);
    else out.push([one]);
  }
  return out;
}
