import { describe, expect, test } from "vitest";

import { commandOf, elapsed } from "../src/car/command";
import { Car, cars, indexOf, momentOf } from "../src/car/entities";
import { factsOf } from "../src/car/facts";
import { openParts, partsOf } from "../src/car/parts";
import { activeTimers, earliest, timersOf } from "../src/car/timers";
import { checked } from "../src/card/config";
import { bodyOf } from "../src/drawing/bodies";
import { paintOf } from "../src/drawing/paint";
import type { Hass } from "../src/ha";
import { getEntitySuggestion } from "../src/register";
import { age, minutes, moment } from "../src/time";
import { NOW, MINUTE } from "./facts";

type Told = Record<string, [string, Record<string, unknown>?][]>;

function hassOf(told: Told, device: object = {}): Hass {
  const states: Record<string, object> = {};
  const entities: Record<string, object> = {};
  for (const [key, list] of Object.entries(told)) {
    const [domain, word] = key.split(".");
    for (const [number, [state, attributes = {}]] of list.entries()) {
      const id = `${domain}.renamed_${word}_${number}`;
      states[id] = { entity_id: id, state, attributes };
      entities[id] = { entity_id: id, device_id: "d1", platform: "carport", translation_key: word };
    }
  }
  return {
    states,
    entities,
    devices: {
      d1: { id: "d1", identifiers: [["carport", "VIN"]], name: "Aurora", ...device },
      a1: { id: "a1", identifiers: [["carport", "entry"]], name: "Account", entry_type: "service" },
      x1: { id: "x1", identifiers: [["hue", "1"]], name: "Lamp" },
    },
    locale: { language: "en", time_format: "24" },
    config: { latitude: 52, longitude: 10, unit_system: { length: "km" }, time_zone: "UTC" },
    formatEntityState: (state: { state: string }) => state.state,
    formatEntityAttributeValue: (state: { attributes: Record<string, unknown> }, name: string) => String(state.attributes[name]),
  } as unknown as Hass;
}

const carOf = (told: Told): Car => {
  const hass = hassOf(told);
  return new Car(hass, indexOf(hass, "d1"));
};

describe("a car's entities", () => {
  test("are found by key, whatever they are called; accounts and others are no cars", () => {
    const hass = hassOf({ "sensor.range_total": [["312"]] });
    expect(cars(hass).map(({ id }) => id)).toEqual(["d1"]);
    expect(carOf({ "sensor.range_total": [["312"]] }).number("sensor.range_total")).toBe(312);
  });

  test("unknown is not absent, and neither is a value", () => {
    const car = carOf({ "binary_sensor.boot": [["unavailable"]], "sensor.odometer": [["unknown"]] });
    expect(car.flag("binary_sensor.boot")).toBeNull();
    expect(car.number("sensor.odometer")).toBeNull();
    expect(car.flag("binary_sensor.bonnet")).toBeUndefined();
  });

  test("two of one key on two platforms are told apart", () => {
    const car = carOf({ "number.max_charge_current": [["10"]], "select.max_charge_current_word": [["max"]] });
    expect(car.word("select.max_charge_current_word")).toBe("max");
    expect(car.word("number.max_charge_current")).toBe("10");
  });

  test("a day begins at its local midnight", () => {
    expect(momentOf("2026-03-22")).toBe(new Date(2026, 2, 22).getTime());
    expect(momentOf("nonsense")).toBeNull();
  });
});

describe("parts", () => {
  test("a common sensor that is closed speaks for each, one that is open for none", () => {
    expect(partsOf(carOf({ "binary_sensor.doors_open": [["off"]] }))["door_rear_left"]).toBe("closed");
    expect(partsOf(carOf({ "binary_sensor.doors_open": [["on"]] }))["door_rear_left"]).toBe("unknown");
    expect(partsOf(carOf({}))["door_rear_left"]).toBe("absent");
  });

  test("an open charge flap is nothing to worry about", () => {
    const parts = partsOf(carOf({ "binary_sensor.charge_flap": [["on"]], "binary_sensor.boot": [["on"]] }));
    expect(openParts(parts)).toEqual(["boot"]);
  });
});

describe("timers", () => {
  const told = (number: number, at: string, on: string, more: object = {}): Told => ({
    "switch.timer": [[on, { number, days: [], ...more }]],
    "time.timer_time": [[at, { number, days: [], ...more }]],
  });

  test("switch and time of one number are one timer", () => {
    const [timer] = timersOf(carOf(told(2, "07:15:00", "on", { climate: true })));
    expect(timer).toMatchObject({ number: 2, at: 435, on: true, climate: true });
  });

  test("the next time is on one of its days", () => {
    const now = new Date(2026, 2, 10, 18, 30).getTime(); // a Tuesday
    const next = (more: object) => earliest(timersOf(carOf(told(1, "07:00:00", "on", more))), now)?.at;
    expect(next({})).toBe(new Date(2026, 2, 11, 7).getTime());
    expect(next({ days: ["friday"] })).toBe(new Date(2026, 2, 13, 7).getTime());
    expect(next({ days: ["tuesday"] })).toBe(new Date(2026, 2, 17, 7).getTime());
    expect(next({ once_on: "2026-03-20" })).toBe(new Date(2026, 2, 20, 7).getTime());
    expect(next({ once_on: "2026-03-09" })).toBeUndefined();
  });

  test("timers that rest, or that the car does not heed, do not come", () => {
    expect(activeTimers(carOf(told(1, "07:00:00", "off")))).toEqual([]);
    expect(activeTimers(carOf({ ...told(1, "07:00:00", "on"), "switch.timers": [["off"]] }))).toEqual([]);
    expect(activeTimers(carOf(told(1, "unknown", "on")))).toEqual([]);
  });
});

describe("facts", () => {
  test("an unavailable lock is not locked", () => {
    expect(factsOf(carOf({ "lock.doors": [["unavailable"]] }), NOW).locked).toBeNull();
    const car = carOf({ "lock.doors": [["unavailable"]], "binary_sensor.locked": [["off"]] });
    expect(factsOf(car, NOW).locked).toBe(true);
  });

  test("a receipt is read from the event", () => {
    const at = new Date(NOW).toISOString();
    const car = carOf({ "event.last_command": [[at, { id: "1", command: "lock", outcome: "accepted", finished_at: null }]] });
    expect(commandOf(car)).toMatchObject({ kind: "lock", outcome: "accepted", toldAt: NOW, finishedAt: null });
    expect(commandOf(carOf({ "event.last_command": [["unknown"]] }))).toBeNull();
  });

  test("a distance is in the owner's unit", () => {
    const car = carOf({ "device_tracker.location": [["not_home", { latitude: 52.1, longitude: 10 }]] });
    expect(factsOf(car, NOW).place).toEqual({ home: false, zone: null, distance: "11 km" });
    car.hass.config.unit_system.length = "mi";
    expect(factsOf(car, NOW).place?.distance).toBe("6.9 mi");
  });
});

describe("times", () => {
  const hass = hassOf({});

  test("no age is negative: a clock ahead reads as now, far ahead as a time", () => {
    const now = new Date(2026, 2, 10, 18, 30).getTime();
    expect(age(hass, now + MINUTE, now, "just now")).toBe("just now");
    expect(age(hass, now + 90 * MINUTE, now, "just now")).toBe("20:00");
    expect(age(hass, now - 2 * MINUTE, now, "just now")).toBe("2 min. ago");
    expect(elapsed(now + 5000, now)).toBe("0:00");
  });

  test("tomorrow's time has its day, tonight's has not", () => {
    const now = new Date(2026, 2, 10, 18, 30).getTime();
    expect(moment(hass, new Date(2026, 2, 11, 6, 10).getTime(), now)).toBe("06:10");
    expect(moment(hass, new Date(2026, 2, 12, 6, 10).getTime(), now)).toBe("Thu 06:10");
    expect(moment(hass, new Date(2026, 1, 1).getTime(), now)).toBe("1 Feb".split(" ").reverse().join(" "));
  });

  test("cards share one timer, which ends with the last of them", () => {
    const calls: number[] = [];
    const before = globalThis.setInterval;
    let timers = 0;
    globalThis.setInterval = ((...all: Parameters<typeof setInterval>) => (timers++, before(...all))) as typeof setInterval;
    const [one, two] = [() => calls.push(1), () => calls.push(2)];
    minutes.add(one);
    minutes.add(two);
    minutes.delete(one);
    minutes.delete(two);
    globalThis.setInterval = before;
    expect(timers).toBe(1);
  });
});

describe("configuration", () => {
  test("only structure is refused, unknown keys are kept", () => {
    expect(() => checked({ type: "custom:carport-car-card" })).toThrow(/device_id/);
    expect(() => checked(null)).toThrow();
    expect(() => checked({ device_id: "d1", lines: "place" })).toThrow(/lines/);
    expect(checked({ device_id: "d1", hat: "green" })).toEqual({ device_id: "d1", hat: "green" });
  });

  test("the card is offered for entities of cars alone", () => {
    const hass = hassOf({ "sensor.range_total": [["312"]] });
    const [full, strip] = getEntitySuggestion(hass, "sensor.renamed_range_total_0") as { config: object }[];
    expect(full?.config).toEqual({ type: "custom:carport-car-card", device_id: "d1" });
    expect(strip?.config).toMatchObject({ layout: "strip" });
    expect(getEntitySuggestion(hass, "sensor.other")).toBeNull();
    const early = { ...hass, entities: null, devices: null } as unknown as Hass;
    expect(getEntitySuggestion(early, "sensor.renamed_range_total_0")).toBeNull();
  });

  test("a body follows from the model", () => {
    expect(bodyOf("e-Golf")).toBe("hatch");
    expect(bodyOf("Passat GTE Variant")).toBe("estate");
    expect(bodyOf("2020 Arteon")).toBe("saloon");
    expect(bodyOf("Zoe")).toBe("city");
    expect(bodyOf("Enyaq iV 80")).toBe("suv");
    expect(bodyOf(null)).toBe("hatch");
  });

  test("paint is a colour whatever is typed", () => {
    expect(paintOf("#a1b2c3")).toBe("#a1b2c3");
    expect(paintOf("Moonlight blue")).toMatch(/^#/);
    expect(paintOf("url(evil)")).toMatch(/^#/);
  });
});
