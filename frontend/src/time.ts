/** Times as the owner reads them, and the one clock that all cards of a page share. */

import type { Hass } from "./ha";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Clocks differ a little; a report from further ahead than that is shown with its time. */
const AHEAD = 2 * MINUTE;

/** Making a format is slow, and there are few: each is made once, in English if the browser lacks the language. */
const formats = new Map<string, unknown>();

function kept<T>(kind: string, language: string, options: object, make: (language: string, options: object) => T): T {
  const key = `${kind} ${language} ${JSON.stringify(options)}`;
  let found = formats.get(key) as T | undefined;
  if (found === undefined) {
    try {
      found = make(language, options);
    } catch {
      found = make("en", options);
    }
    formats.set(key, found);
  }
  return found;
}

const dateFormat = (language: string, options: object) => new Intl.DateTimeFormat(language, options);
const numberFormat = (language: string, options: object) => new Intl.NumberFormat(language, options);
const relativeFormat = (language: string, options: object) => new Intl.RelativeTimeFormat(language, options);

function format(hass: Hass, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { language, time_format: hours, time_zone: zone } = hass.locale;
  const all: Intl.DateTimeFormatOptions = {
    ...options,
    ...(zone === "server" ? { timeZone: hass.config.time_zone } : {}),
    ...(options.hour && (hours === "12" || hours === "24")
      ? { hourCycle: hours === "12" ? "h12" : "h23" }
      : {}),
  };
  return kept("date", language, all, dateFormat);
}

/** Write a number as the owner's language does. */
export const number = (hass: Hass, value: number, options: Intl.NumberFormatOptions): string =>
  kept("number", hass.locale.language, options, numberFormat).format(value);

export const clock = (hass: Hass, time: number): string =>
  format(hass, { hour: "2-digit", minute: "2-digit" }).format(time);

export const exact = (hass: Hass, time: number): string =>
  format(hass, { weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(time);

export const day = (hass: Hass, time: number): string =>
  format(hass, { day: "numeric", month: "long" }).format(time);

export const monthOf = (hass: Hass, time: number): string =>
  format(hass, { month: "short", year: "numeric" }).format(time);

export const full = (hass: Hass, time: number): string =>
  format(hass, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(time);

/** A time within reach by its hour; else with its weekday, else by its date. */
export function moment(hass: Hass, time: number, now: number): string {
  const date = (at: number) => format(hass, { dateStyle: "short" }).format(at);
  const away = Math.abs(time - now);
  if (date(time) === date(now) || (time > now && away < 12 * HOUR)) return clock(hass, time);
  if (away < 6 * DAY) {
    return format(hass, { weekday: "short", hour: "2-digit", minute: "2-digit" }).format(time);
  }
  return format(hass, { day: "numeric", month: "short" }).format(time);
}

/** How long ago a report was captured; never a negative age. */
export function age(hass: Hass, time: number, now: number, justNow: string): string {
  const past = now - time;
  if (past < -AHEAD) return moment(hass, time, now);
  if (past < MINUTE) return justNow;
  const relative = kept("relative", hass.locale.language, { style: "short" }, relativeFormat);
  if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), "minute");
  if (past < DAY) return relative.format(-Math.floor(past / HOUR), "hour");
  return relative.format(-Math.floor(past / DAY), "day");
}

export const percent = (hass: Hass, value: number): string =>
  number(hass, value / 100, { style: "percent", maximumFractionDigits: 0 });

export type Tick = () => void;

/** Calls everybody who listens at a pace; its timer runs only while somebody does. */
class Pace {
  private readonly listeners = new Set<Tick>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly every: number) {}

  add(tick: Tick): void {
    this.listeners.add(tick);
    this.timer ??= setInterval(() => {
      for (const each of this.listeners) each();
    }, this.every);
  }

  delete(tick: Tick): void {
    this.listeners.delete(tick);
    if (this.listeners.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
}

export const minutes = new Pace(MINUTE);
export const seconds = new Pace(1000);
