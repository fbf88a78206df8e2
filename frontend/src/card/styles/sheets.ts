import { css } from "lit";

/** What opens on a tap. */
export const sheetStyles = css`
  /* Sheets */
  dialog {
    border: none;
    padding: 0;
    color: var(--text);
    background: var(--ha-card-background, var(--card-background-color, #fff));
    border-radius: var(--ha-border-radius-2xl, 24px);
    inline-size: min(440px, calc(100vw - 32px));
    max-block-size: min(86vh, 720px);
    box-shadow: 0 12px 48px rgb(0 0 0 / 0.35);
    font-size: var(--size-m);
    line-height: 1.4;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.45);
  }
  .sheet-body {
    display: flex;
    flex-direction: column;
    gap: 14px;
    padding: 18px 20px 20px;
  }
  h3 {
    font-size: calc(var(--size-m) * 1.3);
    font-weight: 500;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .close {
    inline-size: 44px;
    block-size: 44px;
    display: grid;
    place-items: center;
    margin: -8px;
  }
  .text,
  .filled {
    min-block-size: 44px;
    padding-inline: 14px;
    border-radius: 12px;
    font-weight: 500;
  }
  .sentence .text {
    color: var(--text);
  }
  .sentence .inline {
    margin-block: -12px;
    margin-inline-end: -8px;
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .text:hover {
    background: var(--quiet);
  }
  .filled {
    background: var(--primary-text-color, #141414);
    color: var(--card-background-color, #fff);
  }
  .filled[aria-disabled="true"] {
    opacity: 0.45;
    cursor: default;
  }
  .all .control {
    flex: 1 1 44%;
    justify-content: flex-start;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(0, auto) minmax(min-content, 1fr);
    gap: 6px 16px;
  }
  dt {
    overflow-wrap: anywhere;
    color: var(--text-2);
  }
  dd {
    min-inline-size: 0;
    text-align: end;
    overflow-wrap: anywhere;
  }
  .field {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .field input[type="password"] {
    font: inherit;
    font-size: var(--size-l);
    padding: 12px;
    border-radius: 10px;
    border: 1px solid var(--text-2);
    background: none;
    color: inherit;
  }
  .field output {
    font-size: calc(var(--size-m) * 1.6);
    font-weight: 300;
    font-variant-numeric: tabular-nums;
  }
  input[type="range"] {
    inline-size: 100%;
    block-size: 44px;
    margin: 0;
    accent-color: var(--primary-color, #009ac7);
  }
  .note {
    color: var(--text-2);
  }
  /* It is there before it says something, so that a screen reader hears it, and takes no room till then. */
  .note:empty {
    min-block-size: 0;
    margin-block-start: -14px;
  }
  .problem {
    display: flex;
    gap: 8px;
    align-items: flex-start;
  }
`;
