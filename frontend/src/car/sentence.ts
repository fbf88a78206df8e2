/** The one sentence that says how a car is: the first rule that holds. */

import { calledOf, phaseOf } from "./command";
import type { Facts } from "./facts";

export type Tone = "neutral" | "muted" | "info" | "success" | "warning" | "danger";

/** A value of a sentence, put into words when it is shown. */
export type Value =
  | { text: string }
  | { time: number }
  | { percent: number }
  | { day: number }
  | { part: string }
  | { command: string }
  | { days: number }
  | { elapsed: number };

export interface Sentence {
  rule: number;
  key: string;
  tone: Tone;
  values: Record<string, Value>;
  /** What one tap on it does. */
  action?: "repairs" | "receipt" | "retry" | "parts" | "health" | "place";
  /** When the report was captured, if it is too old to be the present. */
  asOf?: number;
  /** Whether something is on its way. */
  running?: boolean;
}

const NONE: Record<string, Value> = {};

type Rule = (facts: Facts) => Omit<Sentence, "rule"> | null;

const DAY = 86_400_000;
/** Further ahead than that a service is no news, unless the car says it is. */
const SOON = 60;

export interface Look {
  /** The receipt that its owner has read. */
  dismissed?: string | null;
  /** A command that was asked for and of which nothing was heard yet. */
  pending?: string | null;
}

/** Return how a car is. The last rule always holds. */
export function sentence(facts: Facts, look: Look = {}): Sentence {
  for (const [at, rule] of RULES.entries()) {
    const said = (rule as Rule & ((facts: Facts, look: Look) => ReturnType<Rule>))(facts, look);
    if (said === null) continue;
    const dated = facts.stale && AGES.has(at + 1) && facts.capturedAt !== null;
    return { rule: at + 1, ...said, ...(dated ? { asOf: facts.capturedAt! } : {}) };
  }
  return { rule: 14, key: "nothing", tone: "muted", values: NONE };
}

/** The rules that are about the car itself, so that an old report may be over. */
const AGES = new Set([5, 6, 7, 9, 10, 11, 12, 13]);

const closed: Rule = ({ channel, capturedAt }) =>
  channel !== "closed_by_maker"
    ? null
    : {
        key: capturedAt === null ? "closed" : "closed_since",
        tone: "neutral",
        values: capturedAt === null ? NONE : { day: { day: capturedAt } },
        action: "repairs",
      };

const needsOwner: Rule = ({ channel }) =>
  channel !== "needs_owner"
    ? null
    : { key: "needs_owner", tone: "warning", values: NONE, action: "repairs" };

const running = (facts: Facts, { dismissed, pending }: Look): ReturnType<Rule> => {
  const { command, now, locking } = facts;
  if (command && phaseOf(command, now, dismissed) === "running") {
    return {
      key: "running",
      tone: "info",
      values: { command: { command: calledOf(command) }, elapsed: { elapsed: command.toldAt } },
      action: "receipt",
      running: true,
    };
  }
  const kind = locking === null ? pending : locking === "locking" ? "lock" : "unlock";
  if (!kind) return null;
  return { key: "asking", tone: "info", values: { command: { command: kind } }, running: true };
};

const failed = ({ command, now }: Facts, { dismissed }: Look): ReturnType<Rule> =>
  !command || phaseOf(command, now, dismissed) !== "failed"
    ? null
    : {
        key: command.outcome === "timed_out" ? "timed_out" : "failed",
        tone: "danger",
        values: { command: { command: calledOf(command) } },
        action: "retry",
      };

const unsecured: Rule = ({ unsecured, place, open }) => {
  if (unsecured !== true || !place || place.home) return null;
  const said = { tone: "danger", action: "parts" } as const;
  const [first, second] = open;
  if (first === undefined) return { ...said, key: "not_locked", values: NONE };
  if (second === undefined) return { ...said, key: "open_one", values: { part: { part: first } } };
  return open.length === 2
    ? { ...said, key: "open_two", values: { part: { part: first }, other: { part: second } } }
    : { ...said, key: "open_many", values: { count: { text: String(open.length) } } };
};

const driving: Rule = ({ moving, ignition }) =>
  moving === true || ignition === true
    ? { key: moving === true ? "driving" : "ignition", tone: "info", values: NONE }
    : null;

const problem: Rule = ({ chargingProblem, chargingDetail }) =>
  chargingProblem !== true
    ? null
    : chargingDetail === undefined
      ? { key: "charging_problem", tone: "warning", values: NONE }
      : {
          key: "charging_problem_detail",
          tone: "warning",
          values: { detail: { text: chargingDetail } },
        };

const charging: Rule = (facts) => {
  const { chargingState, stale, capturedAt, chargingPower, completeAt, now, battery } = facts;
  if (chargingState !== "charging") return null;
  if (stale && capturedAt !== null) {
    return { key: "was_charging", tone: "muted", values: { time: { time: capturedAt } } };
  }
  const limit = battery?.limit ?? null;
  const until: Record<string, Value> =
    completeAt === null || completeAt < now - 60_000
      ? limit === null
        ? {}
        : { limit: { percent: limit } }
      : { time: { time: completeAt }, limit: { percent: limit ?? 100 } };
  const power: Record<string, Value> =
    chargingPower === undefined ? {} : { power: { text: chargingPower } };
  const values = { ...power, ...until };
  const key = ["charging", ...Object.keys(values).filter((name) => name !== "limit" || !("time" in values))];
  return { key: key.join("_"), tone: "success", values };
};

const WAITING = new Set(["connected", "starting", "paused", "stopped"]);

const waiting: Rule = ({ plugged, chargingState, chargeStartsAt }) => {
  if (plugged !== true || chargingState === "complete") return null;
  const state = typeof chargingState === "string" && WAITING.has(chargingState) ? chargingState : null;
  if (state === "starting") return { key: "plugged_starting", tone: "neutral", values: NONE };
  if (chargeStartsAt !== null && state !== "stopped") {
    return { key: "plugged_starts", tone: "neutral", values: { time: { time: chargeStartsAt } } };
  }
  return { key: state === "paused" ? "plugged_paused" : "plugged", tone: "neutral", values: NONE };
};

const complete: Rule = ({ plugged, chargingState, battery }) => {
  if (plugged !== true || chargingState !== "complete") return null;
  const percent = battery?.percent ?? null;
  return percent === null
    ? { key: "complete", tone: "neutral", values: NONE }
    : { key: "complete_to", tone: "neutral", values: { level: { percent } } };
};

const climate: Rule = (facts) => {
  const { climate, defrost, target, cooling, climateUntil, now, stale } = facts;
  const tone = stale ? "muted" : "info";
  if (climate !== true) {
    return defrost === true ? { key: "defrosting", tone, values: NONE } : null;
  }
  const key = target === undefined || cooling === null ? "climate" : cooling ? "cooling" : "warming";
  const values: Record<string, Value> = target === undefined ? {} : { target: { text: target } };
  if (climateUntil === null || climateUntil <= now) return { key, tone, values };
  return { key: `${key}_until`, tone, values: { ...values, time: { time: climateUntil } } };
};

const health: Rule = ({ health, healthText, serviceAt, serviceIn, now }) => {
  if (health === "stop") {
    return healthText === null
      ? { key: "health_stop", tone: "danger", values: NONE, action: "health" }
      : { key: "health_stop_text", tone: "danger", values: { text: { text: healthText } }, action: "health" };
  }
  if (health !== "service") return null;
  const said = { tone: "neutral", action: "health" } as const;
  const days = serviceAt === null ? null : Math.ceil((serviceAt - now) / DAY);
  if (days !== null && days <= 0) return { ...said, key: "service_overdue", values: NONE };
  if (days !== null && days <= SOON) {
    return { ...said, key: "service_days", values: { days: { days } } };
  }
  return serviceIn === undefined
    ? { ...said, key: "service", values: NONE }
    : { ...said, key: "service_distance", values: { distance: { text: serviceIn } } };
};

const parked: Rule = ({ place, parkedAt, moving, ignition, capturedAt }) => {
  const since: Record<string, Value> = parkedAt === null ? {} : { time: { time: parkedAt } };
  const end = parkedAt === null ? "" : "_since";
  const said = { tone: "neutral", ...(place ? { action: "place" as const } : {}) } as const;
  if (place && place.zone !== null) {
    return { ...said, key: `parked_at${end}`, values: { place: { text: place.zone }, ...since } };
  }
  if (place) {
    return place.distance === null
      ? { ...said, key: `parked_away${end}`, values: since }
      : { ...said, key: `parked_distance${end}`, values: { distance: { text: place.distance }, ...since } };
  }
  if (parkedAt !== null) return { ...said, key: "parked_since", values: since };
  if (moving === false || ignition === false) return { ...said, key: "parked", values: NONE };
  return capturedAt === null
    ? null
    : { ...said, key: "reported", values: { time: { time: capturedAt } } };
};

const RULES = [
  closed,
  needsOwner,
  running,
  failed,
  unsecured,
  driving,
  problem,
  charging,
  waiting,
  complete,
  climate,
  health,
  parked,
];
