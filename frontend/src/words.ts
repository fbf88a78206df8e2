/** The card's own words: English is inside, every other language a file that is loaded when it is spoken. */

import english from "./i18n/en.json";

export type Words = (key: string, values?: Record<string, string | number>) => string;

type Table = Record<string, string>;

const files = import.meta.glob<Table>(["./i18n/*.json", "!./i18n/en.json"], {
  import: "default",
});
const tables = new Map<string, Table>([["en", english]]);
const loading = new Map<string, Promise<void>>();

/** Return the language that is there for one that is wanted: itself, or its parent. */
export function spoken(language: string): string {
  const wanted = language.toLowerCase();
  const known = ["en", ...Object.keys(files).map((path) => path.slice(7, -5))];
  return (
    known.find((one) => one.toLowerCase() === wanted) ??
    known.find((one) => one.toLowerCase() === wanted.split("-")[0]) ??
    (/^(no|nn)\b/.test(wanted) && known.includes("nb") ? "nb" : "en")
  );
}

/** Load a language; resolves at once if it is there, and never fails: English stays. */
export function load(language: string): Promise<void> {
  const name = spoken(language);
  const file = files[`./i18n/${name}.json`];
  if (tables.has(name) || !file) return Promise.resolve();
  let promise = loading.get(name);
  if (!promise) {
    promise = file().then(
      (table) => void tables.set(name, table),
      () => void loading.delete(name),
    );
    loading.set(name, promise);
  }
  return promise;
}

export const isLoaded = (language: string): boolean => tables.has(spoken(language));

const plurals = new Map<string, Intl.PluralRules>();

/** Return the words of a language. A key with `_one` beside it is chosen by its `count`. */
export function wordsOf(language: string): Words {
  const name = spoken(language);
  const table: Table = tables.get(name) ?? english;
  return (key, values = {}) => {
    const count = values["count"];
    let text: string | undefined;
    if (typeof count === "number") {
      let rules = plurals.get(name);
      if (!rules) plurals.set(name, (rules = new Intl.PluralRules(name)));
      text = table[`${key}_${rules.select(count)}`] ?? table[`${key}_other`];
    }
    text ??= table[key] ?? (english as Table)[key] ?? "";
    return text.replace(/\{(\w+)\}/g, (_, one: string) => String(values[one] ?? ""));
  };
}

export const has = (key: string): boolean => key in english;
