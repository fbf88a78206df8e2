import { baseStyles } from "./styles/base";
import { faceStyles } from "./styles/face";
import { mediaStyles } from "./styles/media";
import { rowStyles } from "./styles/rows";
import { sheetStyles } from "./styles/sheets";

/** The card's own look. What others leave as it is, the last may change. */
export const cardStyles = [baseStyles, faceStyles, rowStyles, sheetStyles, mediaStyles];
