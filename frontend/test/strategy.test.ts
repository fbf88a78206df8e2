import { beforeAll, describe, expect, test } from "vitest";

import type { Hass } from "../src/ha";

interface Section {
  cards: { type: string; heading?: string; entity?: string; device_id?: string; layout?: string }[];
}
interface Dashboard {
  views: { path: string; subview?: boolean; sections?: Section[]; badges?: { entity: string }[] }[];
}

const car = (id: string, more: object = {}) => ({ id, identifiers: [["carport", `VIN-${id}`]], name: `Car ${id}`, ...more });
const entity = (device: string, id: string, key: string) => ({ entity_id: id, device_id: device, platform: "carport", translation_key: key });

function hassOf(devices: object[], entities: ReturnType<typeof entity>[] = []): Hass {
  return {
    states: Object.fromEntries(entities.map(({ entity_id }) => [entity_id, { entity_id, state: "on", attributes: {} }])),
    entities: Object.fromEntries(entities.map((one) => [one.entity_id, one])),
    devices: Object.fromEntries((devices as { id: string }[]).map((one) => [one.id, one])),
    areas: { garage: { area_id: "garage", name: "Garage" } },
    locale: { language: "en" },
    config: { components: ["logbook"] },
  } as unknown as Hass;
}

/** The strategies are elements, of which there are none here. */
let strategies: typeof import("../src/strategy/dashboard");
beforeAll(async () => {
  Object.assign(globalThis, { HTMLElement: class {}, location: { pathname: "/cars/0" } });
  strategies = await import("../src/strategy/dashboard");
});

const generate = (hass: Hass, config: object = {}) =>
  strategies.CarportDashboardStrategy.generate({ type: "custom:carport", ...config }, hass) as Promise<Dashboard>;
const shown = (dashboard: Dashboard) =>
  dashboard.views[0]?.sections?.flatMap(({ cards }) => cards.flatMap(({ device_id }) => device_id ?? []));

describe("the dashboard", () => {
  test("has a card and a page for every car, in the owner's order, but for those left out", async () => {
    const hass = hassOf([car("a"), car("b"), car("c"), car("d", { disabled_by: "user" }), { ...car("s"), entry_type: "service" }]);
    expect(shown(await generate(hass))).toEqual(["a", "b", "c"]);
    const wanted = await generate(hass, { order: ["c"], exclude: ["a"] });
    expect(shown(wanted)).toEqual(["c", "b"]);
    expect(wanted.views.filter(({ subview }) => subview).map(({ path }) => path)).toEqual(["car-c", "car-b"]);
  });

  test("a key without a value, as YAML allows it, leaves nobody out", async () => {
    const hass = hassOf([car("b"), car("a")]);
    expect(shown(await generate(hass, { order: null, exclude: null }))).toEqual(["a", "b"]);
  });

  test("cards are small from five cars on", async () => {
    const layouts = async (count: number) => {
      const hass = hassOf(Array.from({ length: count }, (_, at) => car(`${at}`)));
      return (await generate(hass)).views[0]?.sections?.map(({ cards }) => cards[0]?.layout);
    };
    expect(new Set(await layouts(4))).toEqual(new Set([undefined]));
    expect(new Set(await layouts(5))).toEqual(new Set(["compact"]));
  });

  test("cars of an area stand under its name", async () => {
    const hass = hassOf([car("a", { area_id: "garage" }), car("b"), car("c", { area_id: "garage" })]);
    const sections = (await generate(hass)).views[0]?.sections;
    expect(sections?.map(({ cards }) => cards.map((one) => one.heading ?? one.device_id))).toEqual([["Garage", "a", "c"], ["b"]]);
  });

  test("a map is there where any car tells its place, and nobody declined", async () => {
    const hass = hassOf([car("a")], [entity("a", "device_tracker.a", "location")]);
    const paths = async (config = {}) => (await generate(hass, config)).views.map(({ path }) => path);
    expect(await paths()).toContain("map");
    expect(await paths({ map: false })).not.toContain("map");
  });

  test("without cars it says where they come from", async () => {
    const [view] = (await generate(hassOf([]))).views;
    expect(view?.sections?.[0]?.cards[0]?.type).toBe("markdown");
  });

  test("the page of a car has each of its entities once, and none is lost", async () => {
    const entities = [
      entity("a", "lock.a", "doors"),
      entity("a", "binary_sensor.a_boot", "boot"),
      entity("a", "sensor.a_new", "something_of_tomorrow"),
      entity("a", "calendar.a", "schedule"),
      entity("b", "lock.b", "doors"),
    ];
    const hass = hassOf([car("a"), car("b")], entities);
    const view = (await strategies.CarportCarViewStrategy.generate({ type: "custom:carport-car", device_id: "a" }, hass)) as { sections: Section[] };
    const tiles = view.sections.flatMap(({ cards }) => cards.flatMap((one) => (one.type === "tile" ? (one.entity ?? []) : [])));
    expect(tiles.sort()).toEqual(["binary_sensor.a_boot", "lock.a", "sensor.a_new"]);
    expect(view.sections[0]?.cards[0]).toMatchObject({ type: "custom:carport-car-card", device_id: "a" });
  });

  test("a section has the same in one column, and a missing car is no error", async () => {
    const hass = hassOf([car("a")], [entity("a", "lock.a", "doors")]);
    const section = (await strategies.CarportCarSectionStrategy.generate({ type: "custom:carport-car", device_id: "a" }, hass)) as Section;
    expect(section.cards[0]?.type).toBe("custom:carport-car-card");
    expect(section.cards.some(({ entity: one }) => one === "lock.a")).toBe(true);
    const gone = (await strategies.CarportCarSectionStrategy.generate({ type: "custom:carport-car", device_id: "x" }, hass)) as Section;
    expect(gone.cards[0]?.type).toBe("markdown");
  });
});
