/** The shapes of cars, as a few measures each in centimetres, counted from the front and from the ground. */

export interface Body {
  length: number;
  height: number;
  width: number;
  /** From the front to the middle of the front wheel, and from there to the rear one. */
  overhang: number;
  wheelbase: number;
  nose: number;
  /** The bonnet where the windscreen begins, and where that is. */
  bonnet: number;
  cowl: number;
  screenTop: number;
  roofEnd: number;
  /** The foot of the rear glass, and its height. */
  glassFoot: number;
  deck: number;
  tail: number;
  sill: number;
  wheel: number;
  doors: 2 | 4;
  lid: "gate" | "deck";
}

export const BODIES = {
  city: {
    length: 368, height: 151, width: 168, overhang: 70, wheelbase: 236, nose: 82, bonnet: 103,
    cowl: 86, screenTop: 144, roofEnd: 302, glassFoot: 357, deck: 105, tail: 95, sill: 26,
    wheel: 30, doors: 4, lid: "gate",
  },
  hatch: {
    length: 427, height: 148, width: 180, overhang: 86, wheelbase: 263, nose: 78, bonnet: 100,
    cowl: 116, screenTop: 182, roofEnd: 342, glassFoot: 413, deck: 102, tail: 92, sill: 25,
    wheel: 32, doors: 4, lid: "gate",
  },
  saloon: {
    length: 474, height: 144, width: 184, overhang: 87, wheelbase: 286, nose: 76, bonnet: 98,
    cowl: 132, screenTop: 198, roofEnd: 318, glassFoot: 408, deck: 106, tail: 98, sill: 24,
    wheel: 33, doors: 4, lid: "deck",
  },
  estate: {
    length: 476, height: 147, width: 184, overhang: 87, wheelbase: 281, nose: 77, bonnet: 99,
    cowl: 130, screenTop: 194, roofEnd: 404, glassFoot: 462, deck: 104, tail: 94, sill: 24,
    wheel: 33, doors: 4, lid: "gate",
  },
  suv: {
    length: 452, height: 167, width: 188, overhang: 88, wheelbase: 270, nose: 96, bonnet: 116,
    cowl: 112, screenTop: 172, roofEnd: 372, glassFoot: 437, deck: 118, tail: 106, sill: 32,
    wheel: 37, doors: 4, lid: "gate",
  },
  van: {
    length: 490, height: 194, width: 194, overhang: 92, wheelbase: 300, nose: 102, bonnet: 122,
    cowl: 78, screenTop: 146, roofEnd: 466, glassFoot: 484, deck: 124, tail: 110, sill: 30,
    wheel: 34, doors: 4, lid: "gate",
  },
  coupe: {
    length: 456, height: 133, width: 186, overhang: 87, wheelbase: 272, nose: 72, bonnet: 94,
    cowl: 140, screenTop: 208, roofEnd: 284, glassFoot: 416, deck: 101, tail: 95, sill: 23,
    wheel: 34, doors: 2, lid: "deck",
  },
} as const satisfies Record<string, Body>;

export type BodyName = keyof typeof BODIES;
export const BODY_NAMES = Object.keys(BODIES) as BodyName[];

/** Words of models, the longer ones first where one contains another. */
const MODELS: readonly (readonly [RegExp, BodyName])[] = [
  [/touring|variant|estate|combi|avant|sportback|\bsw\b|kombi|allspace est/i, "estate"],
  [/\bup\b|e-up|twingo|i3\b|zo[eé]\b|citigo|\bmii\b|dawn|\b500\b|smart|spring/i, "city"],
  [/multivan|caravelle|transporter|california|kangoo|trafic|master|berlingo|caddy|buzz|traveller|v-class|\bvan\b/i, "van"],
  [/\bx[1-7]\b|\bix[1-3]?\b|tiguan|touareg|taigo|t-roc|t-cross|enyaq|kodiaq|karoq|kamiq|elroq|id\.?\s?[456]\b|atlas|captur|kadjar|austral|scenic|megane e-tech|duster|arkana|\bq[2-8]\b|borealis|suv|countryman/i, "suv"],
  [/coup[eé]|\bz4\b|\bi8\b|\btt\b|scirocco|alpine|roadster|\b[24] series\b/i, "coupe"],
  [/passat|arteon|jetta|superb|octavia|\bi[457]\b|[357] series|\b[357]\d\d[a-z]*\b|talisman|model [3s]\b|limousine|sedan|saloon|courier/i, "saloon"],
];

/** Return the shape that a model's name tells of; a hatchback is the likeliest of all. */
export function bodyOf(...names: (string | null | undefined)[]): BodyName {
  const name = names.filter(Boolean).join(" ");
  return MODELS.find(([words]) => words.test(name))?.[1] ?? "hatch";
}
