/** Everything the templates of one card are made of, put together once a render. */

import type { Command, Phase } from "../car/command";
import { phaseOf } from "../car/command";
import { Car, deviceName, indexOf, type Maybe } from "../car/entities";
import { factsOf, type Facts } from "../car/facts";
import { CLOSABLE, TYRES } from "../car/parts";
import { sentence, type Look, type Sentence } from "../car/sentence";
import { bodyOf, BODIES, type BodyName } from "../drawing/bodies";
import type { Drawn, PartButton } from "../drawing/drawing";
import { paintOf } from "../drawing/paint";
import type { Device, Hass } from "../ha";
import { say, whyNot, type Speaker } from "../say";
import * as time from "../time";
import type { Words } from "../words";
import { actionsOf, type Action } from "./actions";
import { DEFAULT_LINES, LINES, type CardConfig, type Layout } from "./config";
import { lineOf, type LineView } from "./lines";

export interface View {
  hass: Hass;
  words: Words;
  config: CardConfig;
  layout: Layout;
  now: number;
  device: Device;
  car: Car;
  facts: Facts;
  name: string;
  extra: string;
  said: Sentence;
  text: string;
  why: string;
  command: Command | null;
  phase: Phase;
  headline: Headline | null;
  levels: LevelView[];
  age: string | null;
  drawn: Drawn;
  parts: PartButton[];
  picture: string | null;
  lines: LineView[];
  more: LineView[];
  actions: { shown: Action[]; more: Action[] };
  /** Why the other controls rest; null while nothing is on its way. */
  resting: string | null;
  speaker: Speaker;
}

export interface Headline {
  value: string;
  unit: string;
  entity: string;
  label: string;
}

export interface LevelView {
  kind: "battery" | "fuel";
  percent: number | null;
  limit: number | null;
  charging: boolean;
  text: string;
  entity: string;
}

export interface Inside {
  look: Look;
  forbidden: boolean;
  exceptions: Speaker["exceptions"];
}

/** Return what to show of a car; null where its device is not there. */
export function viewOf(
  hass: Hass,
  config: CardConfig,
  words: Words,
  layout: Layout,
  now: number,
  inside: Inside,
): View | null {
  const device = hass.devices[config.device_id];
  if (!device) return null;
  const car = new Car(hass, indexOf(hass, device.id));
  const facts = factsOf(car, now);
  const name = config.name || deviceName(device);
  const event = car.state("event.last_command");
  const speaker: Speaker = { hass, words, now, exceptions: inside.exceptions, ...(event ? { event } : {}) };
  const said = sentence(facts, inside.look);
  const context = { car, facts, words, said, name };
  const phase = facts.command ? phaseOf(facts.command, now, inside.look.dismissed) : "over";
  const drawn = drawnOf(car, facts, device, config, words);
  const chosen = config.lines ?? DEFAULT_LINES;
  const lines = (names: readonly (typeof LINES)[number][]) =>
    names.flatMap((line) => (LINES.includes(line) ? (lineOf(line, context) ?? []) : []));
  const more = once(() => lines(LINES.filter((line) => !chosen.includes(line))));
  const parts = once(() => partButtons(car, words));
  return {
    hass,
    words,
    config,
    layout,
    now,
    device,
    car,
    facts,
    name,
    extra: config.plate || newIn(device.model, name),
    said,
    text: say(speaker, said),
    why: said.rule === 4 && facts.command ? whyNot(speaker, facts.command) : "",
    command: facts.command,
    phase,
    headline: headlineOf(car, facts, config, words),
    levels: levelsOf(car, facts),
    age: facts.capturedAt === null ? null : time.age(hass, facts.capturedAt, now, words("age.just_now")),
    drawn,
    get parts() {
      return parts();
    },
    picture: pictureOf(car, config),
    lines: lines(chosen),
    get more() {
      return more();
    },
    actions: inside.forbidden ? { shown: [], more: [] } : actionsOf(context, config),
    resting: said.running
      ? words("resting", { sentence: say(speaker, { ...said, key: "asking" }) })
      : facts.moving === true
        ? words("resting_driving")
        : null,
    speaker,
  };
}

/** Work out what not every face shows when it is first asked for: values cost a format each. */
function once<T>(make: () => T): () => T {
  let made: { it: T } | undefined;
  return () => (made ??= { it: make() }).it;
}

/** A model that the name does not say already. */
function newIn(model: string | null | undefined, name: string): string {
  return model && !name.toLowerCase().includes(model.toLowerCase()) ? model : "";
}

function headlineOf(car: Car, facts: Facts, config: CardConfig, words: Words): Headline | null {
  const ranges = ["sensor.range_total", "sensor.range_electric", "sensor.range_fuel"];
  const levels = ["sensor.battery_level", "sensor.fuel_level"];
  const order = config.headline === "level" ? [...levels, ...ranges] : [...ranges, ...levels];
  const key =
    [...order, "sensor.odometer"].find((one) => car.told(one)) ?? order.find((one) => car.state(one));
  const state = key && car.state(key);
  if (!key || !state || (facts.capturedAt === null && !car.told(key))) return null;
  const label = words(`headline.${key.split(".")[1]}`);
  if (!car.told(key)) return { value: "–", unit: "", entity: state.entity_id, label };
  const parts = car.hass.formatEntityStateToParts?.(state);
  const unit = parts?.find(({ type }) => type === "unit")?.value;
  const value = parts
    ?.filter(({ type }) => type === "value")
    .map((part) => part.value)
    .join("");
  const entity = state.entity_id;
  if (value && unit !== undefined) return { value, unit, entity, label };
  const whole = car.hass.formatEntityState(state);
  const found = /^(\S+?)[\s\u00a0]?([^\d\s.,]\S*)?$/u.exec(whole);
  return { value: value || found?.[1] || whole, unit: unit ?? found?.[2] ?? "", entity, label };
}

function levelsOf(car: Car, facts: Facts): LevelView[] {
  const levels: LevelView[] = [];
  const battery = car.id("sensor.battery_level");
  if (battery && facts.battery) {
    levels.push({
      kind: "battery",
      ...facts.battery,
      charging: facts.chargingState === "charging" && !facts.stale,
      text: facts.battery.percent === null ? "–" : time.percent(car.hass, facts.battery.percent),
      entity: battery,
    });
  }
  const fuel = car.id("sensor.fuel_level");
  if (fuel && facts.fuel !== undefined) {
    const text = facts.fuel === null ? "–" : time.percent(car.hass, facts.fuel);
    levels.push({ kind: "fuel", percent: facts.fuel, limit: null, charging: false, text, entity: fuel });
  }
  return levels;
}

/** Countries that drive on the left, so that their drivers sit on the right. */
const DRIVES_LEFT = new Set("AU BD BB BN BS BW CY FJ GB GY HK ID IE IN JM JP KE LK MO MT MU MV MW MY MZ NA NP NZ PK SG SR SZ TH TT TZ UG ZA ZM ZW".split(" "));

function drawnOf(car: Car, facts: Facts, device: Device, config: CardConfig, words: Words): Drawn {
  const { hass } = car;
  const body = config.body && Object.hasOwn(BODIES, config.body) ? (config.body as BodyName) : bodyOf(device.model, device.name);
  const right =
    config.driver_side === "right" ||
    (config.driver_side !== "left" && DRIVES_LEFT.has(hass.config.country ?? ""));
  const charging = facts.chargingState === "charging" && !facts.stale;
  return {
    body,
    paint: paintOf(config.paint),
    facing: right ? "right" : "left",
    label: drawingLabel(facts, body, charging, words),
    parts: facts.parts,
    windows: windowsOf(car),
    tyres: tyresOf(car),
    plugged: facts.plugged === true,
    charging,
    lights: car.flag("binary_sensor.lights") === true,
    moves: !facts.stale,
  };
}

function drawingLabel(facts: Facts, body: BodyName, charging: boolean, words: Words): string {
  const said = [words(`option.body.${body}`), ...facts.open.map((part) => words(`open.${part}`))];
  if (facts.open.length === 0) {
    const states = CLOSABLE.map((part) => facts.parts[part]);
    const known = states.some((state) => state === "closed");
    said.push(words(known ? "line.closed" : "line.doors_unknown"));
  }
  if (charging) said.push(words("drawing.charging"));
  else if (facts.plugged === true) said.push(words("drawing.plugged"));
  return said.join(", ");
}

function windowsOf(car: Car): Record<string, number> {
  const open: Record<string, number> = {};
  for (const part of CLOSABLE) {
    const share = car.number(`sensor.${part}_position`);
    if (typeof share === "number") open[part] = share;
  }
  return open;
}

function tyresOf(car: Car): Drawn["tyres"] {
  const tyres: Record<string, { text: string; bad: boolean }> = {};
  const problem = car.flag("binary_sensor.tyre_problem") === true;
  const values = TYRES.map((key) => car.number(`sensor.${key}`));
  const most = Math.max(...values.map((value) => value ?? 0));
  for (const [at, key] of TYRES.entries()) {
    if (!car.state(`sensor.${key}`)) continue;
    const value = values[at];
    const text = once(() => car.text(`sensor.${key}`) ?? "–");
    tyres[key.replace("tyre_pressure_", "")] = {
      get text() {
        return text();
      },
      // The car says that one is wrong, not which: it is the one far below the best.
      bad: problem && typeof value === "number" && value < most * 0.88,
    };
  }
  return tyres;
}

function partButtons(car: Car, words: Words): PartButton[] {
  const buttons: PartButton[] = [];
  for (const part of [...CLOSABLE, "charge_flap", "lights"]) {
    const state = car.state(`binary_sensor.${part}`);
    if (state) buttons.push({ part, label: partLabel(car, part, words) });
  }
  for (const key of TYRES) {
    const state = car.state(`sensor.${key}`);
    if (!state) continue;
    const label = `${words(`part.${key.replace("_pressure", "")}`)}: ${car.text(`sensor.${key}`) ?? words("unknown")}`;
    buttons.push({ part: key.replace("_pressure", ""), label });
  }
  return buttons;
}

function partLabel(car: Car, part: string, words: Words): string {
  const state = car.state(`binary_sensor.${part}`)!;
  const told: Maybe<boolean> = car.flag(`binary_sensor.${part}`);
  const how = told === null ? words("unknown") : car.hass.formatEntityState(state);
  return `${words(`part.${part}`)}: ${how}`;
}

function pictureOf(car: Car, config: CardConfig): string | null {
  if (config.picture === "drawing" || config.picture === "none") return null;
  const picture = car.told("image.picture")?.attributes["entity_picture"];
  return typeof picture === "string" ? picture : null;
}
