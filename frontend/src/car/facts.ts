/** What a sentence and a card are made of: a plain record, read from the car's entities once a change. */

import { commandOf, type Command } from "./command";
import { type Car, type Maybe } from "./entities";
import { openParts, partsOf, type Parts } from "./parts";
import { number } from "../time";
import { activeTimers, earliest } from "./timers";

export type Channel = "ok" | "degraded" | "throttled" | "needs_owner" | "closed_by_maker";

export interface Place {
  home: boolean;
  /** The name of a zone; null for a place without one. */
  zone: string | null;
  /** The distance from home, with its unit; null where no position is told. */
  distance: string | null;
}

export interface Level {
  percent: number | null;
  /** To where it will be charged. */
  limit: number | null;
}

export interface Facts {
  now: number;
  channel: Maybe<Channel>;
  channelUntil: number | null;
  capturedAt: number | null;
  stale: boolean;
  command: Command | null;
  /** What the lock is at, even where no receipt is told. */
  locking: "locking" | "unlocking" | null;
  place: Maybe<Place>;
  parkedAt: number | null;
  locked: Maybe<boolean>;
  unsecured: Maybe<boolean>;
  parts: Parts;
  open: string[];
  moving: Maybe<boolean>;
  ignition: Maybe<boolean>;
  battery: Maybe<Level>;
  fuel: Maybe<number>;
  plugged: Maybe<boolean>;
  chargingState: Maybe<string>;
  chargingPower: string | undefined;
  completeAt: number | null;
  chargeStartsAt: number | null;
  chargingProblem: Maybe<boolean>;
  chargingDetail: string | undefined;
  climate: Maybe<boolean>;
  target: string | undefined;
  cooling: boolean | null;
  climateUntil: number | null;
  defrost: Maybe<boolean>;
  health: Maybe<string>;
  healthText: string | null;
  serviceAt: number | null;
  serviceIn: string | undefined;
}

export function factsOf(car: Car, now: number): Facts {
  const channel = car.state("sensor.channel");
  const parts = partsOf(car);
  return {
    now,
    channel: car.word("sensor.channel") as Maybe<Channel>,
    channelUntil: dateOf(channel?.attributes["until"]),
    capturedAt: car.moment("sensor.captured_at") ?? null,
    stale: car.flag("binary_sensor.data_stale") === true,
    command: commandOf(car),
    locking: lockingOf(car),
    place: placeOf(car),
    parkedAt: car.moment("sensor.parked_at") ?? null,
    locked: lockedOf(car),
    unsecured: car.flag("binary_sensor.unsecured"),
    parts,
    open: openParts(parts),
    moving: car.flag("binary_sensor.moving"),
    ignition: car.flag("binary_sensor.ignition"),
    battery: batteryOf(car),
    fuel: car.number("sensor.fuel_level"),
    ...chargingOf(car, now),
    ...climateOf(car),
    ...healthOf(car),
  };
}

const dateOf = (told: unknown): number | null => {
  const time = typeof told === "string" ? Date.parse(told) : NaN;
  return Number.isNaN(time) ? null : time;
};

function lockingOf(car: Car): Facts["locking"] {
  const state = car.word("lock.doors");
  return state === "locking" || state === "unlocking" ? state : null;
}

function lockedOf(car: Car): Maybe<boolean> {
  const lock = car.word("lock.doors");
  if (lock === "locked" || lock === "unlocked") return lock === "locked";
  // Home Assistant's lock class is on when unlocked.
  const central = car.flag("binary_sensor.locked");
  if (central !== undefined && central !== null) return !central;
  return lock === undefined ? central : null;
}

function placeOf(car: Car): Maybe<Place> {
  const state = car.state("device_tracker.location");
  if (state === undefined) return undefined;
  if (car.told("device_tracker.location") === undefined) return null;
  const { latitude, longitude } = state.attributes as Record<string, number | undefined>;
  const home = state.state === "home";
  return {
    home,
    zone: state.state === "not_home" ? null : car.hass.formatEntityState(state),
    distance:
      home || latitude === undefined || longitude === undefined
        ? null
        : distanceText(car, latitude, longitude),
  };
}

function distanceText(car: Car, latitude: number, longitude: number): string {
  const { config } = car.hass;
  const rad = Math.PI / 180;
  const half = (from: number, to: number) => Math.sin(((to - from) * rad) / 2) ** 2;
  const a =
    half(config.latitude, latitude) +
    Math.cos(config.latitude * rad) *
      Math.cos(latitude * rad) *
      half(config.longitude, longitude);
  const km = 12_742 * Math.asin(Math.min(1, Math.sqrt(a)));
  const miles = config.unit_system.length === "mi";
  const value = miles ? km / 1.609344 : km;
  return number(car.hass, value, {
    style: "unit",
    unit: miles ? "mile" : "kilometer",
    unitDisplay: "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  });
}

function batteryOf(car: Car): Maybe<Level> {
  const percent = car.number("sensor.battery_level");
  if (percent === undefined) return undefined;
  return { percent, limit: car.number("number.charge_limit") ?? null };
}

function chargingOf(car: Car, now: number) {
  const told = car.word("sensor.charging_state");
  const flag = car.flag("binary_sensor.charging");
  const plugged = car.flag("binary_sensor.plugged_in");
  const start = earliest(
    activeTimers(car).filter((timer) => timer.window),
    now,
  );
  return {
    plugged:
      plugged ?? (typeof told === "string" ? told !== "disconnected" : plugged),
    chargingState: told ?? (flag === true ? "charging" : told),
    chargingPower: (car.number("sensor.charging_power") ?? 0) > 0
      ? car.text("sensor.charging_power")
      : undefined,
    completeAt: car.moment("sensor.charge_complete_at") ?? null,
    chargeStartsAt: start?.at ?? null,
    chargingProblem: car.flag("binary_sensor.charging_problem"),
    chargingDetail: car.text("sensor.charging_detail") ?? car.text("sensor.last_charge_end"),
  };
}

function climateOf(car: Car) {
  const state = car.told("climate.climate");
  const active = car.flag("binary_sensor.climate_active");
  const target = state?.attributes["temperature"] as number | undefined | null;
  const inside =
    (state?.attributes["current_temperature"] as number | undefined | null) ??
    car.number("sensor.inside_temperature") ??
    car.number("sensor.outside_temperature");
  const climate = state ? state.state !== "off" : (active ?? (car.state("climate.climate") ? null : active));
  return {
    climate,
    target:
      state && climate === true && typeof target === "number"
        ? car.hass.formatEntityAttributeValue(state, "temperature")
        : undefined,
    cooling: typeof target === "number" && typeof inside === "number" ? inside > target : null,
    climateUntil: car.moment("sensor.climate_until") ?? null,
    defrost: car.flag("switch.defrost"),
  };
}

function healthOf(car: Car) {
  const state = car.told("sensor.health");
  const messages = state?.attributes["messages"] as { text?: string; severity?: string }[] | undefined;
  const worst = messages?.find((message) => message.severity === state?.state) ?? messages?.[0];
  return {
    health: car.word("sensor.health"),
    healthText: worst?.text ?? null,
    serviceAt: car.moment("sensor.service_due_on") ?? null,
    serviceIn: car.text("sensor.service_due_distance"),
  };
}
