/** What can be asked of a car now: each control with its call, its words and its guard. */

import type { Car } from "../car/entities";
import type { Facts } from "../car/facts";
import type { Words } from "../words";
import type { ButtonName, CardConfig } from "./config";
import type { Icon } from "./icons";

export interface Call {
  domain: string;
  service: string;
  data?: Record<string, unknown>;
  entity: string;
}

export interface Action {
  name: ButtonName;
  /** The kind of command, as receipts call it. */
  kind: string;
  icon: Icon;
  label: string;
  /** For a place where little fits. */
  short: string;
  /** With the car's name, for who does not see which card it is on. */
  spoken: string;
  calls: Call[];
  risky: boolean;
  /** What is asked before it is done, beyond its label. */
  question?: string;
  warning?: string | undefined;
  /** The form of the code that is typed for it. */
  code?: string | undefined;
  /** Reading on demand goes beside a running command. */
  beside?: boolean;
}

interface Context {
  car: Car;
  facts: Facts;
  words: Words;
  name: string;
}

const press = (entity: string): Call[] => [{ domain: "button", service: "press", entity }];

function lock({ car, facts, words }: Context): Partial<Action> | null {
  const entity = car.id("lock.doors");
  if (!entity || !car.can("lock.doors")) return null;
  const open = facts.locked === true;
  const code = car.state("lock.doors")?.attributes["code_format"] as string | undefined;
  const place = facts.place?.zone ?? facts.place?.distance;
  return {
    kind: open ? "unlock" : "lock",
    icon: open ? "unlock" : "lock",
    label: words(open ? "action.unlock" : "action.lock"),
    calls: [{ domain: "lock", service: open ? "unlock" : "lock", entity }],
    risky: open,
    question: place ? words("ask.unlock_at", { place }) : words("ask.unlock"),
    code,
  };
}

function climate({ car, facts, words }: Context): Partial<Action> | null {
  const entity = car.id("climate.climate");
  const state = car.state("climate.climate");
  if (!entity || !state || !car.can("climate.climate")) return null;
  const modes = (state.attributes["hvac_modes"] as string[] | undefined) ?? [];
  if (facts.climate === true) {
    if (!modes.includes("off")) return null;
    return {
      kind: "stop_climate",
      icon: "fan_off",
      label: words("action.stop_climate"),
      calls: [{ domain: "climate", service: "set_hvac_mode", data: { hvac_mode: "off" }, entity }],
    };
  }
  const level = facts.battery?.percent;
  const mode = modes.find((one) => one !== "off") ?? "heat_cool";
  return {
    kind: "start_climate",
    icon: "fan",
    label: words(facts.cooling === true ? "action.cool" : "action.warm"),
    calls: [{ domain: "climate", service: "set_hvac_mode", data: { hvac_mode: mode }, entity }],
    warning:
      typeof level === "number" && level < 20 && facts.plugged !== true
        ? words("ask.low_battery")
        : undefined,
  };
}

function charging({ car, facts, words }: Context): Partial<Action> | null {
  const entity = car.id("switch.charge_control");
  if (!entity || !car.can("switch.charge_control") || facts.plugged === false) return null;
  const on = car.flag("switch.charge_control") === true || facts.chargingState === "charging";
  return {
    kind: on ? "stop_charging" : "start_charging",
    icon: on ? "stop" : "play",
    label: words(on ? "action.stop_charging" : "action.start_charging"),
    ...(on ? { short: words("action.stop_charging.short") } : {}),
    calls: [{ domain: "switch", service: on ? "turn_off" : "turn_on", entity }],
  };
}

function defrost({ car, words }: Context): Partial<Action> | null {
  const entity = car.id("switch.defrost");
  if (!entity || !car.can("switch.defrost")) return null;
  const on = car.flag("switch.defrost") === true;
  return {
    kind: "set_defrost",
    icon: "defrost",
    label: words(on ? "action.stop_defrost" : "action.defrost"),
    calls: [{ domain: "switch", service: on ? "turn_off" : "turn_on", entity }],
  };
}

/** Stop the charge, then unlock, which frees the plug in most cars. */
function leave(context: Context): Partial<Action> | null {
  const { car, facts, words } = context;
  const opening = lock(context);
  if (facts.plugged !== true || opening?.kind !== "unlock" || !opening.calls) return null;
  const stop = facts.chargingState === "charging" ? charging(context)?.calls : [];
  if (!stop) return null;
  return {
    kind: "unlock",
    icon: "leave",
    label: words("action.leave"),
    calls: [...stop, ...opening.calls],
    risky: true,
    question: words(stop.length ? "ask.leave" : "ask.unlock"),
    code: car.state("lock.doors")?.attributes["code_format"] as string | undefined,
  };
}

function button(key: string, kind: string, icon: Icon, extra: (words: Words) => Partial<Action> = () => ({})) {
  return ({ car, words }: Context): Partial<Action> | null => {
    const entity = car.id(`button.${key}`);
    if (!entity || !car.can(`button.${key}`)) return null;
    return { kind, icon, label: words(`action.${key}`), calls: press(entity), ...extra(words) };
  };
}

const MAKERS: Record<ButtonName, (context: Context) => Partial<Action> | null> = {
  lock,
  climate,
  charging,
  defrost,
  leave,
  flash: button("flash", "honk_and_flash", "flash"),
  honk: button("honk", "honk_and_flash", "honk", (words) => ({ risky: true, question: words("ask.honk") })),
  refresh: button("refresh", "refresh", "refresh", () => ({ beside: true })),
  wake: button("wake", "wake", "wake", (words) => ({ risky: true, question: words("ask.wake") })),
};

const ORDER: ButtonName[] = ["lock", "climate", "charging", "defrost", "leave", "flash", "honk", "refresh", "wake"];
const SHOWN = 4;

/** Return what is on the card, and what is behind the dots. */
export function actionsOf(
  context: Context,
  config: CardConfig,
): { shown: Action[]; more: Action[] } {
  if (config.controls === false) return { shown: [], more: [] };
  const made = new Map<ButtonName, Action>();
  for (const name of ORDER) {
    const action = MAKERS[name](context);
    if (!action) continue;
    const label = action.label ?? "";
    made.set(name, {
      name,
      kind: name,
      icon: "power",
      label,
      short: label,
      calls: [],
      risky: false,
      ...action,
      spoken: context.words("action.of_car", { action: label, car: context.name }),
    });
  }
  const chosen = Array.isArray(config.buttons)
    ? config.buttons
    : ORDER.filter((name) => name === "lock" || name === "climate" || name === "charging");
  let shown = chosen.flatMap((name) => made.get(name) ?? []);
  const rest = ORDER.flatMap((name) => made.get(name) ?? []).filter((one) => !shown.includes(one));
  const room = rest.length > 0 || shown.length > SHOWN ? SHOWN - 1 : SHOWN;
  const over = shown.slice(room);
  shown = shown.slice(0, room);
  return { shown, more: [...over, ...rest] };
}
