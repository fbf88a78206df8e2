/** The life of the last command, read from the receipt that the event entity carries. */

import { momentOf, type Car } from "./entities";

export type Outcome = "refused" | "accepted" | "confirmed" | "failed" | "timed_out";

export interface Command {
  id: string;
  kind: string;
  outcome: Outcome;
  reason: string | null;
  detail: Record<string, string>;
  parameters: Record<string, unknown>;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  /** When Home Assistant heard of this step, by its own clock. */
  toldAt: number;
  /** These are by the clock of the car's cloud. */
  requestedAt: number | null;
  acceptedAt: number | null;
  finishedAt: number | null;
  capturedAt: number | null;
}

/** `taken` is the end of what a cloud takes and never tells more of. */
export type Phase = "running" | "taken" | "confirmed" | "failed" | "over";

const MINUTE = 60_000;
/** A receipt that never came to its end: Home Assistant was stopped meanwhile. */
const LOST_AFTER = 15 * MINUTE;
export const SHOWN_AFTER_FAILURE = 10 * MINUTE;
const SHOWN_AFTER_PROOF = 2 * MINUTE;

export function commandOf(car: Car): Command | null {
  const state = car.told("event.last_command");
  const told = state?.attributes;
  const toldAt = momentOf(state?.state);
  if (!told || toldAt === null || typeof told["command"] !== "string") return null;
  return {
    id: String(told["id"] ?? state.state),
    kind: told["command"],
    outcome: told["outcome"] as Outcome,
    reason: (told["reason"] as string | null) ?? null,
    detail: (told["detail"] as Record<string, string> | undefined) ?? {},
    parameters: (told["parameters"] as Record<string, unknown> | undefined) ?? {},
    before: (told["before"] as Record<string, unknown> | undefined) ?? {},
    after: (told["after"] as Record<string, unknown> | undefined) ?? {},
    toldAt,
    requestedAt: momentOf(told["requested_at"]),
    acceptedAt: momentOf(told["accepted_at"]),
    finishedAt: momentOf(told["finished_at"]),
    capturedAt: momentOf(told["captured_at"]),
  };
}

/** Return what a command is called: one for the horn and the lights by which of them it was. */
export function calledOf({ kind, parameters }: Command): string {
  const mode = parameters["mode"];
  return kind === "honk_and_flash" && (mode === "flash" || mode === "honk") ? mode : kind;
}

/** Return where a command is in its life, as far as that is still of interest. */
export function phaseOf(command: Command, now: number, dismissed?: string | null): Phase {
  const age = now - command.toldAt;
  if (command.outcome === "accepted" && command.finishedAt === null) {
    return age < LOST_AFTER ? "running" : "over";
  }
  if (command.id === dismissed) return "over";
  if (command.outcome === "confirmed") return age < SHOWN_AFTER_PROOF ? "confirmed" : "over";
  if (command.outcome === "accepted") return age < SHOWN_AFTER_PROOF ? "taken" : "over";
  return age < SHOWN_AFTER_FAILURE ? "failed" : "over";
}

/** Return a span as minutes and seconds; never a negative one. */
export function elapsed(from: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - from) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
