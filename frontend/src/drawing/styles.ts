import { css } from "lit";

/** What the drawing looks like, and how its parts move. */
export const drawingStyles = css`
  .car {
    display: block;
    width: 100%;
    height: auto;
    overflow: visible;
    --glass: #2b3642;
    --tyre: #23272c;
    --line: rgb(0 0 0 / 0.42);
    --tone-open: var(--ha-color-on-warning-quiet, var(--warning-color, #c94e00));
    --tone-bad: var(--ha-color-on-danger-quiet, var(--error-color, #c01e2e));
    --tone-live: var(--ha-color-on-success-quiet, var(--success-color, #00883c));
  }
  .dark .car {
    --glass: #101820;
    --tyre: #0d0f11;
    --line: rgb(0 0 0 / 0.62);
  }
  .body {
    fill: var(--paint);
    stroke: color-mix(in srgb, var(--paint) 55%, #000);
    stroke-width: 1.4;
  }
  .dark .body {
    stroke: color-mix(in srgb, var(--paint) 62%, #fff);
    stroke-width: 1.2;
  }
  .glass {
    fill: var(--glass);
  }
  .hole {
    fill: #000;
    opacity: 0.32;
  }
  .skirt {
    fill: #000;
    opacity: 0.28;
  }
  .door,
  .roof {
    fill: transparent;
    stroke: var(--line);
    stroke-width: 1.3;
  }
  .roof {
    stroke: rgb(0 0 0 / 0.2);
  }
  .handle {
    fill: rgb(0 0 0 / 0.45);
  }
  .tyre {
    fill: var(--tyre);
  }
  .disc {
    fill: #4a525a;
  }
  .rim {
    fill: none;
    stroke: #c3cad0;
    stroke-width: 2.6;
  }
  .spoke {
    fill: #d9dfe3;
  }
  .hub {
    fill: #8b949c;
  }
  .lid {
    fill: none;
    stroke: var(--line);
    stroke-width: 1.4;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .lid.slim {
    stroke: transparent;
  }
  .cover {
    fill: transparent;
    stroke: rgb(0 0 0 / 0.3);
    stroke-width: 1.3;
  }
  .sunroof {
    fill: transparent;
    stroke: rgb(0 0 0 / 0.16);
  }
  .leaf {
    fill: transparent;
    stroke: var(--line);
    stroke-width: 1;
  }
  .mirror {
    fill: color-mix(in srgb, var(--paint) 78%, #000);
  }
  .lamp {
    fill: #f4f7fa;
    opacity: 0.8;
  }
  .beam {
    opacity: 0;
  }
  .tail {
    fill: #cf3b3b;
  }
  .tread {
    fill: var(--tyre);
  }
  .under,
  .arch {
    fill: #14171a;
  }
  .crease {
    fill: none;
    stroke: #fff;
    opacity: 0.17;
    stroke-width: 1.6;
  }
  .flap {
    fill: transparent;
    stroke: var(--line);
    stroke-width: 1.2;
  }
  .cable {
    fill: none;
    stroke: #6b737b;
    stroke-width: 4;
    stroke-linecap: round;
    opacity: 0;
  }

  /* Open */
  .door.open {
    fill: color-mix(in srgb, var(--tone-open) 42%, transparent);
    stroke: var(--tone-open);
    stroke-width: 2.6;
  }
  .lid.open {
    stroke: var(--tone-open);
    stroke-width: 5.5;
    transform: rotate(var(--turn));
  }
  .leaf.open {
    fill: var(--paint);
    stroke: var(--tone-open);
    stroke-width: 3.5;
    transform: rotate(var(--turn));
  }
  .cover.open {
    fill: color-mix(in srgb, var(--tone-open) 38%, transparent);
    stroke: var(--tone-open);
    stroke-width: 3.5;
  }
  .sunroof.open,
  .roof.open {
    fill: rgb(0 0 0 / 0.4);
    stroke: var(--tone-open);
    stroke-width: 3.5;
  }
  .pane.open {
    transform: translateY(var(--slide, 24px));
  }
  .hole.open {
    opacity: 1;
    fill: color-mix(in srgb, var(--tone-open) 45%, transparent);
    stroke: var(--tone-open);
    stroke-width: 4;
  }
  .far {
    fill: var(--tone-open);
    opacity: 0;
  }
  .far-open .far {
    opacity: 1;
  }
  .glass.open {
    stroke: var(--tone-open);
    stroke-width: 4;
    fill: color-mix(in srgb, var(--tone-open) 30%, transparent);
  }
  .flap.open {
    stroke: var(--tone-live);
    stroke-width: 3;
  }

  /* Not known: never drawn as closed */
  .door.unknown,
  .leaf.unknown,
  .cover.unknown {
    stroke-dasharray: 5 5;
    stroke-width: 1.8;
  }
  .lid.unknown {
    stroke-dasharray: 5 5;
  }
  .glass.unknown {
    stroke: var(--line);
    stroke-dasharray: 5 5;
  }

  .tyre.bad,
  .tread.bad {
    fill: var(--tone-bad);
  }
  .lamp.on {
    opacity: 1;
    fill: #fff6d8;
    filter: drop-shadow(0 0 6px #ffe08a);
  }
  .lit .beam {
    opacity: 0.85;
  }
  .plugged .cable {
    opacity: 1;
  }
  .plugged .flap {
    fill: #6b737b;
  }
  .charging .cable {
    stroke: var(--tone-live);
  }
  .charging .flap {
    fill: var(--tone-live);
    stroke: var(--tone-live);
  }

  .moves .lid,
  .moves .leaf,
  .moves .pane,
  .moves .door {
    transition:
      transform var(--ha-animation-duration-normal, 200ms) ease-out,
      fill var(--ha-animation-duration-normal, 200ms) ease-out;
  }
  .moves.charging .cable {
    stroke-dasharray: 14 10;
    animation: flow 2.4s linear infinite;
  }
  @keyframes flow {
    from {
      stroke-dashoffset: 48;
    }
    to {
      stroke-dashoffset: 0;
    }
  }
  .tyre-value {
    font: 500 21px var(--ha-font-family-body, system-ui, sans-serif);
    fill: var(--primary-text-color, #141414);
    font-variant-numeric: tabular-nums;
  }
  .tyre-value.bad {
    fill: var(--tone-bad);
  }
  [role="button"] {
    cursor: pointer;
    outline: none;
  }
  [role="button"]:focus-visible {
    stroke: var(--primary-color, #009ac7);
    stroke-width: 5;
  }
  @media (prefers-reduced-motion: reduce) {
    .moves * {
      transition: none !important;
      animation: none !important;
    }
  }
  @media (forced-colors: active) {
    .body,
    .glass,
    .tyre,
    .tread {
      fill: Canvas;
      stroke: CanvasText;
    }
    .open {
      stroke: Highlight !important;
    }
  }
`;
