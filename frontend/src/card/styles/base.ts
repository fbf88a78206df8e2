import { css } from "lit";

/** Colours, sizes and columns; every colour is the theme's. */
export const baseStyles = css`
  :host {
    display: block;
    height: 100%;
    --tone-info: var(--primary-color, #009ac7);
    --tone-success: var(--ha-color-on-success-quiet, #00713a);
    --tone-warning: var(--ha-color-on-warning-quiet, #a14a00);
    --tone-danger: var(--ha-color-on-danger-quiet, #b3202a);
    --ground-success: var(--ha-color-fill-success-quiet-resting, rgb(0 136 60 / 0.1));
    --ground-warning: var(--ha-color-fill-warning-quiet-resting, rgb(201 78 0 / 0.1));
    --ground-danger: var(--ha-color-fill-danger-quiet-resting, rgb(192 30 46 / 0.1));
    --quiet: color-mix(in srgb, var(--primary-text-color, #141414) 8%, transparent);
    --text: var(--primary-text-color, #141414);
    --text-2: var(--secondary-text-color, #5e5e5e);
    --size-s: var(--ha-font-size-s, 12px);
    --size-m: var(--ha-font-size-m, 14px);
    --size-l: var(--ha-font-size-l, 16px);
    --ease: var(--ha-animation-duration-normal, 200ms) ease-out;
  }
  ha-card {
    display: block;
    height: 100%;
    overflow: hidden;
    box-sizing: border-box;
    color: var(--text);
    font-size: var(--size-m);
    line-height: 1.35;
  }
  ha-card.empty {
    min-height: 120px;
  }
  .face {
    display: flex;
    flex-direction: column;
    gap: 8px;
    padding: 14px 16px 16px;
    height: 100%;
    box-sizing: border-box;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .row.end {
    justify-content: flex-end;
    flex-wrap: wrap;
  }
  .row.top {
    align-items: flex-end;
  }
  .grow {
    flex: 1 1 auto;
    min-width: 0;
  }
  p,
  h2,
  h3,
  dl,
  dd {
    margin: 0;
  }
  .icon {
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    fill: currentColor;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: none;
    padding: 0;
    margin: 0;
    text-align: start;
    cursor: pointer;
    border-radius: 8px;
  }
  :is(button, a, input):focus-visible {
    outline: 2px solid var(--primary-color, #009ac7);
    outline-offset: 2px;
  }

  /* Columns */
  .columns {
    display: grid;
    gap: 16px 28px;
    align-items: start;
  }
  .two {
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  }
  .three {
    grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr) minmax(0, 1.1fr);
  }
  .stack {
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-width: 0;
  }
  .map {
    border-radius: 12px;
    overflow: hidden;
    min-block-size: 180px;
    background: var(--quiet);
  }

  .gone {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 20px 16px;
    color: var(--text-2);
  }
`;
