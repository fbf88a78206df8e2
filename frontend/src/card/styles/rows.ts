import { css } from "lit";

/** Levels, lines and controls. */
export const rowStyles = css`
  /* Levels */
  .bar {
    position: relative;
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 20px;
    font-size: var(--size-s);
    color: var(--text-2);
    --fill: var(--primary-color, #009ac7);
  }
  .bar.fuel {
    min-block-size: 12px;
    --fill: color-mix(in srgb, var(--text-2) 75%, transparent);
  }
  .bar.charging {
    --fill: var(--success-color, #2e9e4f);
  }
  .bar.low {
    --fill: var(--warning-color, #ff9800);
  }
  .bar.critical {
    --fill: var(--error-color, #db4437);
  }
  .stale .bar {
    --fill: var(--text-2);
  }
  .track {
    position: relative;
    flex: 1;
    block-size: 12px;
    border-radius: 6px;
    background: var(--quiet);
    overflow: hidden;
  }
  .fuel .track {
    block-size: 6px;
  }
  .strip .track {
    block-size: 8px;
  }
  .track.unknown {
    background: none;
    border: 1px dashed var(--text-2);
    box-sizing: border-box;
  }
  .fill {
    block-size: 100%;
    background: var(--fill);
    border-radius: 6px;
    transition: inline-size var(--ease);
  }
  .added {
    position: absolute;
    inset-block: 0;
    background: repeating-linear-gradient(
      -55deg,
      color-mix(in srgb, var(--fill) 55%, transparent) 0 4px,
      transparent 4px 8px
    );
  }
  .tick {
    position: absolute;
    inset-block: 0;
    inline-size: 2px;
    margin-inline-start: -2px;
    background: var(--text);
  }
  .limit {
    white-space: nowrap;
  }

  /* Lines */
  .lines {
    display: flex;
    flex-direction: column;
  }
  .line,
  .note {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 30px;
    inline-size: 100%;
  }
  .line .icon {
    color: var(--text-2);
  }
  .line.warning .icon,
  .line.danger .icon {
    color: inherit;
  }
  .line.muted,
  .note.muted {
    color: var(--text-2);
  }
  .line:hover {
    background: var(--quiet);
  }
  .brief .line {
    font-size: var(--size-s);
    min-block-size: 24px;
    gap: 6px;
  }
  .brief .line .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .foot {
    align-items: center;
    margin-block-start: auto;
  }

  /* Controls */
  .buttons {
    display: flex;
    gap: 8px;
    flex-wrap: wrap;
  }
  .full > .buttons {
    margin-block-start: auto;
  }
  .control {
    display: flex;
    align-items: center;
    justify-content: center;
    flex-direction: column;
    gap: 3px;
    font-size: var(--size-s);
    min-block-size: 54px;
    padding: 6px 4px;
    box-sizing: border-box;
    border-radius: 12px;
    background: var(--quiet);
    font-weight: 500;
    flex: 1 1 60px;
    text-align: center;
    transition: background var(--ease);
  }
  .control:hover {
    background: color-mix(in srgb, var(--text) 14%, transparent);
  }
  .control.dots {
    flex: 0 1 60px;
  }
  .control.small {
    flex: none;
    padding: 0;
    min-block-size: 44px;
    inline-size: 44px;
  }
  .control.wide {
    flex-direction: row;
    gap: 10px;
    min-block-size: 48px;
    padding: 4px 12px;
    font-size: var(--size-m);
  }
  .control.rests {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .foot .buttons {
    flex-wrap: nowrap;
  }
`;
