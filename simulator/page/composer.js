// Where a person writes: the box, what is attached, and the bot's reply keyboard.

import { el } from "/page/dom.js";
import { icon } from "/page/icons.js";
import { pickPlace } from "/page/map.js";
import { samplePhoto, SAMPLES, sampleVoice } from "/page/samples.js";
import { act, base64 } from "/page/store.js";
import { KINDS } from "/page/words.js";

const MOST = 10;

export class Composer {
  constructor(view) {
    this.view = view;
    this.photos = [];
    this.replying = null;
    this.editing = null;
    this.coming = null;
    this.folded = false;
    this.build();
  }

  build() {
    this.box = el("textarea", { rows: "1", dir: "auto", placeholder: "پیام", "aria-label": "پیام", onkeydown: (event) => this.key(event), oninput: () => this.grow() });
    this.picker = el("input", { type: "file", accept: "image/*", multiple: true, hidden: true, onchange: () => this.chosen() });
    this.plus = el("button", { type: "button", class: "round", "aria-label": "پیوست", "aria-haspopup": "menu", onclick: () => this.attach() }, icon("plus"));
    this.fold = el("button", { type: "button", class: "round fold", "aria-label": "صفحه‌کلید ربات", onclick: () => this.toggle() }, icon("keys"));
    this.send = el("button", { type: "button", class: "round send", "aria-label": "فرستادن", onclick: () => this.submit() }, icon("send"));
    this.strip = el("div", { class: "strip", hidden: true });
    this.keys = el("div", { class: "keys", hidden: true, "aria-label": "صفحه‌کلید ربات" });
    this.begin = el("button", { type: "button", class: "begin", onclick: () => this.run("start") }, "شروع");
    const line = el("div", { class: "line-box" }, this.plus, this.box, this.fold, this.send, this.picker);
    this.node = el("div", { class: "composer" }, this.strip, this.begin, line, this.keys);
    this.line = line;
  }

  run(what, more = {}) {
    const { view } = this;
    return view.try(act(view.account, what, { ...more, ...(what === "start" ? {} : view.place()) }));
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
    if (event.key === "Escape") this.clear();
  }

  grow() {
    this.box.rows = Math.min(6, Math.max(1, this.box.value.split("\n").length, Math.ceil(this.box.value.length / 34)));
  }

  clear() {
    this.photos.forEach((one) => URL.revokeObjectURL(one.url));
    Object.assign(this, { photos: [], replying: null, editing: null });
    this.box.value = "";
    this.grow();
    this.decorate();
  }

  async submit() {
    await this.coming; // a photo that is still being drawn goes along, not after its caption
    const text = this.box.value.trim();
    const { photos, replying, editing } = this;
    if (!text && !photos.length) return;
    this.clear();
    this.box.focus();
    const blobs = await Promise.all(photos.map((one) => base64(one.blob)));
    if (editing) return this.run("edit", { text, message: editing.id });
    if (blobs.length > 1) return this.run("album", { photos: blobs, caption: text });
    if (blobs.length) return this.run("photo", { data: blobs[0], caption: text, reply_to: replying?.id });
    return this.run("write", { text, reply_to: replying?.id });
  }

  say(text) {
    return this.run("write", { text });
  }

  answer(message) {
    Object.assign(this, { replying: message, editing: null });
    this.decorate();
    this.box.focus();
  }

  change(message) {
    Object.assign(this, { editing: message, replying: null });
    this.box.value = message.text;
    this.grow();
    this.decorate();
    this.box.focus();
  }

  // Attachments ----------------------------------------------------------------------------------------------------

  attach() {
    const commands = this.view.bot()?.commands ?? [];
    this.view.menu(this.plus, [
      { label: "عکس از این دستگاه", run: () => this.picker.click() },
      ...SAMPLES.map((one) => ({ label: `عکس نمونه: ${one.name}`, run: () => this.sample(one) })),
      { label: "موقعیت روی نقشه", run: () => this.place() },
      { label: "شمارهٔ من", run: () => this.run("contact") },
      { label: "پیام صوتی نمونه", run: () => this.voice() },
      { label: "عکس نمونه به‌صورت فایل", run: () => this.asFile() },
      ...commands.map((one) => ({ label: `/${one.command}`, more: one.description, run: () => this.say(`/${one.command}`) })),
    ]);
  }

  chosen() {
    [...this.picker.files].forEach((one) => this.hold(one));
    this.picker.value = "";
  }

  sample(one) {
    this.coming = samplePhoto(one).then((blob) => this.hold(blob));
    return this.coming;
  }

  hold(blob) {
    if (this.photos.length >= MOST) return this.view.toast("بیشتر از ده عکس نمی‌شود");
    this.photos.push({ blob, url: URL.createObjectURL(blob) });
    this.decorate();
    return this.box.focus();
  }

  async place() {
    const found = await pickPlace();
    if (found) this.run("location", found);
  }

  async voice() {
    const { blob, seconds } = sampleVoice();
    this.run("file", { kind: "voice", data: await base64(blob), mime: blob.type, duration: seconds });
  }

  async asFile() {
    const data = await base64(await samplePhoto(SAMPLES[0]));
    this.run("document", { data, name: "IMG_0137.jpg", mime: "image/jpeg", caption: this.box.value.trim() });
    this.clear();
  }

  // What stands around the box -------------------------------------------------------------------------------------

  decorate() {
    const { replying, editing, photos } = this;
    const forced = this.view.chat?.messages.get(this.view.chat.forced[this.view.account.id]);
    const about = editing ?? replying ?? forced;
    const rows = [];
    if (about) {
      const label = editing ? "ویرایش" : `پاسخ به ${about.sender}`;
      rows.push(el("div", { class: "about", dir: "auto" }, el("b", {}, label), el("span", {}, about.text || KINDS[about.kind] || "")));
    }
    photos.forEach((one, at) => rows.push(this.thumb(one, at)));
    if (rows.length && about !== forced) rows.push(el("button", { type: "button", class: "drop", "aria-label": "انصراف", onclick: () => this.clear() }, icon("close")));
    this.strip.replaceChildren(...rows);
    this.strip.hidden = !rows.length;
    this.box.placeholder = photos.length ? "شرح عکس" : this.placeholder || "پیام";
  }

  thumb(one, at) {
    const drop = () => {
      URL.revokeObjectURL(one.url);
      this.photos.splice(at, 1);
      this.decorate();
    };
    return el("span", { class: "thumb" }, el("img", { src: one.url, alt: KINDS.photo }), el("button", { type: "button", "aria-label": "برداشتن عکس", onclick: drop }, icon("close")));
  }

  toggle() {
    this.folded = !this.folded;
    this.draw();
  }

  draw() {
    const { view } = this;
    const keyboard = view.chat?.keyboards[view.account.id];
    const blocked = !view.group && view.account.blocked.includes(view.bot()?.username);
    const fresh = blocked || (!view.group && !(view.chat?.messages.size > 0));
    this.begin.textContent = blocked ? "برداشتن مسدودی و شروع دوباره" : "شروع";
    this.begin.hidden = !fresh;
    this.line.hidden = fresh;
    this.fold.hidden = !keyboard;
    this.fold.setAttribute("aria-expanded", String(Boolean(keyboard) && !this.folded));
    this.keys.hidden = !keyboard || this.folded;
    const mark = JSON.stringify(keyboard ?? null);
    if (mark !== this.keyMark) {
      if (keyboard && this.keyMark !== undefined) this.folded = false;
      this.keyMark = mark;
      this.keys.hidden = !keyboard || this.folded;
      this.keys.replaceChildren(...(keyboard?.rows ?? []).map((row) => el("div", { class: "row" }, ...row.map((one) => this.keyButton(one, keyboard)))));
    }
    this.placeholder = this.folded ? "" : keyboard?.placeholder; // said only while the keyboard is up
    this.decorate();
  }

  keyButton({ label, asks }, { once }) {
    const press = async () => {
      if (asks === "location") {
        const at = await pickPlace();
        if (!at) return;
        await this.run("press_keyboard", { label, at: [at.lat, at.lon] });
      } else await this.run("press_keyboard", { label });
      if (once) this.toggle();
    };
    return el("button", { type: "button", onclick: press }, label);
  }
}
