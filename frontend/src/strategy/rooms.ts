/** Everything about one car, sorted as a person would look for it. */

import { deviceName, indexOf, isCar } from "../car/entities";
import { CLOSABLE, TYRES } from "../car/parts";
import { CARD_TYPE } from "../card/config";
import { HISTORY } from "../card/history";
import type { Device, DisplayEntity, Hass } from "../ha";
import type { Words } from "../words";

export interface Room {
  title: string;
  icon: string;
  entities: string[];
}

const binary = (keys: readonly string[]) => keys.map((key) => `binary_sensor.${key}`);
const sensor = (keys: readonly string[]) => keys.map((key) => `sensor.${key}`);

/** Which keys stand in which room; an entity goes to the first that names it. */
const ROOMS: readonly { title: string; icon: string; keys: readonly string[] }[] = [
  {
    title: "strategy.controls",
    icon: "mdi:gesture-tap-button",
    keys: ["lock.doors", "climate.climate", "switch.charge_control", "switch.defrost", "switch.window_heating", "switch.auxiliary_heating", "switch.ventilation", "button.refresh", "button.flash", "button.honk_flash", "button.honk", "button.wake"],
  },
  {
    title: "strategy.charging",
    icon: "mdi:ev-station",
    keys: [
      ...sensor(["charging_state", "battery_level", "charging_power", "charge_complete_at", "charging_speed", "energy_charged", "energy_charged_home", "energy_charged_away", "charge_cost", "battery_energy"]),
      "number.charge_limit", "number.charge_limit_min", "select.charge_mode", "select.max_charge_current_word", "number.max_charge_current",
      ...binary(["plugged_in", "charging", "plug_locked", "charge_flap", "charging_problem"]),
      "switch.auto_unlock_plug",
    ],
  },
  {
    title: "strategy.doors",
    icon: "mdi:car-door",
    keys: binary(["locked", "unsecured", "doors_open", "windows_open", ...CLOSABLE, "lights", "parking_light_left", "parking_light_right"]),
  },
  {
    title: "strategy.climate",
    icon: "mdi:thermometer",
    keys: [...sensor(["inside_temperature", "outside_temperature", "climate_until", "climate_starts_at"]), ...binary(["climate_active", "climate_scheduled"]), "switch.climate_on_battery"],
  },
  {
    title: "strategy.timers",
    icon: "mdi:calendar-clock",
    keys: ["switch.timers", "switch.timer", "time.timer_time"],
  },
  {
    title: "strategy.driving",
    icon: "mdi:road-variant",
    keys: [
      "device_tracker.location",
      ...sensor(["parked_at", "odometer", "range_total", "range_electric", "range_fuel", "fuel_level", "fuel_volume", "speed", "consumption_electric", "consumption_fuel", "last_trip_distance", "last_trip_duration", "last_trip_consumption_electric", "last_trip_consumption_fuel", "last_trip_ended_at"]),
      ...binary(["ignition", "moving"]),
    ],
  },
  {
    title: "strategy.health",
    icon: "mdi:car-wrench",
    keys: [
      ...sensor(["health", "warning_lights", "service_due_distance", "service_due_on", "inspection_due_on", "inspection_due_distance", "oil_service_due_distance", "oil_service_due_on", "oil_level", "battery_12v_voltage", ...TYRES]),
      ...binary(["tyre_problem", "battery_12v_low"]),
    ],
  },
  {
    title: "strategy.data",
    icon: "mdi:cloud-check-outline",
    keys: ["image.picture", ...sensor(["channel", "captured_at", "data_age"]), "binary_sensor.data_stale", "event.last_command", "select.poll_profile"],
  },
];

/** Return the rooms of a car that have anything in them; the last has what no other took. */
export function roomsOf(hass: Hass, deviceId: string, words: Words): Room[] {
  const index = indexOf(hass, deviceId);
  // The calendar stands by itself, above the rooms.
  const placed = new Set<string>(index.get("calendar.schedule"));
  const rooms: Room[] = [];
  for (const { title, icon, keys } of ROOMS) {
    const entities = keys.flatMap((key) => index.get(key) ?? []).filter((id) => shown(hass, id) && !placed.has(id));
    // A timer's switch and its time side by side; what is no timer has no number.
    entities.sort((one, other) => numberOf(hass, one) - numberOf(hass, other));
    for (const id of entities) placed.add(id);
    if (entities.length > 0) rooms.push({ title: words(title), icon, entities });
  }
  const rest = Object.values(hass.entities)
    .filter(({ device_id, entity_id }) => device_id === deviceId && !placed.has(entity_id) && shown(hass, entity_id))
    .map(({ entity_id }: DisplayEntity) => entity_id)
    .sort();
  if (rest.length > 0) rooms.push({ title: words("strategy.rest"), icon: "mdi:dots-horizontal", entities: rest });
  return rooms;
}

const numberOf = (hass: Hass, id: string): number => Number(hass.states[id]?.attributes["number"] ?? 0);

const shown = (hass: Hass, id: string): boolean => hass.entities[id]?.hidden !== true && hass.states[id] !== undefined;

/** What is heard, or costs something, is asked once more. */
const LOUD = new Set(["button.honk", "button.honk_flash", "button.wake"]);

const FEATURES: Record<string, object[]> = {
  "lock.doors": [{ type: "lock-commands" }],
  "climate.climate": [{ type: "climate-hvac-modes" }, { type: "target-temperature" }],
  "number.charge_limit": [{ type: "numeric-input", style: "slider" }],
};

/** Return a room as a section: a heading, and a tile for each of its entities. */
export function roomSection(hass: Hass, room: Room): object {
  return {
    type: "grid",
    cards: [
      { type: "heading", heading: room.title, icon: room.icon, heading_style: "title" },
      ...room.entities.map((entity) => tile(hass, entity)),
    ],
  };
}

function tile(hass: Hass, entity: string): object {
  const key = `${entity.split(".")[0]}.${hass.entities[entity]?.translation_key ?? ""}`;
  const features = FEATURES[key];
  const name = { type: "entity" };
  if (key.startsWith("button.")) {
    const press = {
      action: "perform-action",
      perform_action: "button.press",
      target: { entity_id: entity },
      ...(LOUD.has(key) ? { confirmation: true } : {}),
    };
    return { type: "tile", entity, name, hide_state: true, tap_action: press, icon_tap_action: press, grid_options: { columns: 6 } };
  }
  return features
    ? { type: "tile", entity, name, features, grid_options: { columns: 12 } }
    : { type: "tile", entity, name, grid_options: { columns: 6 } };
}

/** Return what there is of the account that the car belongs to. */
function accountRooms(hass: Hass, car: Device): Room[] {
  return Object.values(hass.devices)
    .filter((device) => device.entry_type === "service" && device.config_entry_id === car.config_entry_id && !isCar(device))
    .map((device) => ({
      title: deviceName(device),
      icon: "mdi:account-key-outline",
      entities: [...indexOf(hass, device.id).values()].flat().filter((id) => shown(hass, id)),
    }))
    .filter(({ entities }) => entities.length > 0);
}

/** Return everything about one car as sections, the card first. */
export function carSections(hass: Hass, device: Device, words: Words, span: number): object[] {
  const index = indexOf(hass, device.id);
  const graph = ["sensor.battery_level", "sensor.fuel_level", "sensor.range_total"].flatMap((key) => index.get(key) ?? []);
  const calendar = index.get("calendar.schedule")?.[0];
  const sections: object[] = [
    {
      type: "grid",
      column_span: span,
      cards: [{ type: CARD_TYPE, device_id: device.id, grid_options: { columns: "full", rows: "auto" } }],
    },
  ];
  if (graph.length > 0) {
    sections.push({
      type: "grid",
      cards: [
        { type: "heading", heading: words("strategy.energy"), icon: "mdi:chart-line", heading_style: "title" },
        { type: "history-graph", hours_to_show: 72, entities: graph.map((entity) => ({ entity })), grid_options: { columns: 12 } },
        ...(calendar ? [{ type: "calendar", entities: [calendar], initial_view: "listWeek", grid_options: { columns: 12 } }] : []),
      ],
    });
  }
  const receipts = index.get("event.last_command")?.[0];
  sections.push({
    type: "grid",
    cards: [
      { type: "heading", heading: words("strategy.history"), icon: "mdi:history", heading_style: "title" },
      { type: `custom:${HISTORY}`, device_id: device.id },
      ...(receipts && hass.config.components?.includes("logbook")
        ? [{ type: "logbook", target: { entity_id: [receipts] }, hours_to_show: 168, grid_options: { columns: 12, rows: 4 } }]
        : []),
    ],
  });
  const rooms = [...roomsOf(hass, device.id, words), ...accountRooms(hass, device)];
  return [...sections, ...rooms.map((room) => roomSection(hass, room))];
}
