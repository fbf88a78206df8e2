/** What an owner may choose of a card; only the car is required. */

import { BODY_NAMES } from "../drawing/bodies";
import { cars, DOMAIN } from "../car/entities";
import type { Hass } from "../ha";
import { wordsOf } from "../words";

export const CARD = "carport-car-card";
export const CARD_TYPE = `custom:${CARD}`;

export const LINES = ["place", "security", "climate", "timers", "tyres", "service", "trip", "account"] as const;
export const BUTTONS = ["lock", "climate", "charging", "defrost", "leave", "flash", "honk", "refresh"] as const;
export const LAYOUTS = ["auto", "strip", "compact", "full"] as const;

export type Line = (typeof LINES)[number];
export type ButtonName = (typeof BUTTONS)[number] | "wake";
export type Layout = "strip" | "compact" | "full" | "wide" | "panel";

const FACES: readonly unknown[] = [...LAYOUTS, "wide", "panel"];

export interface ActionConfig {
  action: string;
  [key: string]: unknown;
}

export interface CardConfig {
  type: string;
  device_id: string;
  name?: string | null;
  plate?: string | null;
  layout?: (typeof LAYOUTS)[number];
  picture?: "auto" | "drawing" | "maker" | "none";
  body?: string;
  paint?: string;
  driver_side?: "auto" | "left" | "right";
  headline?: "auto" | "range" | "level";
  lines?: Line[];
  buttons?: "auto" | ButtonName[];
  controls?: boolean;
  map?: "away" | "always" | "never";
  confirm?: "risky" | "always" | "never";
  tap_action?: ActionConfig;
  hold_action?: ActionConfig;
  double_tap_action?: ActionConfig;
}

export const DEFAULT_LINES: Line[] = ["place", "security", "climate", "timers"];

/** Refuse what no card can be made of; whatever is not known here is kept, and not used. */
export function checked(config: unknown): CardConfig {
  if (typeof config !== "object" || config === null) throw new Error("The configuration is not a mapping");
  const given = config as Partial<CardConfig>;
  if (typeof given.device_id !== "string" || given.device_id === "") {
    throw new Error("device_id is missing: choose a car");
  }
  for (const key of ["lines", "buttons"] as const) {
    const value = given[key];
    if (value !== undefined && value !== null && value !== "auto" && !Array.isArray(value)) {
      throw new Error(`${key} has to be a list`);
    }
  }
  const made = { ...given } as CardConfig;
  // A name may be a number, as those of some models are.
  for (const key of ["name", "plate"] as const) {
    const value: unknown = given[key];
    if (typeof value === "number") made[key] = String(value);
    else if (value !== undefined && value !== null && typeof value !== "string") throw new Error(`${key} has to be a text`);
  }
  if (!FACES.includes(given.layout ?? "auto")) made.layout = "auto";
  if (!Array.isArray(given.lines)) delete made.lines;
  return made;
}

export function stubConfig(hass: Hass): CardConfig {
  return { type: CARD_TYPE, device_id: cars(hass)[0]?.id ?? "" };
}

/** The form is asked for without a `hass`, after a card of the same language was shown. */
export function configForm(language: string) {
  const words = wordsOf(language);
  const options = (name: string, values: readonly string[]) => ({
    select: {
      mode: "dropdown",
      options: values.map((value) => ({ value, label: words(`option.${name}.${value}`) || value })),
    },
  });
  const several = (name: string, values: readonly string[]) => ({
    select: {
      multiple: true,
      reorder: true,
      options: values.map((value) => ({ value, label: words(`option.${name}.${value}`) || value })),
    },
  });
  const drawn = { field: "picture", operator: "not_in", value: ["none"] };
  const schema = [
    { name: "device_id", required: true, selector: { device: { filter: [{ integration: DOMAIN }] } } },
    {
      name: "",
      type: "grid",
      schema: [
        { name: "name", selector: { text: {} } },
        { name: "plate", selector: { text: {} } },
      ],
    },
    {
      name: "look",
      type: "expandable",
      flatten: true,
      title: words("editor.look"),
      schema: [
        { name: "layout", selector: options("layout", LAYOUTS) },
        { name: "headline", selector: options("headline", ["auto", "range", "level"]) },
        { name: "picture", selector: options("picture", ["auto", "drawing", "maker", "none"]) },
        { name: "body", visible: drawn, selector: options("body", ["auto", ...BODY_NAMES]) },
        { name: "paint", visible: drawn, selector: { ui_color: {} } },
        { name: "driver_side", visible: drawn, selector: options("driver_side", ["auto", "left", "right"]) },
      ],
    },
    {
      name: "content",
      type: "expandable",
      flatten: true,
      title: words("editor.content"),
      schema: [
        { name: "lines", selector: several("lines", LINES) },
        { name: "buttons", selector: several("buttons", BUTTONS) },
        { name: "controls", default: true, selector: { boolean: {} } },
        { name: "confirm", selector: options("confirm", ["risky", "always", "never"]) },
        { name: "map", selector: options("map", ["away", "always", "never"]) },
      ],
    },
    {
      name: "interactions",
      type: "expandable",
      flatten: true,
      title: words("editor.interactions"),
      schema: ["tap_action", "hold_action", "double_tap_action"].map((name) => ({
        name,
        selector: { ui_action: { default_action: name === "tap_action" ? "more-info" : "none" } },
      })),
    },
  ];
  return {
    schema,
    computeLabel: (field: { name: string }) => words(`editor.${field.name}`) || undefined,
    computeHelper: (field: { name: string }) => words(`editor.${field.name}.help`) || undefined,
    assertConfig: (config: unknown) => void checked(config),
  };
}
