// What the simulator holds, kept up to date by its stream of changes.

export const store = { bots: [], people: [], chats: new Map(), title: "", map: null };

const listeners = new Set();
export const onChange = (listener) => listeners.add(listener);
const tell = (change) => listeners.forEach((listener) => listener(change));

async function load() {
  const state = await (await fetch("/sim/state")).json();
  Object.assign(store, { bots: state.bots, people: state.people, title: state.title });
  store.chats = new Map(state.chats.map((chat) => [chat.key, withMessages(chat, chat.messages)]));
  tell({ what: "all" });
}

const withMessages = (chat, messages) => ({
  ...chat,
  messages: new Map(messages.map((message) => [message.id, message])),
});

function apply(change) {
  if (change.what === "reset") return load();
  if (change.bots) store.bots = change.bots;
  if (change.person) {
    store.people = store.people.map((one) => (same(one, change.person) ? change.person : one));
  }
  if (change.chat) {
    const before = store.chats.get(change.chat.key);
    const chat = { ...change.chat, messages: before ? before.messages : new Map() };
    store.chats.set(chat.key, chat);
    if (change.message && change.what === "delete") chat.messages.delete(change.message.id);
    else if (change.message) chat.messages.set(change.message.id, change.message);
  }
  return tell(change);
}

const same = (one, other) => one.id === other.id && one.flavour === other.flavour;

export async function follow(onLine) {
  store.map = await fetch("/sim/map").then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  const stream = new EventSource("/sim/events");
  stream.onopen = () => load().then(() => onLine(true));
  stream.onerror = () => onLine(false);
  stream.onmessage = (event) => apply(JSON.parse(event.data));
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const out = await answer.json();
  if (!out.ok) throw new Error(out.error);
  return out.result;
}

export const act = (account, what, args = {}) =>
  post("/sim/act", { person: account.id, flavour: account.flavour, do: what, with: args });

// Whether the bot has asked for updates lately or has a webhook.
export async function listens(bot) {
  const queues = await (await fetch("/sim/queues")).json();
  return queues.some((one) => one.bot === bot.username && one.flavour === bot.flavour && one.listening);
}

export const reset = () => post("/sim/reset", {});

export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return { base64: btoa(text) };
}
