/** The face of the card in its five layouts. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { calledOf, elapsed } from "../car/command";
import type { Tone } from "../car/sentence";
import { sideDrawing, topDrawing } from "../drawing/drawing";
import { commandText } from "../say";
import * as time from "../time";
import type { Action } from "./actions";
import type { CarportCarCard } from "./card";
import { icon, type Icon } from "./icons";
import type { LineView } from "./lines";
import type { LevelView, View } from "./view";

type Part = TemplateResult | typeof nothing;

const TONES: Record<Tone, Icon | null> = {
  neutral: null,
  muted: null,
  info: null,
  success: "plug",
  warning: "alert",
  danger: "danger",
};

const RULE_ICONS: Record<number, Icon> = {
  1: "cloud_closed",
  2: "account",
  3: "clock",
  6: "drive",
  8: "battery",
  9: "plug",
  10: "check",
  11: "fan",
  12: "service",
  13: "parked",
};

export function face(card: CarportCarCard, view: View): TemplateResult {
  const { layout } = view;
  const body =
    layout === "strip"
      ? strip(card, view)
      : layout === "compact"
        ? compact(card, view)
        : layout === "full"
          ? fullFace(card, view)
          : layout === "wide"
            ? wide(card, view)
            : panel(card, view);
  return html`<article
    class="face ${layout} ${view.facts.stale ? "stale" : ""} ${view.hass.themes.darkMode ? "dark" : ""}"
    aria-labelledby="name"
    aria-describedby="sentence"
  >
    ${body}
  </article>`;
}

function strip(card: CarportCarCard, view: View): Part {
  const quick = view.actions.shown[0];
  return html`<div class="row">
      ${thumbnail(view)}
      <div class="grow">${name(card, view)}</div>
      ${headline(card, view)}
    </div>
    <div class="row">
      <div class="grow">${sentenceLine(card, view)}</div>
      ${quick ? button(card, view, quick, true) : nothing}
    </div>
    ${bars(card, view)}`;
}

function compact(card: CarportCarCard, view: View): Part {
  return html`<header class="row">${name(card, view)}<span class="grow"></span>${age(card, view)}</header>
    <div class="row top">
      <div class="grow number">${headline(card, view)}${levels(view)}</div>
      ${thumbnail(view)}
    </div>
    ${sentenceLine(card, view)}${bars(card, view)}
    <div class="row foot">
      <div class="grow brief">${view.lines.slice(0, 2).map((line) => lineRow(card, line))}</div>
      ${buttons(card, view, true)}
    </div>`;
}

function fullFace(card: CarportCarCard, view: View): Part {
  return html`<header class="row">${name(card, view)}<span class="grow"></span>${age(card, view)}</header>
    <div class="hero">
      <div class="number">${headline(card, view)}${levels(view)}</div>
      ${picture(card, view)}
    </div>
    ${sentenceLine(card, view)}${bars(card, view)}${lines(card, view.lines)}${buttons(card, view)}`;
}

function wide(card: CarportCarCard, view: View): Part {
  const above = view.facts.open.length > 0;
  const half = Math.ceil(view.lines.length / 2);
  const extra = view.more.filter(({ name }) => name === "tyres" || name === "service");
  const left = html`${lines(card, view.lines.slice(0, half))}${buttons(card, view)}`;
  const right = lines(card, [...view.lines.slice(half), ...extra]);
  // The view from above is high: the lines then stand beside it, not under it.
  return html`<header class="row">${name(card, view)}<span class="grow"></span>${age(card, view)}</header>
    <div class="columns two">
      <div class="stack">
        <div class="number">${headline(card, view)}${levels(view)}</div>
        ${sentenceLine(card, view)}${bars(card, view)}${above ? [right, left] : nothing}
      </div>
      <div class="stack centre">${picture(card, view, above)}</div>
      ${above ? nothing : html`<div class="stack">${left}</div><div class="stack">${right}</div>`}
    </div>`;
}

function panel(card: CarportCarCard, view: View): Part {
  return html`<header class="row">${name(card, view)}<span class="grow"></span>${age(card, view)}</header>
    <div class="columns three">
      <div class="stack">
        <div class="number">${headline(card, view)}${levels(view)}</div>
        ${sentenceLine(card, view)}${bars(card, view)}${buttons(card, view)}${lines(card, view.lines)}
      </div>
      <div class="stack centre">
        <div class="from-above" @click=${card.onPart} @keydown=${card.onPart}>${topDrawing(view.drawn)}</div>
      </div>
      <div class="stack">${hasMap(view) ? card.map() : sideFace(view)}${lines(card, view.more)}</div>
    </div>`;
}

export function hasMap({ config, facts: { place } }: View): boolean {
  return config.map === "always" || (config.map !== "never" && place !== null && place !== undefined && !place.home);
}

function name(card: CarportCarCard, view: View): Part {
  const { device, extra, name: text, hass, config } = view;
  const path = config.tap_action?.["navigation_path"];
  const href = typeof path === "string" ? path : hass.user?.is_admin ? `/config/devices/device/${device.id}` : null;
  const label = html`<span class="name-text">${text}</span>`;
  return html`<h2 id="name">
      ${href === null ? label : html`<a href=${href} @click=${card.onDevice}>${label}</a>`}
    </h2>
    ${extra && view.layout !== "strip" ? html`<span class="extra">${extra}</span>` : nothing}`;
}

function age(card: CarportCarCard, view: View): Part {
  const { facts, words, hass } = view;
  const mark =
    facts.channel === "throttled"
      ? facts.channelUntil !== null && facts.channelUntil > view.now
        ? words("age.next_look", { time: time.moment(hass, facts.channelUntil, view.now) })
        : words("age.throttled")
      : facts.channel === "degraded"
        ? words("age.degraded")
        : null;
  const trust = facts.channel === "closed_by_maker" ? "closed" : facts.stale ? "old" : "fresh";
  return html`<button
    class="age"
    type="button"
    @click=${() => card.open("age")}
  >
    <span class="spoken">${words("age.label")}</span>
    ${mark ? html`<span class="mark">${icon(facts.channel === "throttled" ? "cloud_clock" : "cloud_alert")}${mark}</span>` : nothing}
    <span class="dot ${view.age === null ? "none" : trust}"></span>
    ${view.age === null
      ? html`<span aria-hidden="true">–</span><span class="spoken">${words("age.never")}</span>`
      : html`<time datetime=${new Date(facts.capturedAt!).toISOString()}>${view.age}</time>`}
  </button>`;
}

function headline(card: CarportCarCard, view: View): Part {
  const { headline: shown } = view;
  if (!shown) return nothing;
  return html`<button
    class="headline"
    type="button"
    @click=${card.onHeadline}
    @pointerdown=${card.onHeadlineDown}
    @pointerup=${card.onHeadlineUp}
    @pointerleave=${card.onHeadlineUp}
    aria-label=${`${shown.label}: ${shown.value} ${shown.unit}`.trim()}
  >
    <span class="value">${shown.value}</span> <span class="unit">${shown.unit}</span>
  </button>`;
}

function levels(view: View): Part {
  if (view.levels.length === 0 || view.headline?.entity === view.levels[0]?.entity) return nothing;
  return html`<span class="levels"
    >${view.levels.map(
      (level) => html`<span class="level ${level.kind}"><span class="swatch" aria-hidden="true"></span>${level.text}</span>`,
    )}</span
  >`;
}

function thumbnail(view: View): Part {
  if (view.config.picture === "none") return nothing;
  return html`<div class="thumbnail">${sideDrawing(view.drawn)}</div>`;
}

function picture(card: CarportCarCard, view: View, above = false): Part {
  if (view.config.picture === "none") return nothing;
  if (above) {
    return html`<div class="from-above" @click=${card.onPart} @keydown=${card.onPart}>${topDrawing(view.drawn)}</div>`;
  }
  return html`<div class="picture">
    ${view.picture
      ? html`<img src=${view.picture} alt=${view.drawn.label} loading="lazy" />`
      : sideDrawing(view.drawn)}
    <button class="cover-all" type="button" @click=${() => card.open("parts")} aria-label=${view.words("drawing.open")}></button>
  </div>`;
}

const sideFace = (view: View): Part => html`<div class="picture">${sideDrawing(view.drawn)}</div>`;

export function sentenceLine(card: CarportCarCard, view: View): Part {
  const { said, text, why, words } = view;
  const shape = TONES[said.tone] ?? RULE_ICONS[said.rule] ?? null;
  const act = said.action;
  return html`<div class="sentence ${said.tone} ${view.headline ? "" : "large"}">
    <p id="sentence">
      ${shape ? icon(RULE_ICONS[said.rule] ?? shape) : nothing}
      <span class="said grow"
        >${card.leads(view) ? html`<button type="button" class="plain" @click=${() => card.follow(view)}>${text}</button>` : text}${why
          ? html` <span class="why">${why}</span>`
          : nothing}</span
      >
      ${act === "repairs" && view.hass.user?.is_admin
        ? html`<button type="button" class="text strong inline" @click=${card.onRepairs}>${words("open_repairs")}</button>`
        : nothing}
      ${act === "retry" && view.layout === "strip"
        ? html`<button type="button" class="inline" @click=${() => card.open("receipt")} aria-label=${words("details")}>${icon("chevron")}</button>`
        : nothing}
    </p>
    <span class="spoken" role="status" aria-live="polite">${card.announced}</span>
    ${said.running ? html`<div class="progress" aria-hidden="true"></div>` : nothing}
    ${act === "retry" && view.layout !== "strip"
      ? html`<div class="row end">
          <button type="button" class="text" @click=${card.commands.dismiss}>${words("dismiss")}</button>
          ${card.commands.retryable(view) ? html`<button type="button" class="text strong" @click=${card.commands.retry}>${words("retry")}</button>` : nothing}
        </div>`
      : nothing}
    ${card.commands.problem ? html`<p class="problem" role="alert">${icon("alert")}<span class="said">${card.commands.problem}</span></p>` : nothing}
    ${receipt(card, view)}
  </div>`;
}

/** What became of a command that was just carried out, or taken without a word of what follows. */
function receipt(card: CarportCarCard, view: View): Part {
  const { command, phase, words, hass, speaker } = view;
  if (!command || (phase !== "confirmed" && phase !== "taken")) return nothing;
  const kind = calledOf(command);
  if (phase === "taken") {
    return receiptLine(card, "taken", words("receipt.taken", { doing: commandText(speaker, kind, "doing") }));
  }
  const done = commandText(speaker, kind, "done");
  const proof =
    command.capturedAt === null
      ? words("receipt.confirmed", { done })
      : words("receipt.proved", { done, time: time.clock(hass, command.capturedAt) });
  const took =
    command.requestedAt !== null && command.finishedAt !== null
      ? ` · ${elapsed(command.requestedAt, command.finishedAt)}`
      : "";
  return receiptLine(card, "confirmed", `${proof}${took}`);
}

const receiptLine = (card: CarportCarCard, phase: "taken" | "confirmed", text: string): Part =>
  html`<button type="button" class="receipt ${phase}" @click=${() => card.open("receipt")}>
    ${icon(phase === "taken" ? "cloud_ok" : "check")}<span>${text}</span>
  </button>`;

function bars(card: CarportCarCard, view: View): Part {
  return html`${view.levels.map((level) => bar(card, view, level))}`;
}

/** A share that can be drawn, whatever was told. */
const within = (percent: number): number => Math.min(100, Math.max(0, percent));

function bar(card: CarportCarCard, view: View, level: LevelView): Part {
  const { words, hass, layout } = view;
  const { percent, limit, kind } = level;
  const battery = kind === "battery";
  const tone = !battery || level.charging ? "" : percent === null ? "" : percent <= 10 ? "critical" : percent <= 20 ? "low" : "";
  const full = percent === null ? null : within(percent);
  const end = limit === null ? null : within(limit);
  const added = battery && end !== null && full !== null && end > full && view.facts.plugged === true;
  const label = words(battery ? "bar.battery" : "bar.fuel");
  const text =
    percent === null
      ? words("unknown")
      : battery && limit !== null
        ? words("bar.with_limit", { level: level.text, limit: time.percent(hass, limit) })
        : level.text;
  return html`<div class="bar ${kind} ${tone} ${level.charging ? "charging" : ""}">
    <div
      class="track ${percent === null ? "unknown" : ""}"
      role="meter"
      aria-label=${label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${full ?? 0}
      aria-valuetext=${text}
    >
      ${full === null ? nothing : html`<div class="fill" style="inline-size:${full}%"></div>`}
      ${added ? html`<div class="added" style="inset-inline-start:${full}%;inline-size:${end - full}%"></div>` : nothing}
      ${battery && end !== null ? html`<div class="tick" style="inset-inline-start:${end}%"></div>` : nothing}
    </div>
    ${battery && limit !== null && layout !== "strip"
      ? html`<span class="limit">${words("bar.limit", { limit: time.percent(hass, limit) })}</span>`
      : nothing}
    <button
      class="cover-all"
      type="button"
      @click=${() => (battery && view.car.can("number.charge_limit") && view.config.controls !== false ? card.open("limit") : card.info(level.entity))}
      aria-label=${`${label}: ${text}`}
    ></button>
  </div>`;
}

function lines(card: CarportCarCard, shown: LineView[]): Part {
  return shown.length === 0 ? nothing : html`<div class="lines">${shown.map((line) => lineRow(card, line))}</div>`;
}

export function lineRow(card: CarportCarCard, line: LineView): Part {
  return html`<button type="button" class="line ${line.tone ?? ""}" data-line=${line.name} @click=${() => card.onLine(line)}>
    ${icon(line.icon)}<span>${line.text}</span>
  </button>`;
}

function buttons(card: CarportCarCard, view: View, small = false): Part {
  const { shown, more } = view.actions;
  if (shown.length === 0 && more.length === 0) return nothing;
  const some = small ? shown.slice(0, 2) : shown;
  return html`<div class="buttons">
    ${keyed(some, (action) => button(card, view, action, small))}
    ${more.length > 0 || small
      ? html`<button
          type="button"
          class="control ${small ? "small" : ""} dots"
          @click=${() => card.open("more")}
          aria-label=${view.words("action.more_of", { car: view.name })}
          title=${view.words("action.more")}
        >
          ${icon("more")}${small ? nothing : html`<span>${view.words("action.more")}</span>`}
        </button>`
      : nothing}
  </div>`;
}

/** A control that comes or goes moves its neighbours: the focus stays with the one that has it. */
export const keyed = (actions: readonly Action[], template: (action: Action) => Part) =>
  repeat(actions, ({ name }) => name, template);

export function button(card: CarportCarCard, view: View, action: Action, small = false, wide = false): Part {
  const rests = card.commands.rests(view, action);
  return html`<button
    type="button"
    class="control ${small ? "small" : wide ? "wide" : ""} ${rests ? "rests" : ""}"
    data-action=${action.name}
    aria-disabled=${rests ? "true" : "false"}
    aria-label=${action.spoken}
    title=${(!action.beside && view.resting) || action.spoken}
    @click=${() => (rests ? undefined : card.commands.act(action))}
  >
    ${icon(action.icon)}${small ? nothing : html`<span>${wide ? action.label : action.short}</span>`}
  </button>`;
}
