// One person's messenger: head, chat, box. A column shows one chat of one account at a time.

import { bubble, grouped } from "/page/bubble.js";
import { Composer } from "/page/composer.js";
import { el, reconcile } from "/page/dom.js";
import { icon } from "/page/icons.js";
import { act, listens, store } from "/page/store.js";
import { botLink } from "/page/text.js";
import { dayOf, MESSENGERS } from "/page/words.js";

const SHOWN = 300;
const TOAST = 4200;
const NEAR = 120;
const PATIENCE = 6000; // milliseconds before the page says that no bot is there

export class Column {
  constructor({ name, accounts, group, open, others }) {
    Object.assign(this, { name, accounts, group, openElsewhere: open, others });
    this.flavour = accounts[0].flavour;
    this.unread = 0;
    this.build();
  }

  get account() {
    const mine = this.accounts.find((one) => one.flavour === this.flavour) ?? this.accounts[0];
    return store.people.find((one) => one.id === mine.id && one.flavour === mine.flavour) ?? mine;
  }

  bot() {
    const bots = store.bots.filter((one) => one.flavour === this.flavour);
    return bots.find((one) => one.username === this.botName) ?? bots[0];
  }

  get key() {
    if (this.group) return this.groups().find((one) => one.flavour === this.flavour)?.key;
    return `${this.flavour}:${this.account.id}:${this.bot()?.username}`;
  }

  groups() {
    return [...store.chats.values()].filter((one) => one.group && this.accounts.some((who) => who.flavour === one.flavour && one.members.includes(who.id)));
  }

  get chat() {
    return store.chats.get(this.key);
  }

  get messages() {
    return this.chat?.messages ?? new Map();
  }

  place() {
    return this.group ? { chat: this.chat.id } : { bot: this.bot()?.username };
  }

  // Building -------------------------------------------------------------------------------------------------------

  build() {
    this.title = el("div", { class: "who" });
    this.mark = el("span", { class: "face", "aria-hidden": "true" });
    this.switch = el("div", { class: "switch", role: "radiogroup", "aria-label": "پیام‌رسان" });
    this.more = el("button", { type: "button", class: "round ghost", "aria-label": "کارهای بیشتر", onclick: () => this.menu(this.more, this.deeds()) }, icon("more"));
    this.list = el("div", { class: "messages", role: "log", "aria-live": "polite", tabIndex: 0 });
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.composer = new Composer(this);
    const head = el("header", { class: "head" }, this.mark, this.title, this.switch, this.more);
    this.node = el("section", { class: "column", "aria-label": this.name }, head, el("div", { class: "room" }, this.list, this.toasts), this.composer.node);
  }

  label() {
    return this.group ? (this.chat?.title ?? "گروه") : this.account.name;
  }

  draw() {
    const { account, node } = this;
    node.dataset.flavour = this.flavour;
    node.classList.toggle("group", Boolean(this.group));
    this.mark.textContent = this.label().trim().charAt(0);
    const under = this.group ? `گروه، از نگاه ${account.name}` : account.role;
    const blocked = account.blocked.length > 0 && !this.group;
    this.title.replaceChildren(el("b", {}, this.label()), el("small", {}, blocked ? "ربات را مسدود کرده" : under));
    this.drawSwitch();
    this.drawMessages();
    this.composer.draw();
  }

  drawSwitch() {
    const flavours = this.group ? [...new Set(this.groups().map((one) => one.flavour))] : this.accounts.map((one) => one.flavour);
    this.switch.hidden = flavours.length < 1;
    this.switch.replaceChildren(
      ...flavours.map((one) => el("button", { type: "button", role: "radio", "aria-checked": String(one === this.flavour), onclick: () => this.turn(one) }, MESSENGERS[one])),
    );
  }

  turn(flavour) {
    this.flavour = flavour;
    this.composer.clear();
    this.draw();
    this.list.scrollTop = this.list.scrollHeight;
  }

  drawMessages() {
    const near = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
    const groups = grouped([...this.messages.values()].slice(-SHOWN));
    const items = [];
    let day = "";
    for (const one of groups) {
      const today = dayOf(one[0].date);
      if (today !== day) items.push({ key: `day ${today}`, mark: today, make: () => el("div", { class: "day" }, today) });
      day = today;
      items.push({ key: `${this.key}/${one[0].id}`, mark: JSON.stringify([one, this.messages.get(one[0].reply)?.text]), make: () => bubble(one, this) });
    }
    if (!items.length) items.push({ key: "empty", mark: this.key, make: () => this.empty() });
    const count = this.list.shown?.size ?? 0;
    reconcile(this.list, items);
    if (near || items.length > count + 3) this.list.scrollTop = this.list.scrollHeight;
  }

  empty() {
    const words = this.group ? "در این گروه هنوز چیزی گفته نشده است." : `گفت‌وگو با «${this.bot()?.name ?? "ربات"}» هنوز شروع نشده است.`;
    return el("p", { class: "empty" }, words);
  }

  // Doing ----------------------------------------------------------------------------------------------------------

  say = (text) => this.composer.say(text);

  answer(message) {
    this.composer.answer(message);
  }

  change(message) {
    this.composer.change(message);
  }

  open = (target) => {
    const link = typeof target === "string" ? botLink(target) : target;
    if (link) return this.openElsewhere(this, link);
    return window.open(target, "_blank", "noopener,noreferrer");
  };

  deeds() {
    const bot = this.bot()?.username;
    const { account, chat } = this;
    if (this.group) {
      const gone = chat.gone.includes(bot);
      const what = gone ? "add_bot" : "kick_bot";
      return [{ label: gone ? "آوردن ربات به گروه" : "بیرون کردن ربات", run: () => this.try(act(account, what, { chat: chat.id, bot })) }];
    }
    const blocked = account.blocked.includes(bot);
    const others = store.bots.filter((one) => one.flavour === this.flavour && one.username !== bot);
    return [
      { label: "شروع دوباره (/start)", run: () => this.try(act(account, "start", { bot })) },
      { label: blocked ? "برداشتن مسدودی" : "مسدود کردن ربات", run: () => this.try(act(account, blocked ? "unblock" : "block", { bot })) },
      ...others.map((one) => ({ label: `گفت‌وگو با ${one.name}`, run: () => ((this.botName = one.username), this.draw()) })),
    ];
  }

  async try(promise) {
    try {
      const done = await promise;
      this.askWhetherAnybodyListens();
      return done;
    } catch (error) {
      console.info(error.message);
      this.toast("این کار انجام نشد");
      return null;
    }
  }

  askWhetherAnybodyListens() {
    const bot = this.bot();
    clearTimeout(this.asking);
    this.asking = setTimeout(async () => {
      if (!(await listens(bot))) this.toast(`«${bot.name}» گوش نمی‌دهد: برنامهٔ ربات به این نشانی وصل نیست`);
    }, PATIENCE);
  }

  menu(anchor, deeds) {
    document.querySelector(".menu")?.remove();
    const close = (event) => {
      if (event && menu.contains(event.target) && event.type !== "keydown") return;
      if (event?.type === "keydown" && event.key !== "Escape") return;
      menu.remove();
      document.removeEventListener("pointerdown", close, true);
      document.removeEventListener("keydown", close, true);
      if (event?.type === "keydown") anchor.focus();
    };
    const items = deeds.map(({ label, more, run }) =>
      el("button", { type: "button", role: "menuitem", onclick: () => (close(), run()) }, el("bdi", {}, label), more && el("small", {}, more)),
    );
    const menu = el("div", { class: "menu", role: "menu", onkeydown: (event) => step(event, items) }, ...items);
    this.node.append(menu);
    settle(menu, anchor, this.node);
    items[0].focus();
    document.addEventListener("pointerdown", close, true);
    document.addEventListener("keydown", close, true);
  }

  toast(text, alert = false) {
    if (!text) return;
    const dismiss = () => node.remove();
    const node = el("div", { class: alert ? "toast alert" : "toast", dir: "auto" }, text, alert && el("button", { type: "button", class: "strong", onclick: dismiss }, "باشد"));
    this.toasts.append(node);
    if (alert) node.querySelector("button").focus();
    else setTimeout(dismiss, TOAST);
  }
}

function step(event, items) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  items[(items.indexOf(document.activeElement) + by + items.length) % items.length].focus();
}

// Puts a menu beside its button and inside its column.
function settle(menu, anchor, column) {
  const frame = column.getBoundingClientRect();
  const at = anchor.getBoundingClientRect();
  const below = at.bottom - frame.top + 4;
  const fits = below + menu.offsetHeight < frame.height;
  menu.style.top = `${Math.max(6, fits ? below : at.top - frame.top - menu.offsetHeight - 4)}px`;
  const left = Math.min(at.left - frame.left, frame.width - menu.offsetWidth - 8);
  menu.style.left = `${Math.max(8, left)}px`;
}
