/** Puts what is known of a car into the owner's words. */

import { elapsed, type Command } from "./car/command";
import type { Sentence, Value } from "./car/sentence";
import type { CallError, Hass, HassEntity, Localize } from "./ha";
import * as time from "./time";
import { has, wordsOf, type Words } from "./words";

export interface Speaker {
  hass: Hass;
  words: Words;
  now: number;
  /** The event of the car's commands, which translates their names. */
  event?: HassEntity;
  /** The integration's own texts of refusals, once they are there. */
  exceptions?: Localize | undefined;
}

/** Return a sentence as text. */
export function say(speaker: Speaker, sentence: Sentence): string {
  const { words } = speaker;
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(sentence.values)) {
    values[name] = valueText(speaker, sentence.key, value);
    if ("days" in value) values["count"] = value.days;
  }
  let text = words(`sentence.${sentence.key}`, values);
  if (sentence.asOf !== undefined) {
    text = words("sentence.as_of", {
      sentence: text,
      time: time.moment(speaker.hass, sentence.asOf, speaker.now),
    });
  }
  return text;
}

function valueText(speaker: Speaker, key: string, value: Value): string {
  const { hass, words, now } = speaker;
  if ("text" in value) return value.text;
  if ("time" in value) return time.moment(hass, value.time, now);
  if ("day" in value) return time.day(hass, value.day);
  if ("percent" in value) return time.percent(hass, value.percent);
  if ("part" in value) return partOpen(words, value.part);
  if ("days" in value) return String(value.days);
  if ("elapsed" in value) return elapsed(value.elapsed, now);
  return commandText(speaker, value.command, key === "running" || key === "asking" ? "doing" : "not");
}

/** Return what a command does, or has not done; what is rare goes by the name it has in Home Assistant. */
export function commandText(speaker: Speaker, kind: string, form: "doing" | "not" | "done"): string {
  const own = `${form}.${kind}`;
  if (has(own)) return speaker.words(own);
  const { event, hass } = speaker;
  const name = event ? hass.formatEntityAttributeValue(event, "command", kind) : kind;
  return speaker.words(`${form}.other`, { command: name });
}

export const partOpen = (words: Words, part: string): string => words(`open.${part}`);

/** Return why a command was not done and what helps, as the integration says it. */
export function whyNot(speaker: Speaker, command: Command): string {
  const { hass, exceptions, event } = speaker;
  const reason = command.reason;
  const detail: Record<string, string> = { ...command.detail };
  const until = Date.parse(detail["until"] ?? "");
  if (!Number.isNaN(until)) detail["until"] = time.moment(hass, until, speaker.now);
  if (detail["running"] && event) {
    detail["running"] = hass.formatEntityAttributeValue(event, "command", detail["running"]);
  }
  if (exceptions) {
    const key =
      command.outcome === "timed_out"
        ? "command_timed_out"
        : reason === "busy" && !detail["running"]
          ? "command_busy_elsewhere"
          : `command_${reason ?? "cloud_refused"}`;
    const text = exceptions(`component.carport.exceptions.${key}.message`, detail);
    if (text && !/\{\w+\}/.test(text)) return text;
  }
  return reason !== null && event ? hass.formatEntityAttributeValue(event, "reason", reason) : "";
}

/** What Home Assistant's library says of a call whose connection is gone: the number by itself, or in an answer. */
const CONNECTION_LOST = 3;

/** Return an error of a call in the owner's language, as far as it has a text. */
export async function errorText(hass: Hass, error: unknown): Promise<string> {
  const told = error as CallError & { error?: CallError };
  if (error === CONNECTION_LOST || told.error?.code === CONNECTION_LOST) {
    return wordsOf(hass.locale.language)("connection_lost");
  }
  const domain = told.translation_domain;
  if (domain && told.translation_key) {
    try {
      const localize = await hass.loadBackendTranslation("exceptions", domain);
      const key = `component.${domain}.exceptions.${told.translation_key}.message`;
      const text = localize(key, told.translation_placeholders);
      if (text) return text;
    } catch {
      // The message as it came is better than none.
    }
  }
  return told.message ?? String(error);
}
