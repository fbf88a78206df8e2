/** A car from its driver's side, as SVG text. How its parts are is told by classes, later. */

import type { Body } from "./bodies";

const GROUND = 206;
export const SIDE = { width: 560, height: 224, ground: GROUND };

const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

/** Draw one side; `id` keeps the names of two drawings on one page apart. */
export function side(body: Body, id: string, facing: "left" | "right"): string {
  const b = body;
  const start = (SIDE.width - b.length) / 2;
  const X = (x: number): number => SIDE.width - start - x;
  const Y = (y: number): number => GROUND - y;
  const P = (x: number, y: number): string => `${X(x).toFixed(1)} ${Y(y).toFixed(1)}`;
  const deck = b.lid === "deck";
  const front = b.overhang;
  const rear = b.overhang + b.wheelbase;
  const arch = b.wheel + 5;
  const roofFront = b.height - 4;
  const roofRear = b.height - (deck ? 6 : 9);
  const top = b.height - (b.doors === 2 ? 2.5 : 0);
  const left = facing === "left";
  const of = (part: string, end: string): string => `${part}_${end}_${left ? "left" : "right"}`;

  const shell =
    `M ${P(b.length - 10, b.sill)} C ${P(b.length + 1, b.sill + 8)} ${P(b.length + 1, b.tail - 30)} ${P(b.length - 2, b.tail - 8)} ` +
    `Q ${P(b.length - 4, b.tail + 2)} ${P(b.glassFoot, b.deck)} ` +
    `C ${P(mix(b.glassFoot, b.roofEnd, 0.35), mix(b.deck, roofRear, 0.5))} ${P(mix(b.glassFoot, b.roofEnd, 0.7), roofRear - 2)} ${P(b.roofEnd, roofRear)} ` +
    `C ${P(mix(b.roofEnd, b.screenTop, 0.3), top + 1)} ${P(mix(b.roofEnd, b.screenTop, 0.72), top + 1)} ${P(b.screenTop, roofFront)} ` +
    `C ${P(mix(b.screenTop, b.cowl, 0.35), mix(roofFront, b.bonnet, 0.18))} ${P(mix(b.screenTop, b.cowl, 0.8), mix(roofFront, b.bonnet, 0.78))} ${P(b.cowl, b.bonnet)} ` +
    `C ${P(b.cowl * 0.6, b.bonnet - 2)} ${P(24, b.nose + 10)} ${P(10, b.nose)} C ${P(1, b.nose - 10)} ${P(-2, b.sill + 26)} ${P(4, b.sill + 10)} Q ${P(8, b.sill)} ${P(front - arch, b.sill)} ` +
    `A ${arch} ${arch} 0 0 0 ${P(front + arch, b.sill)} L ${P(rear - arch, b.sill)} A ${arch} ${arch} 0 0 0 ${P(rear + arch, b.sill)} Z`;

  // The glass stands on a belt line from the windscreen's foot to the rear glass's.
  const pad = 7;
  const belt0 = b.bonnet + 3;
  const belt1 = b.deck + 2;
  const g0 = b.cowl + 16;
  const g1 = b.glassFoot - (deck ? 24 : 16);
  const screen: [number, number] = [b.screenTop + 4, roofFront - pad];
  const back: [number, number] = [b.roofEnd - (deck ? 2 : 4), roofRear - pad];
  const beltAt = (x: number): number => mix(belt0, belt1, (x - g0) / (g1 - g0));
  const roofAt = (x: number): number => {
    const share = (x - b.screenTop) / (b.roofEnd - b.screenTop);
    const arched = share > 0 && share < 1 ? 12 * share * (1 - share) : 0;
    return mix(roofFront, roofRear, share) - pad + arched;
  };
  const pillar =
    b.doors === 2 ? mix(screen[0], g1, 0.62) : Math.min(mix(b.screenTop, b.roofEnd, 0.48), front + b.wheelbase * 0.52);
  const quarter = b.doors === 2 ? g1 : rear - 6;

  const pane = (from: number, to: number, first: boolean, last: boolean): string => {
    const a = first ? screen : ([from + 2, roofAt(from + 2)] as const);
    const z = last ? back : ([to - 2, roofAt(to - 2)] as const);
    const rise = first
      ? `M ${P(g0, belt0)} C ${P(mix(g0, screen[0], 0.3), mix(belt0, screen[1], 0.45))} ${P(mix(g0, screen[0], 0.7), screen[1] - 3)} ${P(...screen)}`
      : `M ${P(from + 2, beltAt(from))} L ${P(a[0], a[1])}`;
    const fall = last
      ? `C ${P(mix(back[0], g1, 0.4), back[1] - 2)} ${P(mix(back[0], g1, 0.8), mix(back[1], belt1, 0.6))} ${P(g1, belt1)}`
      : `L ${P(to - 2, beltAt(to))}`;
    return `${rise} Q ${P((a[0] + z[0]) / 2, Math.max(a[1], z[1]) + 2)} ${P(z[0], z[1])} ${fall} Z`;
  };
  const hasQuarter = b.doors === 4 && quarter + 10 < g1 - 14 && b.roofEnd > quarter;
  const panes: [string | null, string][] = [[of("window", "front"), pane(g0, pillar, true, false)]];
  if (b.doors === 2) panes.push([null, pane(pillar, g1, false, true)]);
  else if (hasQuarter) {
    panes.push([of("window", "rear"), pane(pillar, quarter, false, false)], [null, pane(quarter, g1, false, true)]);
  } else panes.push([of("window", "rear"), pane(pillar, g1, false, true)]);
  const glass = panes
    .map(
      ([part, d], at) =>
        `<clipPath id="${id}p${at}"><path d="${d}"/></clipPath><path ${part ? `data-part="${part}" ` : ""}d="${d}" class="hole"/>` +
        `<g clip-path="url(#${id}p${at})"><g ${part ? `data-part="${part}" ` : ""}class="pane"><path d="${d}" class="glass"/><path d="${d}" fill="url(#${id}r)"/></g></g>`,
    )
    .join("");

  const doorStart = Math.max(b.cowl + 26, front + arch + 6);
  const doorEnd = Math.min(g1 - 6, rear + 2);
  const door = (from: number, to: number, end: "front" | "rear"): string => {
    const low = b.sill + 8;
    const foot = end === "rear" ? Math.min(to, rear - arch + 14) : to;
    const around =
      end === "rear"
        ? `C ${P(foot + 2, low + 6)} ${P(rear - arch + 8, b.sill + arch * 0.8)} ${P(to, b.sill + arch + 10)}`
        : `L ${P(foot, low + 2)}`;
    return (
      `<path data-part="${of("door", end)}" class="door" d="M ${P(from, beltAt(from) - 1)} L ${P(from, low)} Q ${P(from + 1, low - 3)} ${P(from + 5, low - 3)} ` +
      `L ${P(foot - 4, low - 3)} ${around} L ${P(to, beltAt(to) - 1)} Z"/>` +
      `<rect class="handle" x="${(X(to - 9) - 10).toFixed(1)}" y="${Y(beltAt(to) - 11).toFixed(1)}" width="15" height="3.4" rx="1.7"/>`
    );
  };
  const doors =
    b.doors === 2 ? door(doorStart, pillar + 8, "front") : door(doorStart, pillar, "front") + door(pillar, doorEnd, "rear");

  const spokes = [0, 72, 144, 216, 288]
    .map((turn) => `<path class="spoke" transform="rotate(${turn})" d="M -3.4 ${(-b.wheel * 0.1).toFixed(1)} L -6 ${(-b.wheel * 0.63).toFixed(1)} Q 0 ${(-b.wheel * 0.7).toFixed(1)} 6 ${(-b.wheel * 0.63).toFixed(1)} L 3.4 ${(-b.wheel * 0.1).toFixed(1)} Z"/>`)
    .join("");
  const wheel = (x: number, end: string): string =>
    `<path class="arch" d="M ${P(x + arch, b.sill)} A ${arch} ${arch} 0 0 1 ${P(x - arch, b.sill)} Z"/>` +
    `<g transform="translate(${X(x)} ${Y(b.wheel)})"><circle data-part="${of("tyre", end)}" r="${b.wheel}" class="tyre"/>` +
    `<circle r="${(b.wheel * 0.7).toFixed(1)}" class="disc"/>${spokes}<circle r="${(b.wheel * 0.7).toFixed(1)}" class="rim"/><circle r="${(b.wheel * 0.15).toFixed(1)}" class="hub"/></g>`;

  const gate = deck
    ? `M ${P(b.glassFoot - 2, b.deck + 1)} Q ${P(b.length - 8, b.tail + 6)} ${P(b.length - 3, b.tail - 8)}`
    : `M ${P(b.roofEnd + 2, roofRear + 1)} C ${P(mix(b.glassFoot, b.roofEnd, 0.7), roofRear - 1)} ${P(mix(b.glassFoot, b.roofEnd, 0.35), mix(b.deck, roofRear, 0.52))} ${P(b.glassFoot + 1, b.deck)} L ${P(b.length - 3, b.tail - 6)} L ${P(b.length - 3, b.sill + 34)}`;
  const hinge = deck ? [X(b.glassFoot - 2), Y(b.deck + 1)] : [X(b.roofEnd + 2), Y(roofRear + 1)];
  const lid = (part: string, d: string, at: (number | undefined)[], turn: number): string =>
    `<path data-part="${part}" class="lid" d="${d}" style="transform-origin:${at[0]?.toFixed(1)}px ${at[1]?.toFixed(1)}px;--turn:${turn}deg"/>`;
  const lids =
    lid("boot", gate, hinge, deck ? 46 : 64) +
    lid(
      "bonnet",
      `M ${P(b.cowl - 3, b.bonnet + 1)} C ${P(b.cowl * 0.6, b.bonnet)} ${P(26, b.nose + 11)} ${P(14, b.nose + 3)}`,
      [X(b.cowl - 3), Y(b.bonnet + 1)],
      -30,
    ) +
    `<path data-part="sunroof" class="lid slim" d="M ${P(b.screenTop + 22, roofFront + 2)} Q ${P(mix(b.screenTop, b.roofEnd, 0.4), top + 1)} ${P(mix(b.screenTop, b.roofEnd, 0.6), top)}" style="transform-origin:${X(mix(b.screenTop, b.roofEnd, 0.6)).toFixed(1)}px ${Y(top).toFixed(1)}px;--turn:14deg"/>`;

  const mirror = `<path class="mirror" d="M ${P(g0 + 10, belt0 + 1)} q -3 -10 9 -12 q 10 0 9 8 q 0 5 -8 5 Z"/>`;
  const lamps =
    `<path class="beam" d="M ${P(8, b.nose - 4)} L ${P(-64, b.nose - 44)} L ${P(-64, 4)} L ${P(-14, 4)} Z" fill="url(#${id}b)"/>` +
    `<path data-part="lights" class="lamp" d="M ${P(9, b.nose - 3)} Q ${P(26, b.nose + 5)} ${P(42, b.nose + 4)} Q ${P(30, b.nose - 8)} ${P(7, b.nose - 11)} Z"/>` +
    `<path class="tail" d="M ${P(b.length - 4, b.tail - 10)} L ${P(b.length - 24, b.tail - 6)} L ${P(b.length - 20, b.tail - 16)} L ${P(b.length - 2, b.tail - 22)} Z"/>`;
  const flap = [X(rear + 18), Y(b.tail - 6)] as const;
  const cable =
    `<path class="cable" d="M ${flap[0]} ${flap[1]} C ${X(rear + 60)} ${flap[1] + 4} ${X(b.length - 6)} ${Y(10)} ${X(b.length + 44)} ${Y(4)} S ${X(b.length + 190)} ${Y(3)} ${X(b.length + 320)} ${Y(3)}"/>`;
  const plug = `<circle data-part="charge_flap" class="flap" cx="${flap[0]}" cy="${flap[1]}" r="5.5"/>`;
  const lower = `M ${P(rear - arch - 2, b.sill + 12)} L ${P(front + arch + 2, b.sill + 12)} L ${P(front + arch, b.sill)} L ${P(rear - arch, b.sill)} Z`;

  return (
    `<defs><linearGradient id="${id}s" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".42"/><stop offset=".3" stop-color="#fff" stop-opacity=".1"/><stop offset=".46" stop-color="#fff" stop-opacity=".02"/><stop offset=".62" stop-color="#000" stop-opacity=".1"/><stop offset="1" stop-color="#000" stop-opacity=".46"/></linearGradient>` +
    `<linearGradient id="${id}r" x1="0" x2=".5" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".3"/><stop offset=".5" stop-color="#fff" stop-opacity=".04"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient>` +
    `<radialGradient id="${id}b" gradientUnits="userSpaceOnUse" cx="${X(14)}" cy="${Y(b.nose - 4)}" r="86"><stop offset=".1" stop-color="#ffe9a8" stop-opacity=".62"/><stop offset="1" stop-color="#ffe9a8" stop-opacity="0"/></radialGradient>` +
    `<radialGradient id="${id}g"><stop offset="0" stop-color="#000" stop-opacity=".42"/><stop offset=".7" stop-color="#000" stop-opacity=".22"/><stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient></defs>` +
    `<g${left ? ` transform="translate(${SIDE.width} 0) scale(-1 1)"` : ""}>` +
    `<ellipse class="shadow" cx="${SIDE.width / 2}" cy="${GROUND + 1}" rx="${b.length * 0.53}" ry="11" fill="url(#${id}g)"/>` +
    `<path class="under" d="M ${P(rear + arch, b.sill + 2)} L ${P(front - arch, b.sill + 2)} L ${P(front - arch + 6, 14)} L ${P(rear + arch - 6, 14)} Z"/>` +
    `<path class="body" d="${shell}"/><path d="${shell}" fill="url(#${id}s)"/><path class="skirt" d="${lower}"/>` +
    `<path class="crease" d="M ${P(34, b.nose - 8)} Q ${P(b.length * 0.5, b.deck - 15)} ${P(b.length - 28, b.tail - 10)}"/>` +
    `<circle class="far" cx="${X(mix(b.screenTop, b.roofEnd, 0.5)).toFixed(1)}" cy="${Y(b.height + 16).toFixed(1)}" r="7"/>${glass}${doors}${lids}${mirror}${lamps}${wheel(front, "front")}${wheel(rear, "rear")}${cable}${plug}</g>`
  );
}
