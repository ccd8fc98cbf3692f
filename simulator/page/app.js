// The page: a column for each person, tabs on a narrow screen.

import { Column } from "/page/column.js";
import { el } from "/page/dom.js";
import { act, follow, onChange, reset, store } from "/page/store.js";
import { persian } from "/page/words.js";

const main = document.getElementById("columns");
const tabs = document.getElementById("tabs");
let columns = [];
let shown = 0;

function people() {
  const found = new Map();
  for (const one of store.people) found.set(one.column, [...(found.get(one.column) ?? []), one]);
  return [...found.entries()];
}

function build() {
  const groups = [...store.chats.values()].filter((one) => one.group);
  const placed = new Set();
  columns = [];
  for (const [name, accounts] of people()) {
    columns.push(make(name, accounts, false));
    const mine = groups.filter((one) => accounts.some((who) => who.flavour === one.flavour && one.members.includes(who.id)));
    const fresh = mine.filter((one) => !placed.has(one.key));
    fresh.forEach((one) => placed.add(one.key));
    if (fresh.length) {
      const inside = accounts.filter((who) => fresh.some((one) => one.flavour === who.flavour && one.members.includes(who.id)));
      columns.push(make(`گروه ${name}`, inside, true));
    }
  }
  main.replaceChildren(...columns.map((one) => one.node));
  main.style.setProperty("--count", String(columns.length));
  show(Math.min(shown, columns.length - 1));
}

const make = (name, accounts, group) => new Column({ name, accounts, group, open: openLink, others: (link) => othersFor(link) });

// Links to a bot stay inside: they are opened by the person who presses them.
function openLink(column, link) {
  const account = column.accounts.find((one) => one.flavour === link.flavour);
  const bot = store.bots.find((one) => one.flavour === link.flavour && one.username.toLowerCase() === link.bot.toLowerCase());
  if (!account || !bot) return column.toast("این پیوند برای پیام‌رسان دیگری است");
  if (!column.group) column.turn(link.flavour);
  return column.try(act(account, "open_link", { url: link.address }));
}

const othersFor = (link) => store.people.filter((one) => one.flavour === link.flavour);

function drawTabs() {
  tabs.replaceChildren(
    ...columns.map((one, at) =>
      el(
        "button",
        { type: "button", role: "tab", "aria-selected": String(at === shown), onclick: () => show(at) },
        one.group ? "گروه" : one.account.name.split(" ")[0],
        one.unread > 0 && el("span", { class: "badge" }, persian(one.unread)),
      ),
    ),
  );
}

function show(at) {
  shown = Math.max(0, at);
  columns.forEach((one, number) => one.node.classList.toggle("shown", number === shown));
  if (columns[shown]) {
    columns[shown].unread = 0;
    columns[shown].draw();
  }
  drawTabs();
}

const narrow = matchMedia("(max-width: 760px)");

function changed(change) {
  if (change.what === "all") {
    document.getElementById("title").textContent = document.title = store.title;
    build();
    columns.forEach((one) => one.draw());
    return;
  }
  columns.forEach((column, at) => update(column, at, change));
  drawTabs();
}

function update(column, at, change) {
  const here = change.chat && change.chat.key === column.key;
  if (!here && !change.person && change.what !== "bots") return arrive(column, change);
  if (here && change.what === "message" && narrow.matches && at !== shown) column.unread += 1;
  column.draw();
  const own = change.person && change.person.id === column.account.id && change.person.flavour === column.flavour;
  if (here && change.what === "answer" && own) answered(column, change);
  return null;
}

function answered(column, change) {
  column.toast(change.text, change.alert);
  if (change.url) column.open(change.url);
}

// A message on the messenger that the column does not show just now: the switch says so.
function arrive(column, change) {
  const other = column.accounts.find((one) => one.flavour !== column.flavour && change.chat?.members.includes(one.id) && one.flavour === change.chat.flavour);
  if (other && change.what === "message" && change.chat.group === Boolean(column.group) && change.message.bot) column.toast("پیامی در پیام‌رسان دیگر رسید");
}

// Clearing --------------------------------------------------------------------------------------------------------

const ask = document.getElementById("ask-dialog");
document.getElementById("ask-no").onclick = () => ask.close();
document.getElementById("reset").onclick = () => {
  document.getElementById("ask-text").textContent = "همهٔ گفت‌وگوها پاک شود؟ ربات آنچه را ثبت کرده نگه می‌دارد.";
  const yes = document.getElementById("ask-yes");
  yes.textContent = "پاک شود";
  yes.onclick = () => (ask.close(), reset());
  ask.showModal();
};

onChange(changed);
follow((connected) => {
  document.getElementById("line").textContent = connected ? "" : "ارتباط قطع است، دوباره وصل می‌شود";
  document.body.classList.toggle("offline", !connected);
});
