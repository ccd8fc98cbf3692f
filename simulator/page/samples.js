// Pictures and a voice made on the spot, so that nothing has to be looked for on the disk.

const WIDE = 960;
const HIGH = 720;

function street(paint) {
  const sky = paint.createLinearGradient(0, 0, 0, HIGH * 0.5);
  sky.addColorStop(0, "#a9c8dd");
  sky.addColorStop(1, "#e8e4d8");
  paint.fillStyle = sky;
  paint.fillRect(0, 0, WIDE, HIGH);
  for (let at = 0, shade = 0; at < WIDE; at += 150, shade++) {
    paint.fillStyle = ["#c9b79c", "#b9a58a", "#d6c7ae", "#bfae97"][shade % 4];
    const top = 120 + ((shade * 67) % 110);
    paint.fillRect(at, top, 148, HIGH * 0.55 - top);
    paint.fillStyle = "#6f7d86";
    for (let x = at + 22; x < at + 120; x += 45) for (let y = top + 26; y < HIGH * 0.48; y += 62) paint.fillRect(x, y, 24, 34);
  }
  paint.fillStyle = "#9a9a94";
  paint.fillRect(0, HIGH * 0.55, WIDE, 40);
  paint.fillStyle = "#5d6063";
  paint.fillRect(0, HIGH * 0.6, WIDE, HIGH * 0.4);
  paint.fillStyle = "#e9e5d2";
  for (let x = 20; x < WIDE; x += 190) paint.fillRect(x, HIGH * 0.79, 110, 10);
}

function pothole(paint) {
  for (const [size, colour] of [[1, "#4a4c4e"], [0.8, "#2f2d2b"], [0.55, "#1e1c1b"]]) {
    paint.fillStyle = colour;
    paint.beginPath();
    for (let step = 0; step <= 24; step++) {
      const turn = (step / 24) * Math.PI * 2;
      const reach = size * (1 + 0.13 * Math.sin(turn * 5) + 0.07 * Math.cos(turn * 9));
      paint.lineTo(WIDE * 0.52 + Math.cos(turn) * 190 * reach, HIGH * 0.8 + Math.sin(turn) * 74 * reach);
    }
    paint.fill();
  }
}

function rubbish(paint) {
  paint.fillStyle = "#2e6b4f";
  paint.fillRect(WIDE * 0.3, HIGH * 0.42, 190, 150);
  paint.fillStyle = "#245640";
  paint.fillRect(WIDE * 0.29, HIGH * 0.39, 210, 30);
  const bags = [[0.52, 0.62, "#26282b"], [0.6, 0.66, "#3a5aa0"], [0.44, 0.68, "#1f2022"], [0.67, 0.7, "#8d2f2f"], [0.54, 0.73, "#33363a"]];
  for (const [x, y, colour] of bags) {
    paint.fillStyle = colour;
    paint.beginPath();
    paint.ellipse(WIDE * x, HIGH * y, 70, 54, 0.2, 0, Math.PI * 2);
    paint.fill();
    paint.fillRect(WIDE * x - 10, HIGH * y - 70, 20, 26);
  }
}

function lamp(paint) {
  paint.fillStyle = "rgb(16 22 40 / 0.72)";
  paint.fillRect(0, 0, WIDE, HIGH);
  paint.strokeStyle = "#8b9096";
  paint.lineWidth = 14;
  paint.beginPath();
  paint.moveTo(WIDE * 0.62, HIGH * 0.62);
  paint.lineTo(WIDE * 0.62, 130);
  paint.quadraticCurveTo(WIDE * 0.62, 90, WIDE * 0.5, 96);
  paint.stroke();
  paint.fillStyle = "#3c4046";
  paint.beginPath();
  paint.ellipse(WIDE * 0.47, 106, 58, 20, 0, 0, Math.PI * 2);
  paint.fill();
}

function mended(paint) {
  paint.fillStyle = "#3c3f42";
  paint.fillRect(WIDE * 0.3, HIGH * 0.7, WIDE * 0.42, HIGH * 0.2);
  paint.fillStyle = "#e07b28";
  for (const x of [0.26, 0.76]) {
    paint.beginPath();
    paint.moveTo(WIDE * x, HIGH * 0.6);
    paint.lineTo(WIDE * x + 34, HIGH * 0.78);
    paint.lineTo(WIDE * x - 34, HIGH * 0.78);
    paint.fill();
  }
}

export const SAMPLES = [
  { name: "چالهٔ خیابان", draw: pothole },
  { name: "زباله", draw: rubbish },
  { name: "چراغ خاموش", draw: lamp },
  { name: "کار انجام‌شده", draw: mended },
];

export async function samplePhoto({ name, draw }) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDE, height: HIGH });
  const paint = canvas.getContext("2d");
  street(paint);
  draw(paint);
  paint.font = "26px Vazirmatn, sans-serif";
  paint.fillStyle = "rgb(255 255 255 / 0.85)";
  paint.direction = "rtl";
  paint.fillText(`عکس نمونه · ${name}`, WIDE - 24, HIGH - 24);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.86));
}

// Two seconds of a soft tone as a WAV file.
export function sampleVoice(seconds = 2, rate = 8000) {
  const count = seconds * rate;
  const view = new DataView(new ArrayBuffer(44 + count * 2));
  const letters = (at, text) => [...text].forEach((one, step) => view.setUint8(at + step, one.charCodeAt(0)));
  letters(0, "RIFF");
  view.setUint32(4, 36 + count * 2, true);
  letters(8, "WAVEfmt ");
  [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, rate, 4], [28, rate * 2, 4], [32, 2, 2], [34, 16, 2]].forEach(([at, value, bytes]) =>
    bytes === 4 ? view.setUint32(at, value, true) : view.setUint16(at, value, true),
  );
  letters(36, "data");
  view.setUint32(40, count * 2, true);
  for (let at = 0; at < count; at++) {
    const loud = Math.sin((Math.PI * at) / count) * (0.55 + 0.45 * Math.sin(at / 900));
    view.setInt16(44 + at * 2, Math.sin((2 * Math.PI * 196 * at) / rate) * loud * 9000, true);
  }
  return { blob: new Blob([view], { type: "audio/wav" }), seconds };
}
