/** What of a car can stand open: the keys of its entities, in the order they are named. */

import type { Car, Maybe } from "./entities";

const SIDES = ["front_left", "front_right", "rear_left", "rear_right"] as const;
export const DOORS = SIDES.map((side) => `door_${side}`);
export const WINDOWS = SIDES.map((side) => `window_${side}`);
export const LIDS = ["boot", "bonnet"];
export const PANES = ["sunroof", "roof", "rear_window"];
export const TYRES = SIDES.map((side) => `tyre_pressure_${side}`);
/** The flap is left out: open, it says that a cable is in it. */
export const CLOSABLE = [...DOORS, ...WINDOWS, ...LIDS, ...PANES];

export type PartState = "open" | "closed" | "unknown" | "absent";

export type Parts = Readonly<Record<string, PartState>>;

/** Return how every part is; one that no entity tells of is covered by "any door" and "any window". */
export function partsOf(car: Car): Parts {
  const parts: Record<string, PartState> = {};
  for (const part of [...CLOSABLE, "charge_flap"]) {
    let told = car.flag(`binary_sensor.${part}`);
    if (told === undefined && DOORS.includes(part)) told = closedByAll(car, "doors_open");
    if (told === undefined && WINDOWS.includes(part)) told = closedByAll(car, "windows_open");
    parts[part] = wordFor(told);
  }
  return parts;
}

/** A common sensor that says closed says it of each; open says nothing of which. */
function closedByAll(car: Car, key: string): Maybe<boolean> {
  const any = car.flag(`binary_sensor.${key}`);
  return any === true ? null : any;
}

function wordFor(told: Maybe<boolean>): PartState {
  if (told === undefined) return "absent";
  return told === null ? "unknown" : told ? "open" : "closed";
}

export const openParts = (parts: Parts): string[] =>
  CLOSABLE.filter((part) => parts[part] === "open");
