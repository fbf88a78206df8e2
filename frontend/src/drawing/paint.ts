/** Paint: what a maker, an owner or Home Assistant's colour list calls a colour, as CSS. */

const DEFAULT = "#6d8299";

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/dark.?blue|navy|night|indigo/i, "#22396b"],
  [/light.?blue|sky|cyan|turquoise|teal/i, "#5b9bb5"],
  [/blue|blau|bleu/i, "#2d5590"],
  [/red|rot\b|rouge|flame|burgundy/i, "#a8232d"],
  [/white|wei(ß|ss)|blanc|polar|alpine/i, "#e6e7e5"],
  [/black|schwarz|noir/i, "#24272b"],
  [/silver|silber|argent/i, "#b9bfc5"],
  [/gr[ea]y|grau|gris|anthracite|graphite/i, "#565f68"],
  [/green|gr(ü|ue)n|vert|olive/i, "#4b6650"],
  [/yellow|gelb|jaune|gold|amber/i, "#d0a21c"],
  [/orange|copper/i, "#c8672a"],
  [/brown|braun|bronze|beige/i, "#7d6650"],
  [/purple|violet|pink|magenta/i, "#6a4470"],
];

/** Return a CSS colour; anything that is none becomes the calm grey blue of a car whose paint is not known. */
export function paintOf(wanted: string | null | undefined): string {
  if (!wanted || wanted === "auto") return DEFAULT;
  if (/^#[0-9a-f]{6}$/i.test(wanted)) return wanted;
  if (/^#[0-9a-f]{3}$/i.test(wanted)) return wanted;
  if (wanted === "primary" || wanted === "accent") return `var(--${wanted}-color, ${DEFAULT})`;
  return WORDS.find(([words]) => words.test(wanted))?.[1] ?? DEFAULT;
}
