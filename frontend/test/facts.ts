/** A car for tests: plain, parked at home, and heard of two minutes ago. */

import type { Facts } from "../src/car/facts";

export const NOW = Date.parse("2026-03-10T17:30:00Z");
export const MINUTE = 60_000;

export function facts(told: Partial<Facts> = {}): Facts {
  return {
    now: NOW,
    channel: "ok",
    channelUntil: null,
    capturedAt: NOW - 2 * MINUTE,
    stale: false,
    command: null,
    locking: null,
    place: { home: true, zone: "Home", distance: null },
    parkedAt: NOW - 80 * MINUTE,
    locked: true,
    unsecured: false,
    parts: {},
    open: [],
    moving: false,
    ignition: false,
    battery: { percent: 55, limit: 80 },
    fuel: undefined,
    plugged: false,
    chargingState: "disconnected",
    chargingPower: undefined,
    completeAt: null,
    chargeStartsAt: null,
    chargingProblem: false,
    chargingDetail: undefined,
    climate: false,
    target: "21 °C",
    cooling: false,
    climateUntil: null,
    defrost: false,
    health: "ok",
    healthText: null,
    serviceAt: null,
    serviceIn: undefined,
    ...told,
  };
}

export const AWAY = { home: false, zone: null, distance: "3 km" };
