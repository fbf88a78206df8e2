/** A dashboard of all cars, made when it is opened. */

import { cars, deviceName, indexOf } from "../car/entities";
import { CARD_TYPE } from "../card/config";
import type { Device, Hass } from "../ha";
import { load, wordsOf, type Words } from "../words";
import { carSections } from "./rooms";

export interface DashboardConfig {
  type: string;
  /** Devices to leave out. */
  exclude?: string[];
  /** Devices in the order of their cards; the others follow by name. */
  order?: string[];
  map?: boolean;
}

export interface CarConfig {
  type: string;
  device_id: string;
}

/** From so many cars on their cards are small. */
const MANY = 5;
const LOW = 15;

export class CarportDashboardStrategy extends HTMLElement {
  static registryDependencies = ["entities", "devices", "areas"];

  static async generate(config: DashboardConfig, hass: Hass): Promise<object> {
    const words = await wordsFor(hass);
    const shown = chosen(hass, config);
    const views: object[] = [overview(hass, shown, words)];
    const trackers = shown.flatMap((car) => indexOf(hass, car.id).get("device_tracker.location") ?? []);
    if (trackers.length > 0 && config.map !== false) {
      views.push({
        title: words("strategy.map"),
        path: "map",
        icon: "mdi:map",
        type: "panel",
        cards: [{ type: "map", entities: trackers, auto_fit: true, theme_mode: "auto" }],
      });
    }
    return { title: words("strategy.title"), views: [...views, ...shown.map(carView)] };
  }

  static getCreateSuggestions(hass: Hass): object {
    return { title: wordsOf(hass.locale.language)("strategy.title"), icon: "mdi:car-multiple" };
  }

  static getConfigElement(): HTMLElement {
    return document.createElement("carport-dashboard-editor");
  }
}

/** The page of one car; its content is made when it is opened. */
export class CarportCarViewStrategy extends HTMLElement {
  static registryDependencies = ["entities", "devices"];

  static async generate(config: CarConfig, hass: Hass): Promise<object> {
    const words = await wordsFor(hass);
    const device = hass.devices[config.device_id];
    if (!device) return empty(words);
    return { type: "sections", max_columns: 3, sections: carSections(hass, device, words, 3) };
  }
}

/** Everything about one car, for a page that somebody puts together. */
export class CarportCarSectionStrategy extends HTMLElement {
  static registryDependencies = ["entities", "devices"];

  static async generate(config: CarConfig, hass: Hass): Promise<object> {
    const words = await wordsFor(hass);
    const device = hass.devices[config.device_id];
    if (!device) return { type: "grid", cards: [note(words)] };
    const sections = carSections(hass, device, words, 1) as { cards: object[] }[];
    return { type: "grid", cards: sections.flatMap(({ cards }) => cards) };
  }

  static getStubConfig(hass: Hass): object {
    return { device_id: cars(hass)[0]?.id };
  }
}

async function wordsFor(hass: Hass): Promise<Words> {
  await load(hass.locale.language);
  return wordsOf(hass.locale.language);
}

function chosen(hass: Hass, config: DashboardConfig): Device[] {
  // A key without a value, as YAML allows it, is null.
  const exclude = config.exclude ?? [];
  const order = config.order ?? [];
  const place = ({ id }: Device) => (order.includes(id) ? order.indexOf(id) : order.length);
  return cars(hass)
    .filter(({ id, disabled_by }) => !exclude.includes(id) && !disabled_by)
    .sort((one, other) => place(one) - place(other) || deviceName(one).localeCompare(deviceName(other)));
}

export const pathOf = (device: Device): string => `car-${device.id}`;

const carView = (device: Device): object => ({
  title: deviceName(device),
  path: pathOf(device),
  subview: true,
  strategy: { type: "custom:carport-car", device_id: device.id },
});

function overview(hass: Hass, shown: Device[], words: Words): object {
  const view = { title: words("strategy.title"), path: "cars", icon: "mdi:car-multiple", type: "sections" };
  if (shown.length === 0) return { ...view, ...empty(words) };
  return {
    ...view,
    max_columns: 4,
    badges: shown.flatMap((device) => attention(hass, device)),
    sections: places(hass, shown).map(({ title, devices }) => ({
      type: "grid",
      cards: [
        ...(title ? [{ type: "heading", heading: title, icon: "mdi:garage-variant", heading_style: "title" }] : []),
        ...devices.map((device) => cardOf(device, shown.length >= MANY)),
      ],
    })),
  };
}

/** Put the cars of an area under its name; a car without one stands by itself, in its turn. */
function places(hass: Hass, shown: Device[]): { title: string; devices: Device[] }[] {
  const found: { title: string; devices: Device[] }[] = [];
  for (const device of shown) {
    const title = (device.area_id && hass.areas?.[device.area_id]?.name) || "";
    const there = title && found.find((place) => place.title === title);
    if (there) there.devices.push(device);
    else found.push({ title, devices: [device] });
  }
  return found;
}

function cardOf(device: Device, small: boolean): object {
  const [, dashboard] = location.pathname.split("/");
  return {
    type: CARD_TYPE,
    device_id: device.id,
    ...(small ? { layout: "compact" } : {}),
    tap_action: { action: "navigate", navigation_path: `/${dashboard}/${pathOf(device)}` },
  };
}

/** Badges that are there only while their car wants something. */
function attention(hass: Hass, device: Device): object[] {
  const index = indexOf(hass, device.id);
  const badge = (key: string, condition: object, color: string): object[] =>
    (index.get(key) ?? []).map((entity) => ({
      type: "entity",
      entity,
      name: [{ type: "device" }, { type: "entity" }],
      show_name: true,
      color,
      visibility: [{ entity, ...condition }],
    }));
  return [
    ...badge("binary_sensor.unsecured", { condition: "state", state: "on" }, "red"),
    ...badge("sensor.channel", { condition: "state", state: "needs_owner" }, "orange"),
    ...badge("sensor.battery_level", { condition: "numeric_state", below: LOW }, "orange"),
  ];
}

const note = (words: Words): object => ({ type: "markdown", content: words("strategy.no_cars") });

const empty = (words: Words): object => ({ type: "sections", sections: [{ type: "grid", cards: [note(words)] }] });
