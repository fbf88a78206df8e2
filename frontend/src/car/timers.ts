/** A car's timers: which there are, and when each comes round next by the clock on the wall. */

import type { HassEntity } from "../ha";
import { isTold, type Car } from "./entities";

export interface Timer {
  number: number;
  /** What turns it on; absent where timers cannot rest one by one. */
  toggle?: HassEntity;
  time?: HassEntity;
  on: boolean;
  /** Minutes since midnight; null for an empty timer. */
  at: number | null;
  days: string[];
  onceOn: string | null;
  charges: boolean;
  climate: boolean;
  window: boolean;
}

const WEEK = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

export function timersOf(car: Car): Timer[] {
  const timers = new Map<number, Timer>();
  for (const key of ["time.timer_time", "switch.timer"]) {
    for (const state of car.all(key)) {
      const told = state.attributes;
      const number = Number(told["number"]);
      if (!Number.isInteger(number)) continue;
      const timer = timers.get(number) ?? {
        number,
        on: false,
        at: null,
        days: (told["days"] as string[] | undefined) ?? [],
        onceOn: (told["once_on"] as string | null | undefined) ?? null,
        charges: told["charge"] === true,
        climate: told["climate"] === true,
        window: typeof told["window_start"] === "string",
      };
      timers.set(number, timer);
      if (key === "switch.timer") {
        timer.toggle = state;
        timer.on = state.state === "on";
      } else {
        timer.time = state;
        timer.at = isTold(state) ? minutesOf(state.state) : null;
        timer.on = timer.at !== null;
      }
    }
  }
  return [...timers.values()].sort((one, other) => one.number - other.number);
}

/** Return the timers that are on, and heeded at all. */
export function activeTimers(car: Car): Timer[] {
  if (car.flag("switch.timers") === false) return [];
  return timersOf(car).filter((timer) => timer.on && timer.at !== null);
}

export function minutesOf(time: string): number | null {
  const found = /^(\d{1,2}):(\d\d)/.exec(time);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

/** Return when a timer comes round next; null for one whose day is over. */
export function nextOf(timer: Timer, now: number): number | null {
  if (timer.at === null) return null;
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = new Date(now);
    day.setDate(day.getDate() + ahead);
    day.setHours(Math.floor(timer.at / 60), timer.at % 60, 0, 0);
    if (day.getTime() <= now) continue;
    if (timer.onceOn !== null) {
      const [year, month, date] = timer.onceOn.split("-").map(Number);
      const once = new Date(year ?? 0, (month ?? 1) - 1, date ?? 1);
      once.setHours(Math.floor(timer.at / 60), timer.at % 60, 0, 0);
      return once.getTime() > now ? once.getTime() : null;
    }
    if (timer.days.length === 0 || timer.days.includes(WEEK[day.getDay()] ?? "")) {
      return day.getTime();
    }
  }
  return null;
}

/** Return the earliest of the next times, with its timer. */
export function earliest(
  timers: Timer[],
  now: number,
): { timer: Timer; at: number } | null {
  let first: { timer: Timer; at: number } | null = null;
  for (const timer of timers) {
    const at = nextOf(timer, now);
    if (at !== null && (first === null || at < first.at)) first = { timer, at };
  }
  return first;
}
