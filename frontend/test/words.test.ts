import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { wordsOf, load, spoken } from "../src/words";

const FOLDER = new URL("../src/i18n/", import.meta.url);
const read = (name: string): Record<string, string> => JSON.parse(readFileSync(new URL(name, FOLDER), "utf-8"));
const english = read("en.json");
const others = readdirSync(FOLDER).filter((name) => name !== "en.json");
const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

/** Plural forms differ from language to language; `_other` is in all. */
const base = (key: string): string => key.replace(/_(zero|one|two|few|many)$/, "_other");

describe.each(others)("%s", (name) => {
  const table = read(name);

  test("has every key of English and no other", () => {
    expect(new Set(Object.keys(table).map(base))).toEqual(new Set(Object.keys(english).map(base)));
  });

  test("names the same values, has no empty text and is not much longer", () => {
    for (const [key, text] of Object.entries(table)) {
      const one = english[key] ?? english[base(key)] ?? "";
      expect(text, key).not.toBe("");
      if (key === base(key)) expect(holes(text), key).toEqual(holes(one));
      expect(text.length, key).toBeLessThanOrEqual(one.length * 2 + 24);
    }
  });
});

test("a language is loaded when it is spoken, and English stands in for what is not there", async () => {
  expect(spoken("de-AT")).toBe("de");
  expect(spoken("tlh")).toBe("en");
  expect(wordsOf("de")("action.lock")).toBe(english["action.lock"]);
  await load("de");
  expect(wordsOf("de")("action.lock")).toBe(read("de.json")["action.lock"]);
});

test("plurals follow the count", () => {
  const words = wordsOf("en");
  expect(words("sentence.service_days", { count: 1, days: 1 })).toBe("Service in one day");
  expect(words("sentence.service_days", { count: 12, days: 12 })).toBe("Service in 12 days");
});
