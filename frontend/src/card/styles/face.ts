import { css } from "lit";

/** Name, number, drawing and sentence. */
export const faceStyles = css`
  /* Name and age */
  #name {
    font-size: var(--size-l);
    font-weight: 500;
    line-height: 1.3;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  #name a {
    color: inherit;
    text-decoration: none;
    border-radius: 6px;
  }
  .extra {
    font-size: var(--size-s);
    color: var(--text-2);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    min-width: 2em;
  }
  .age {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-size: var(--size-s);
    color: var(--text-2);
    min-height: 32px;
    padding-inline: 6px;
    margin-inline-end: -6px;
    flex: none;
    max-width: 60%;
    text-align: end;
  }
  .mark {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    color: var(--tone-warning);
  }
  .mark .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .dot {
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--success-color, #2e9e4f);
    flex: none;
  }
  .dot.old {
    background: none;
    box-shadow: inset 0 0 0 2px var(--tone-warning);
  }
  .dot.closed,
  .dot.none {
    background: var(--text-2);
    border-radius: 2px;
  }

  /* The number */
  .headline {
    display: inline-flex;
    align-items: baseline;
    gap: 5px;
    font-variant-numeric: tabular-nums;
    line-height: 1.05;
    letter-spacing: -0.02em;
  }
  .headline .value {
    font-size: calc(var(--size-m) * 2.9);
    font-weight: 300;
  }
  .headline .unit {
    font-size: var(--size-l);
    color: var(--text-2);
    letter-spacing: 0;
  }
  .compact .headline .value {
    font-size: calc(var(--size-m) * 2.2);
  }
  .strip .headline .value {
    font-size: calc(var(--size-m) * 1.45);
    font-weight: 400;
  }
  .strip .headline .unit {
    font-size: var(--size-s);
  }
  .stale .headline .value {
    color: var(--text-2);
  }
  .levels {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    font-size: var(--size-l);
    color: var(--text-2);
    font-variant-numeric: tabular-nums;
  }
  .level {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .swatch {
    inline-size: 9px;
    block-size: 9px;
    border-radius: 50%;
    background: var(--primary-color, #009ac7);
  }
  .fuel .swatch {
    background: var(--text-2);
    border-radius: 2px;
  }
  .level:only-child .swatch {
    display: none;
  }
  .number {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 14px;
  }

  /* The drawing */
  .hero {
    display: flex;
    flex-direction: column;
  }
  .picture,
  .thumbnail,
  .from-above {
    position: relative;
  }
  .full .picture {
    margin-inline: 4% -16px;
    overflow-x: clip;
  }
  .full .picture .car {
    inline-size: 96%;
    margin-inline-start: auto;
  }
  .full .hero {
    gap: 6px;
  }
  .picture img {
    display: block;
    inline-size: 100%;
    block-size: auto;
    max-block-size: 220px;
    object-fit: contain;
  }
  .thumbnail {
    flex: none;
    inline-size: 150px;
  }
  .strip .thumbnail {
    inline-size: 62px;
    overflow: hidden;
  }
  .compact .number {
    gap: 0 10px;
  }
  .inline .icon {
    inline-size: 24px;
    block-size: 24px;
  }
  .from-above {
    max-inline-size: 300px;
    margin-inline: auto;
    inline-size: 100%;
  }
  .wide .from-above {
    max-inline-size: 230px;
  }
  .centre {
    justify-content: center;
  }
  .cover-all {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }
  .stale .car {
    filter: saturate(0.35);
    opacity: 0.75;
  }

  /* The sentence */
  .sentence {
    display: flex;
    flex-direction: column;
    gap: 6px;
    border-radius: 10px;
    min-block-size: 1.35em;
  }
  .sentence > p {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    font-weight: 500;
  }
  .plain {
    display: inline;
  }
  .sentence .why {
    display: block;
    font-weight: 400;
    color: var(--text);
  }
  .sentence.large > p {
    font-size: calc(var(--size-m) * 1.7);
    font-weight: 400;
  }
  .strip .sentence,
  .compact .sentence {
    font-size: var(--size-s);
  }
  .strip .sentence.large > p,
  .compact .sentence.large > p {
    font-size: var(--size-l);
  }
  .strip .sentence .icon,
  .compact .sentence .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .strip .said {
    display: -webkit-box;
    -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
    overflow: hidden;
  }
  .sentence.muted > p {
    color: var(--text-2);
  }
  .sentence.success > p {
    color: var(--tone-success);
  }
  .sentence.warning,
  .sentence.danger {
    padding: 8px 10px;
  }
  .strip .sentence.warning,
  .strip .sentence.danger {
    padding: 2px 6px;
  }
  .sentence.warning {
    background: var(--ground-warning);
  }
  .sentence.warning > p:first-child,
  .problem,
  .line.warning,
  .note.warning {
    color: var(--tone-warning);
  }
  .sentence.danger {
    background: var(--ground-danger);
  }
  .sentence.danger > p:first-child,
  .line.danger,
  .note.danger {
    color: var(--tone-danger);
  }
  .sentence .problem {
    font-weight: 400;
    font-size: var(--size-m);
  }
  .spoken {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .progress {
    block-size: 3px;
    border-radius: 2px;
    overflow: hidden;
    background: var(--quiet);
    position: relative;
  }
  .progress::after {
    content: "";
    position: absolute;
    inset-block: 0;
    inline-size: 35%;
    border-radius: 2px;
    background: var(--tone-info);
    animation: slide 2s ease-in-out infinite alternate;
  }
  @keyframes slide {
    from {
      inset-inline-start: 0;
    }
    to {
      inset-inline-start: 65%;
    }
  }
  .receipt {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: var(--size-s);
    background: var(--ground-success);
    padding: 6px 10px;
    border-radius: 10px;
  }

  .receipt .icon {
    color: var(--tone-success);
  }

  .receipt.taken {
    background: var(--quiet);
  }

  .receipt.taken .icon {
    color: inherit;
  }
`;
