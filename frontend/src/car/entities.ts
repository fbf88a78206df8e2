/** A car's entities, found by device and key; ids and names are the owner's to change. */

import type { Device, DisplayEntity, Hass, HassEntity } from "../ha";

export const DOMAIN = "carport";

/** Entity ids of one device by `domain.key`; timers have several under one key. */
export type CarIndex = ReadonlyMap<string, readonly string[]>;

const indexes = new WeakMap<Hass["entities"], Map<string, CarIndex>>();
const nothing: CarIndex = new Map();

/** Return the index of a device, made once for all devices and every change of them. */
export function indexOf(hass: Hass, deviceId: string): CarIndex {
  let all = indexes.get(hass.entities);
  if (!all) {
    all = build(hass.entities);
    indexes.set(hass.entities, all);
  }
  return all.get(deviceId) ?? nothing;
}

function build(entities: Record<string, DisplayEntity>): Map<string, CarIndex> {
  const all = new Map<string, Map<string, string[]>>();
  for (const entity of Object.values(entities)) {
    const { entity_id: id, device_id: device, translation_key: word } = entity;
    if (entity.platform !== DOMAIN || !device || !word) continue;
    let index = all.get(device);
    if (!index) all.set(device, (index = new Map()));
    const key = `${id.slice(0, id.indexOf("."))}.${word}`;
    const ids = index.get(key);
    if (ids) ids.push(id);
    else index.set(key, [id]);
  }
  return all;
}

/** Return Carport's cars: its devices that are no accounts. */
export function cars(hass: Hass): Device[] {
  return Object.values(hass.devices).filter(isCar);
}

export function isCar(device: Device): boolean {
  return (
    device.entry_type !== "service" &&
    device.identifiers.some(([domain]) => domain === DOMAIN)
  );
}

export function deviceName(device: Device): string {
  return device.name_by_user || device.name || "";
}

export const isTold = (state: HassEntity | undefined): state is HassEntity =>
  state !== undefined && state.state !== "unknown" && state.state !== "unavailable";

/** What is said of one thing: `undefined` where a car has no such entity, `null` where it does not say. */
export type Maybe<T> = T | null | undefined;

/** One car as its entities tell it. */
export class Car {
  constructor(
    readonly hass: Hass,
    readonly index: CarIndex,
  ) {}

  id(key: string): string | undefined {
    return this.index.get(key)?.[0];
  }

  state(key: string): HassEntity | undefined {
    const id = this.id(key);
    return id === undefined ? undefined : this.hass.states[id];
  }

  all(key: string): HassEntity[] {
    const ids = this.index.get(key) ?? [];
    return ids.flatMap((id) => this.hass.states[id] ?? []);
  }

  /** The state, if the car tells it. */
  told(key: string): HassEntity | undefined {
    const state = this.state(key);
    return isTold(state) ? state : undefined;
  }

  word(key: string): Maybe<string> {
    const state = this.state(key);
    return state === undefined ? undefined : isTold(state) ? state.state : null;
  }

  number(key: string): Maybe<number> {
    const word = this.word(key);
    if (word === undefined || word === null) return word;
    const value = Number(word);
    return Number.isFinite(value) ? value : null;
  }

  flag(key: string): Maybe<boolean> {
    const word = this.word(key);
    return word === undefined || word === null ? word : word === "on";
  }

  /** A moment in milliseconds; a day counts from its local midnight. */
  moment(key: string): Maybe<number> {
    const word = this.word(key);
    if (word === undefined || word === null) return word;
    return momentOf(word);
  }

  /** The value with its unit, as the owner wants to read it. */
  text(key: string): string | undefined {
    const state = this.told(key);
    return state && this.hass.formatEntityState(state);
  }

  /** Whether a control can be used: it is there, and its way is open. */
  can(key: string): boolean {
    const state = this.state(key);
    return state !== undefined && state.state !== "unavailable";
  }
}

export function momentOf(word: unknown): number | null {
  if (typeof word !== "string") return null;
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(word);
  const time = day
    ? new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3])).getTime()
    : Date.parse(word);
  return Number.isNaN(time) ? null : time;
}
