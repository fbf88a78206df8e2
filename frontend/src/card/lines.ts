/** The lines under the bar: where, whether closed, the cabin, departures, and what else is chosen. */

import type { Car } from "../car/entities";
import type { Facts, Place } from "../car/facts";
import { CLOSABLE, DOORS, TYRES } from "../car/parts";
import type { Sentence, Tone } from "../car/sentence";
import { activeTimers, earliest, timersOf } from "../car/timers";
import { partOpen } from "../say";
import * as time from "../time";
import type { Words } from "../words";
import type { Line } from "./config";
import type { Icon } from "./icons";

export interface LineView {
  name: Line;
  icon: Icon;
  text: string;
  tone?: Tone;
  /** What a tap shows: an entity, or a sheet of the card. */
  entity?: string | undefined;
  sheet?: "place" | "parts" | "age";
}

interface Context {
  car: Car;
  facts: Facts;
  words: Words;
  said: Sentence;
}

/** Return a line, or nothing where the car has no such thing. */
export function lineOf(name: Line, context: Context): LineView | null {
  return MAKERS[name](context);
}

const muted = (name: Line, icon: Icon, text: string): LineView => ({ name, icon, text, tone: "muted" });

function place({ car, facts, words, said }: Context): LineView | null {
  const where = facts.place;
  if (where === undefined) return null;
  if (where === null) return muted("place", "map", words("line.place_unknown"));
  const address = car.text("sensor.parked_address");
  if (said.rule === 13 && !address) return null;
  const stands = facts.moving !== true && facts.ignition !== true;
  const since = facts.parkedAt === null || !stands ? null : time.moment(car.hass, facts.parkedAt, facts.now);
  const parts = [placeText(where, words), said.rule === 13 ? null : since];
  const named = parts[1]
    ? words("line.place_since", { place: parts[0] ?? "", time: parts[1] })
    : (parts[0] ?? "");
  return {
    name: "place",
    icon: where.home ? "home" : "map",
    text: address ? `${named} · ${address}` : named,
    sheet: "place",
  };
}

/** A zone before a distance, and that before nothing at all. */
export function placeText({ zone, distance }: Place, words: Words): string {
  return zone ?? (distance === null ? words("line.away") : words("line.distance", { distance }));
}

function security({ car, facts, words, said: sentence }: Context): LineView | null {
  const { locked, parts, open } = facts;
  const told = CLOSABLE.filter((part) => parts[part] !== "absent");
  const any = ["doors_open", "windows_open"].some((key) => car.flag(`binary_sensor.${key}`) === true);
  if (locked === undefined && told.length === 0) return null;
  const known = told.filter((part) => parts[part] !== "unknown");
  const said: string[] = [];
  if (locked !== undefined) {
    said.push(words(locked === null ? "line.lock_unknown" : locked ? "line.locked" : "line.unlocked"));
  }
  const named = sentence.rule === 5 && open.length > 0 && open.length <= 2;
  if (named) {
    // The sentence says it already.
  } else if (open.length > 4) said.push(words("line.open_many", { count: open.length }));
  else if (open.length > 0) said.push(...open.map((part) => partOpen(words, part)));
  else if (any) said.push(words("line.something_open"));
  else if (told.length > 0 && known.length === 0) said.push(words("line.doors_unknown"));
  else if (DOORS.some((part) => parts[part] === "unknown")) said.push(words("line.some_unknown"));
  else if (told.length > 0) said.push(words("line.closed"));
  const warn = open.length > 0 || any || (locked === false && facts.moving !== true);
  const nothing = locked === null && known.length === 0;
  return {
    name: "security",
    icon: locked === false ? "unlock" : open.length > 0 || any ? "door" : "lock",
    text: said.join(" · "),
    tone: nothing ? "muted" : warn ? "warning" : "neutral",
    sheet: "parts",
  };
}

function climate({ car, facts, words }: Context): LineView | null {
  const inside = car.state("sensor.inside_temperature");
  const outside = car.state("sensor.outside_temperature");
  if (!inside && !outside) return null;
  const texts = [
    car.text("sensor.inside_temperature") && words("line.inside", { value: car.text("sensor.inside_temperature")! }),
    car.text("sensor.outside_temperature") && words("line.outside", { value: car.text("sensor.outside_temperature")! }),
  ].filter(Boolean);
  const entity = car.id("climate.climate") ?? car.id("sensor.inside_temperature") ?? car.id("sensor.outside_temperature");
  if (texts.length === 0) return { ...muted("climate", "temperature", words("line.cabin_unknown")), entity };
  return {
    name: "climate",
    icon: facts.climate === true ? "fan" : "temperature",
    text: texts.join(" · "),
    entity,
  };
}

function timers({ car, facts, words }: Context): LineView | null {
  const all = timersOf(car);
  if (all.length === 0) return null;
  const entity = car.id("calendar.schedule") ?? all[0]?.time?.entity_id ?? all[0]?.toggle?.entity_id;
  const next = earliest(
    activeTimers(car).filter((timer) => !timer.window),
    facts.now,
  );
  if (!next) {
    return facts.chargeStartsAt === null
      ? { ...muted("timers", "calendar", words("line.no_departure")), entity }
      : {
          name: "timers",
          icon: "calendar",
          text: words("line.charge_window", { time: time.moment(car.hass, facts.chargeStartsAt, facts.now) }),
          entity,
        };
  }
  const at = time.moment(car.hass, next.at, facts.now);
  const what = next.timer.climate ? "line.departure_climate" : "line.departure";
  return { name: "timers", icon: "calendar", text: words(what, { time: at }), entity };
}

function tyres({ car, words }: Context): LineView | null {
  const problem = car.flag("binary_sensor.tyre_problem");
  const states = TYRES.map((key) => car.state(`sensor.${key}`));
  if (problem === undefined && states.every((state) => state === undefined)) return null;
  const entity = car.id("binary_sensor.tyre_problem") ?? car.id(`sensor.${TYRES[0]}`);
  const values = TYRES.map((key) => car.text(`sensor.${key}`) ?? "–");
  const told = values.some((value) => value !== "–");
  if (problem === true) {
    return { name: "tyres", icon: "tyre", text: words("line.tyres_bad"), tone: "danger", sheet: "parts" };
  }
  if (!told) {
    return problem === false
      ? { name: "tyres", icon: "tyre", text: words("line.tyres_good"), entity }
      : { ...muted("tyres", "tyre", words("line.tyres_unknown")), entity };
  }
  return { name: "tyres", icon: "tyre", text: words("line.tyres", { values: shared(values) }), sheet: "parts" };
}

/** Write a unit that all values have in common once. */
function shared(values: string[]): string {
  const unit = /[\s\u00a0]?[^\d\s\u00a0.,–]+$/u.exec(values.find((value) => value !== "–") ?? "")?.[0] ?? "";
  if (!unit || !values.every((value) => value === "–" || value.endsWith(unit))) return values.join(" · ");
  return `${values.map((value) => value.replace(unit, "")).join(" · ")}${unit}`;
}

function service({ car, facts, words }: Context): LineView | null {
  const states = ["sensor.service_due_distance", "sensor.service_due_on"].map((key) => car.state(key));
  if (states.every((state) => state === undefined)) return null;
  const entity = car.id("sensor.service_due_on") ?? car.id("sensor.service_due_distance");
  const due = facts.serviceAt === null ? null : time.monthOf(car.hass, facts.serviceAt);
  const said = [facts.serviceIn, due].filter(Boolean).join(" · ");
  if (!said) return { ...muted("service", "service", words("line.service_unknown")), entity };
  return { name: "service", icon: "service", text: words("line.service", { due: said }), entity };
}

function trip({ car, words }: Context): LineView | null {
  if (!car.state("sensor.last_trip_distance")) return null;
  const said = [
    car.text("sensor.last_trip_distance"),
    car.text("sensor.last_trip_duration"),
    car.text("sensor.last_trip_consumption_electric") ?? car.text("sensor.last_trip_consumption_fuel"),
  ].filter(Boolean);
  const entity = car.id("sensor.last_trip_distance");
  if (said.length === 0) return { ...muted("trip", "drive", words("line.trip_unknown")), entity };
  return { name: "trip", icon: "drive", text: words("line.trip", { trip: said.join(" · ") }), entity };
}

function account({ car, facts, words }: Context): LineView | null {
  const text = car.text("sensor.channel");
  if (!text) return null;
  const fine = facts.channel === "ok";
  return {
    name: "account",
    icon: fine ? "cloud_ok" : "cloud_alert",
    text: words("line.account", { state: text }),
    tone: fine ? "neutral" : "warning",
    sheet: "age",
  };
}

const MAKERS: Record<Line, (context: Context) => LineView | null> = {
  place,
  security,
  climate,
  timers,
  tyres,
  service,
  trip,
  account,
};
