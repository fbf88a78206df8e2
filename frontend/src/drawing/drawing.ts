/** A drawing on the card: its shape once, how its parts are as often as that changes. */

import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

import type { PartState } from "../car/parts";
import { BODIES, type BodyName } from "./bodies";
import { side, SIDE } from "./side";
import { TOP, top, wheelsOf } from "./top";

export interface Drawn {
  body: BodyName;
  paint: string;
  facing: "left" | "right";
  label: string;
  parts: Readonly<Record<string, PartState>>;
  /** How far windows are open, in per cent, where that is told. */
  windows: Readonly<Record<string, number>>;
  tyres: Readonly<Record<string, { text: string; bad: boolean }>>;
  plugged: boolean;
  charging: boolean;
  lights: boolean;
  /** Whether anything may move: not while it is old. */
  moves: boolean;
}

export interface PartButton {
  part: string;
  label: string;
}

const shapes = new Map<string, SVGTemplateResult>();

/** A shape is a template of its own: parsed once, however many cars of it are on a page. */
function shape(kind: "side" | "top", { body, facing }: Drawn): SVGTemplateResult {
  const key = `${kind}-${body}-${facing}`;
  let template = shapes.get(key);
  if (template === undefined) {
    const text = [kind === "side" ? side(BODIES[body], "s", facing) : top(BODIES[body], "t")];
    template = svg(Object.assign(text, { raw: text }));
    shapes.set(key, template);
  }
  return template;
}

const classes = (drawn: Drawn): string =>
  [
    "car",
    drawn.plugged && "plugged",
    drawn.charging && "charging",
    drawn.lights && "lit",
    drawn.moves && "moves",
    farOpen(drawn) && "far-open",
  ]
    .filter(Boolean)
    .join(" ");

function farOpen({ parts, facing }: Drawn): boolean {
  const other = facing === "left" ? "right" : "left";
  return Object.entries(parts).some(([part, state]) => state === "open" && part.endsWith(other));
}

/** All cars to one scale, and no more sky over a low one than over a high one. */
function frame(body: BodyName): string {
  const sky = SIDE.ground - BODIES[body].height - 22;
  return `22 ${sky} ${SIDE.width - 44} ${SIDE.height - sky}`;
}

export const sideDrawing = (drawn: Drawn): TemplateResult =>
  html`<svg
    class=${classes(drawn)}
    data-view="side"
    viewBox=${frame(drawn.body)}
    style="--paint:${drawn.paint}"
    role="img"
    aria-label=${drawn.label}
  >
    ${shape("side", drawn)}
  </svg>`;

export function topDrawing(drawn: Drawn): TemplateResult {
  const body = BODIES[drawn.body];
  const above = (TOP.height - body.length) / 2 - 8;
  const wheels = wheelsOf(body);
  const values = Object.entries(drawn.tyres).map(([tyre, { text, bad }]) => {
    const left = tyre.endsWith("left");
    const y = tyre.startsWith("front") ? wheels.front : wheels.rear;
    return svg`<text class="tyre-value ${bad ? "bad" : ""}" aria-hidden="true" x=${left ? wheels.left - 16 : wheels.right + 16}
      y=${y + 7} text-anchor=${left ? "end" : "start"} direction="ltr">${text}</text>`;
  });
  return html`<svg
    class=${classes(drawn)}
    data-view="top"
    viewBox=${`20 ${above} ${TOP.width - 40} ${TOP.height - 2 * above}`}
    style="--paint:${drawn.paint}"
    role="group"
    aria-label=${drawn.label}
  >
    ${shape("top", drawn)}${values}
  </svg>`;
}

/** Tell a drawing how its parts are; in the view from above they can be pressed. */
export function applyParts(root: ParentNode, drawn: Drawn, buttons: () => readonly PartButton[]): void {
  const above = root.querySelector('svg.car[data-view="top"]');
  const labels = new Map(above ? buttons().map(({ part, label }) => [part, label]) : []);
  for (const element of root.querySelectorAll<SVGElement>("svg.car [data-part]")) {
    const part = element.dataset["part"] ?? "";
    const state = drawn.parts[part];
    const door = part.startsWith("door_");
    element.classList.toggle("open", state === "open");
    element.classList.toggle("unknown", state === "unknown" || (door && state === "absent"));
    const [kind, end, which] = part.split("_");
    if (kind === "tyre") element.classList.toggle("bad", drawn.tyres[`${end}_${which}`]?.bad === true);
    if (kind?.startsWith("lights")) element.classList.toggle("on", drawn.lights);
    const open = drawn.windows[part];
    if (element.classList.contains("pane") && open !== undefined) {
      element.style.setProperty("--slide", `${Math.max(6, open * 0.44)}px`);
    }
    if (above?.contains(element)) {
      const label = labels.get(part);
      if (label === undefined) {
        for (const name of ["role", "tabindex", "aria-label"]) element.removeAttribute(name);
      } else {
        element.setAttribute("role", "button");
        element.setAttribute("tabindex", "0");
        element.setAttribute("aria-label", label);
      }
    }
  }
}
