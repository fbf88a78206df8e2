import { describe, expect, test } from "vitest";

import { phaseOf, type Command } from "../src/car/command";
import type { Facts } from "../src/car/facts";
import { sentence } from "../src/car/sentence";
import english from "../src/i18n/en.json";
import { AWAY, facts, MINUTE, NOW } from "./facts";

const command = (told: Partial<Command> = {}): Command => ({
  id: "c1",
  kind: "unlock",
  outcome: "accepted",
  reason: null,
  detail: {},
  parameters: {},
  before: {},
  after: {},
  toldAt: NOW - 12_000,
  requestedAt: NOW - 13_000,
  acceptedAt: NOW - 12_000,
  finishedAt: null,
  capturedAt: null,
  ...told,
});

/** What makes each rule hold, from the last to the first. */
const HOLDS: Record<number, Partial<Facts>> = {
  13: {},
  12: { health: "service", serviceIn: "900 km" },
  11: { climate: true },
  10: { plugged: true, chargingState: "complete" },
  9: { plugged: true, chargingState: "connected" },
  8: { chargingState: "charging" },
  7: { chargingProblem: true },
  6: { moving: true },
  5: { unsecured: true, place: AWAY, open: ["boot"] },
  4: { command: command({ outcome: "failed", reason: "car_refused", finishedAt: NOW }) },
  3: { command: command() },
  2: { channel: "needs_owner" },
  1: { channel: "closed_by_maker" },
};

describe("the first rule that holds is said", () => {
  for (let rule = 1; rule <= 13; rule++) {
    test(`rule ${rule} goes before all that follow`, () => {
      const told: Partial<Facts> = {};
      for (let later = 13; later >= rule; later--) Object.assign(told, HOLDS[later]);
      expect(sentence(facts(told)).rule).toBe(rule);
    });
  }

  test("a car of which nothing is known says so", () => {
    const said = sentence(
      facts({ capturedAt: null, place: undefined, parkedAt: null, moving: undefined, ignition: undefined }),
    );
    expect(said).toMatchObject({ rule: 14, key: "nothing", tone: "muted" });
  });
});

describe("the life of a command", () => {
  test("it runs until its receipt has an end, with the time it has taken", () => {
    const said = sentence(facts({ command: command() }));
    expect(said).toMatchObject({ key: "running", running: true, values: { elapsed: { elapsed: NOW - 12_000 } } });
  });

  test("one that was only asked for is on its way too", () => {
    expect(sentence(facts(), { pending: "lock" })).toMatchObject({ rule: 3, key: "asking" });
    expect(sentence(facts({ locking: "unlocking" }))).toMatchObject({ rule: 3, key: "asking" });
  });

  test("a receipt that never came to its end does not run for ever", () => {
    const lost = command({ toldAt: NOW - 16 * MINUTE });
    expect(sentence(facts({ command: lost })).rule).toBe(13);
  });

  test.each(["refused", "failed", "timed_out"] as const)("%s is told for ten minutes", (outcome) => {
    const ended = command({ outcome, toldAt: NOW - 9 * MINUTE, finishedAt: NOW });
    expect(sentence(facts({ command: ended })).rule).toBe(4);
    expect(sentence(facts({ command: { ...ended, toldAt: NOW - 11 * MINUTE } })).rule).toBe(13);
  });

  test("a refusal that was read is not told again", () => {
    const failed = command({ outcome: "failed" });
    expect(sentence(facts({ command: failed }), { dismissed: "c1" }).rule).toBe(13);
  });

  test("what a cloud takes and tells no more of is no failure", () => {
    const taken = command({ outcome: "accepted", finishedAt: NOW, toldAt: NOW - MINUTE });
    expect(sentence(facts({ command: taken })).rule).toBe(13);
    expect(phaseOf(taken, NOW)).toBe("taken");
    expect(phaseOf({ ...taken, toldAt: NOW - 3 * MINUTE }, NOW)).toBe("over");
  });

  test("an unknown outcome is not called a failure", () => {
    const said = sentence(facts({ command: command({ outcome: "timed_out", finishedAt: NOW }) }));
    expect(said.key).toBe("timed_out");
  });
});

describe("what is open", () => {
  const open = (...parts: string[]) => sentence(facts({ unsecured: true, place: AWAY, open: parts }));

  test("up to two parts are named, more are counted", () => {
    expect(open("boot")).toMatchObject({ key: "open_one", values: { part: { part: "boot" } } });
    expect(open("boot", "bonnet").key).toBe("open_two");
    expect(open("boot", "bonnet", "roof")).toMatchObject({ key: "open_many", values: { count: { text: "3" } } });
    expect(open().key).toBe("not_locked");
  });

  test("at home, or nobody knows where, it is no alarm", () => {
    expect(sentence(facts({ unsecured: true, open: ["boot"] })).rule).toBe(13);
    expect(sentence(facts({ unsecured: true, open: ["boot"], place: null })).rule).toBe(13);
  });
});

describe("charging", () => {
  const charging = (told: Partial<Facts> = {}) => sentence(facts({ chargingState: "charging", ...told }));

  test.each<[Partial<Facts>, string]>([
    [{ battery: { percent: 55, limit: null } }, "charging"],
    [{ chargingPower: "7.4 kW", battery: { percent: 55, limit: null } }, "charging_power"],
    [{}, "charging_limit"],
    [{ chargingPower: "7.4 kW" }, "charging_power_limit"],
    [{ completeAt: NOW + 90 * MINUTE }, "charging_time"],
    [{ chargingPower: "7.4 kW", completeAt: NOW + 90 * MINUTE }, "charging_power_time"],
  ])("says what is known: %#", (told, key) => {
    const said = charging(told);
    expect(said.key).toBe(key);
    expect(english).toHaveProperty([`sentence.${key}`]);
  });

  test("an end in the past is not promised", () => {
    expect(charging({ completeAt: NOW - 5 * MINUTE }).key).toBe("charging_limit");
  });

  test("without a limit it fills to the top", () => {
    const said = charging({ completeAt: NOW + MINUTE, battery: { percent: 55, limit: null } });
    expect(said.values["limit"]).toEqual({ percent: 100 });
  });

  test("one that fell silent was charging then", () => {
    const said = charging({ stale: true, capturedAt: NOW - 900 * MINUTE });
    expect(said).toMatchObject({ key: "was_charging", tone: "muted", values: { time: { time: NOW - 900 * MINUTE } } });
  });

  test("plugged in, it says why it waits", () => {
    const waits = (told: Partial<Facts>) => sentence(facts({ plugged: true, ...told })).key;
    expect(waits({ chargingState: "connected", chargeStartsAt: NOW + 300 * MINUTE })).toBe("plugged_starts");
    expect(waits({ chargingState: "paused" })).toBe("plugged_paused");
    expect(waits({ chargingState: "starting" })).toBe("plugged_starting");
    expect(waits({ chargingState: null })).toBe("plugged");
    expect(waits({ chargingState: "stopped", chargeStartsAt: NOW + MINUTE })).toBe("plugged");
  });
});

describe("climate, health and place", () => {
  test("heating and cooling are told apart, and unknown is neither", () => {
    const runs = (told: Partial<Facts>) => sentence(facts({ climate: true, ...told })).key;
    expect(runs({})).toBe("warming");
    expect(runs({ cooling: true })).toBe("cooling");
    expect(runs({ cooling: null })).toBe("climate");
    expect(runs({ climateUntil: NOW + MINUTE })).toBe("warming_until");
    expect(runs({ climateUntil: NOW - MINUTE })).toBe("warming");
    expect(sentence(facts({ defrost: true })).key).toBe("defrosting");
  });

  test("a service is told by days when near, else by distance", () => {
    const due = (told: Partial<Facts>) => sentence(facts({ health: "service", ...told }));
    expect(due({ serviceAt: NOW + 12 * 24 * 60 * MINUTE })).toMatchObject({ key: "service_days", values: { days: { days: 12 } } });
    expect(due({ serviceAt: NOW + 300 * 24 * 60 * MINUTE, serviceIn: "900 km" }).key).toBe("service_distance");
    expect(due({ serviceAt: NOW - MINUTE }).key).toBe("service_overdue");
    expect(due({}).key).toBe("service");
    expect(sentence(facts({ health: "stop", healthText: "Oil pressure" }))).toMatchObject({ key: "health_stop_text", tone: "danger" });
  });

  test("a place is a zone before a distance, and none is invented", () => {
    const at = (told: Partial<Facts>) => sentence(facts(told)).key;
    expect(at({})).toBe("parked_at_since");
    expect(at({ parkedAt: null })).toBe("parked_at");
    expect(at({ place: AWAY })).toBe("parked_distance_since");
    expect(at({ place: { ...AWAY, distance: null }, parkedAt: null })).toBe("parked_away");
    expect(at({ place: undefined, parkedAt: null })).toBe("parked");
    expect(at({ place: undefined, parkedAt: null, moving: undefined, ignition: undefined })).toBe("reported");
  });

  test("an old report says of when it is, a present command does not", () => {
    const old = { stale: true, capturedAt: NOW - 500 * MINUTE };
    expect(sentence(facts(old)).asOf).toBe(old.capturedAt);
    expect(sentence(facts({ ...old, command: command() })).asOf).toBeUndefined();
  });
});
