/** A car from above, its front upwards, as SVG text. */

import type { Body } from "./bodies";

export const TOP = { width: 420, height: 540 };

const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

/** Where the middle of each wheel is, for what is written beside it. */
export interface Wheels {
  front: number;
  rear: number;
  left: number;
  right: number;
}

const yOf = (body: Body) => {
  const start = (TOP.height - body.length) / 2;
  return (x: number): number => start + x;
};

export function wheelsOf(body: Body): Wheels {
  const y = yOf(body);
  const half = body.width * 0.49;
  return {
    front: y(body.overhang),
    rear: y(body.overhang + body.wheelbase),
    left: TOP.width / 2 - half,
    right: TOP.width / 2 + half,
  };
}

export function top(body: Body, id: string): string {
  const b = body;
  const cx = TOP.width / 2;
  const half = (b.width * 0.98) / 2;
  const start = yOf(b);
  const Y = (x: number): string => start(x).toFixed(1);
  const at = (side: number) => (share: number): string => (cx + side * half * share).toFixed(1);
  const R = at(1);
  const L = at(-1);
  const length = b.length;
  const nose = 0.78;
  const tail = b.lid === "deck" ? 0.82 : 0.9;

  const outline =
    `M ${cx} ${Y(0)} C ${R(0.55)} ${Y(0)} ${R(nose)} ${Y(8)} ${R(0.93)} ${Y(52)} C ${R(1)} ${Y(90)} ${R(1)} ${Y(length * 0.35)} ${R(0.985)} ${Y(length * 0.5)} ` +
    `C ${R(1)} ${Y(length * 0.7)} ${R(1)} ${Y(length * 0.85)} ${R(tail + 0.04)} ${Y(length - 34)} C ${R(tail - 0.04)} ${Y(length - 4)} ${R(0.5)} ${Y(length)} ${cx} ${Y(length)} ` +
    `C ${L(0.5)} ${Y(length)} ${L(tail - 0.04)} ${Y(length - 4)} ${L(tail + 0.04)} ${Y(length - 34)} C ${L(1)} ${Y(length * 0.85)} ${L(1)} ${Y(length * 0.7)} ${L(0.985)} ${Y(length * 0.5)} ` +
    `C ${L(1)} ${Y(length * 0.35)} ${L(1)} ${Y(90)} ${L(0.93)} ${Y(52)} C ${L(nose)} ${Y(8)} ${L(0.55)} ${Y(0)} ${cx} ${Y(0)} Z`;
  const screen = `M ${L(0.82)} ${Y(b.cowl + 14)} Q ${cx} ${Y(b.cowl - 18)} ${R(0.82)} ${Y(b.cowl + 14)} L ${R(0.68)} ${Y(b.screenTop + 6)} Q ${cx} ${Y(b.screenTop - 10)} ${L(0.68)} ${Y(b.screenTop + 6)} Z`;
  const foot = Math.max(b.glassFoot - 8, b.roofEnd + 14);
  const rearGlass = `M ${L(0.66)} ${Y(b.roofEnd - 4)} Q ${cx} ${Y(b.roofEnd + 8)} ${R(0.66)} ${Y(b.roofEnd - 4)} L ${R(0.74)} ${Y(foot)} Q ${cx} ${Y(foot + 14)} ${L(0.74)} ${Y(foot)} Z`;
  const roof = `M ${L(0.66)} ${Y(b.screenTop + 10)} Q ${cx} ${Y(b.screenTop - 6)} ${R(0.66)} ${Y(b.screenTop + 10)} L ${R(0.64)} ${Y(b.roofEnd - 8)} Q ${cx} ${Y(b.roofEnd + 4)} ${L(0.64)} ${Y(b.roofEnd - 8)} Z`;
  const hatch = `M ${L(0.46)} ${Y(b.screenTop + 24)} Q ${cx} ${Y(b.screenTop + 16)} ${R(0.46)} ${Y(b.screenTop + 24)} L ${R(0.45)} ${Y(mix(b.screenTop, b.roofEnd, 0.55))} L ${L(0.45)} ${Y(mix(b.screenTop, b.roofEnd, 0.55))} Z`;
  const bonnet = `M ${L(0.8)} ${Y(b.cowl + 6)} Q ${cx} ${Y(b.cowl - 24)} ${R(0.8)} ${Y(b.cowl + 6)} L ${R(0.72)} ${Y(26)} Q ${cx} ${Y(8)} ${L(0.72)} ${Y(26)} Z`;
  const bootStart = Math.max(b.glassFoot + 2, b.roofEnd + 24);
  const boot = `M ${L(0.72)} ${Y(Math.min(bootStart, length - 26))} Q ${cx} ${Y(Math.min(bootStart + 16, length - 14))} ${R(0.72)} ${Y(Math.min(bootStart, length - 26))} L ${R(0.7)} ${Y(length - 7)} Q ${cx} ${Y(length + 1)} ${L(0.7)} ${Y(length - 7)} Z`;

  const middle = mix(b.screenTop, b.roofEnd, 0.5);
  const begin = b.cowl + 34;
  const end = Math.min(b.roofEnd - 4, b.overhang + b.wheelbase - 4);
  const ends: [string, number, number][] =
    b.doors === 2 ? [["front", begin, middle + 30]] : [["front", begin, middle], ["rear", middle + 3, end]];
  const sides = [
    { side: -1, name: "left", m: L },
    { side: 1, name: "right", m: R },
  ];
  const doors = sides
    .flatMap(({ side, name, m }) =>
      ends.map(
        ([which, from, to]) =>
          `<path data-part="window_${which}_${name}" class="glass" d="M ${m(0.86)} ${Y(from)} L ${m(0.89)} ${Y(to)} L ${m(0.7)} ${Y(to - 2)} L ${m(0.71)} ${Y(Math.max(from + 8, b.screenTop + 6))} Z"/>` +
          `<path data-part="door_${which}_${name}" class="leaf" style="transform-origin:${m(0.97)}px ${Y(from)}px;--turn:${side * -52}deg" d="M ${m(1.005)} ${Y(from)} L ${m(0.99)} ${Y(to)} L ${m(0.9)} ${Y(to)} L ${m(0.9)} ${Y(from)} Z"/>`,
      ),
    )
    .join("");
  const tyres = sides
    .flatMap(({ side, name }) =>
      ([["front", b.overhang], ["rear", b.overhang + b.wheelbase]] as const).map(
        ([which, x]) =>
          `<rect data-part="tyre_${which}_${name}" class="tread" x="${(cx + side * half * 0.94 - 9).toFixed(1)}" y="${(start(x) - 30).toFixed(1)}" width="18" height="60" rx="7"/>`,
      ),
    )
    .join("");
  const mirrors =
    `<path class="mirror" d="M ${L(0.95)} ${Y(begin - 4)} q -20 2 -22 14 q 10 4 22 -2 Z"/>` +
    `<path class="mirror" d="M ${R(0.95)} ${Y(begin - 4)} q 20 2 22 14 q -10 4 -22 -2 Z"/>`;
  const lamps = [L, R]
    .map((m, at) => `<path data-part="lights${at}" class="lamp" d="M ${m(0.56)} ${Y(5)} Q ${m(0.82)} ${Y(12)} ${m(0.9)} ${Y(44)} L ${m(0.8)} ${Y(24)} Z"/>`)
    .join("");
  const tail2 = `<path class="tail" d="M ${L(0.8)} ${Y(length - 11)} Q ${cx} ${Y(length + 1)} ${R(0.8)} ${Y(length - 11)} L ${R(0.74)} ${Y(length - 5)} Q ${cx} ${Y(length + 4)} ${L(0.74)} ${Y(length - 5)} Z"/>`;
  const flap = `<circle data-part="charge_flap" class="flap" cx="${R(0.93)}" cy="${Y(b.overhang + b.wheelbase + 44)}" r="6"/>`;
  const cable = `<path class="cable" d="M ${R(0.93)} ${Y(b.overhang + b.wheelbase + 44)} q 40 4 60 40 t 90 40"/>`;

  return (
    `<defs><linearGradient id="${id}s" x1="0" x2="1"><stop offset="0" stop-color="#000" stop-opacity=".38"/><stop offset=".18" stop-color="#fff" stop-opacity=".14"/><stop offset=".5" stop-color="#fff" stop-opacity=".28"/><stop offset=".82" stop-color="#fff" stop-opacity=".08"/><stop offset="1" stop-color="#000" stop-opacity=".42"/></linearGradient></defs>` +
    `${tyres}${mirrors}<path class="body" d="${outline}"/><path d="${outline}" fill="url(#${id}s)"/>` +
    `<path data-part="bonnet" class="cover" d="${bonnet}"/><path class="glass" d="${screen}"/><path data-part="rear_window" class="glass" d="${rearGlass}"/>` +
    `<path data-part="roof" class="roof" d="${roof}"/><path data-part="sunroof" class="sunroof" d="${hatch}"/>${doors}` +
    `<path data-part="boot" class="cover" d="${boot}"/>${lamps}${tail2}${cable}${flap}`
  );
}
