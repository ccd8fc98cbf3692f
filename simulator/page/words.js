// Small words, digits and hours as a Persian reader expects them.

const number = new Intl.NumberFormat("fa-IR", { useGrouping: false });
const clock = new Intl.DateTimeFormat("fa-IR", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Tehran" });
const day = new Intl.DateTimeFormat("fa-IR", { weekday: "long", day: "numeric", month: "long", timeZone: "Asia/Tehran" });

export const persian = (value) => number.format(value);
export const hour = (seconds) => clock.format(new Date(seconds * 1000));
export const dayOf = (seconds) => day.format(new Date(seconds * 1000));

export const MESSENGERS = { telegram: "تلگرام", bale: "بله" };

export const KINDS = {
  photo: "عکس",
  video: "فیلم",
  animation: "تصویر متحرک",
  voice: "پیام صوتی",
  audio: "صدا",
  document: "فایل",
  sticker: "برچسب",
  location: "موقعیت مکانی",
  venue: "مکان",
  contact: "شمارهٔ تماس",
};

export function size(bytes) {
  if (bytes < 1024) return `${persian(bytes)} بایت`;
  if (bytes < 1024 * 1024) return `${persian(Math.round(bytes / 1024))} کیلوبایت`;
  return `${persian(Math.round((bytes / 1024 / 1024) * 10) / 10)} مگابایت`;
}
