import { css } from "lit";

/** For who wants less motion, or other colours. */
export const mediaStyles = css`
  @media (prefers-reduced-motion: reduce) {
    .progress::after {
      animation: none;
      inline-size: 100%;
      opacity: 0.6;
    }
    .fill,
    .control {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .fill {
      background: Highlight;
    }
    .track,
    .control,
    dialog {
      border: 1px solid CanvasText;
    }
  }
`;
