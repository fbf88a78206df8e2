/** What opens on a tap: questions, the limit, the view from above, the report, the receipt, all controls. */

import { html, nothing, type TemplateResult } from "lit";

import { calledOf, elapsed, type Outcome } from "../car/command";
import { topDrawing } from "../drawing/drawing";
import { commandText, whyNot } from "../say";
import * as time from "../time";
import type { Action } from "./actions";
import type { CarportCarCard } from "./card";
import { button, hasMap, keyed, lineRow } from "./face";
import { icon } from "./icons";
import { placeText } from "./lines";
import type { View } from "./view";

export type Sheet =
  | { kind: "more" | "age" | "limit" | "parts" | "place" | "receipt" }
  | { kind: "ask"; action: Action }
  | { kind: "code"; action: Action };

type Part = TemplateResult | typeof nothing;

export function sheet(card: CarportCarCard, view: View, shown: Sheet | null): Part {
  if (!shown) return nothing;
  const { words } = view;
  const dark = view.hass.themes.darkMode ? "dark" : "";
  const [title, content] = contentOf(card, view, shown);
  return html`<dialog class="sheet ${dark}" data-sheet=${shown.kind} aria-labelledby="sheet-title" @close=${card.onClosed} @pointerdown=${card.onSheetDown} @click=${card.onBackdrop}>
    <div class="sheet-body">
      <header class="row">
        <h3 id="sheet-title" class="grow">${title}</h3>
        <button type="button" class="close" @click=${card.closeSheet} aria-label=${words("close")}>${icon("close")}</button>
      </header>
      ${content}
    </div>
  </dialog>`;
}

function contentOf(card: CarportCarCard, view: View, shown: Sheet): [string, Part] {
  const { words, name } = view;
  switch (shown.kind) {
    case "ask":
      return [shown.action.spoken, ask(card, view, shown.action)];
    case "code":
      return [shown.action.spoken, code(card, view, shown.action)];
    case "limit":
      return [words("limit.title", { car: name }), limit(card, view)];
    case "parts":
      return [name, parts(card, view)];
    case "place":
      return [words("place.title", { car: name }), place(card, view)];
    case "receipt":
      return [words("receipt.title", { car: name }), receipt(card, view)];
    case "age":
      return [words("report.title", { car: name }), report(card, view)];
    case "more":
      return [name, more(card, view)];
  }
}

function ask(card: CarportCarCard, view: View, action: Action): Part {
  const { words } = view;
  const rests = card.commands.rests(view, action);
  return html`<p>${action.question ?? words("ask.sure")}</p>
    ${action.warning ? html`<p class="problem">${icon("alert")}<span>${action.warning}</span></p>` : nothing}
    ${rests ? html`<p class="note" role="status">${view.resting}</p>` : nothing}
    <div class="row end">
      <button type="button" class="text" @click=${card.closeSheet}>${words("cancel")}</button>
      <button type="button" class="filled" data-confirm aria-disabled=${rests ? "true" : "false"} @click=${() => card.commands.confirmed(action)}>${action.label}</button>
    </div>`;
}

function code(card: CarportCarCard, view: View, action: Action): Part {
  const { words } = view;
  const digits = action.code?.includes("\\d") === true;
  return html`<form @submit=${(event: SubmitEvent) => card.commands.codeTyped(event, action)}>
    <label class="field"
      >${words("code.label")}
      <input name="code" type="password" autocomplete="off" inputmode=${digits ? "numeric" : "text"} pattern=${(action.code ?? ".*").replace(/^\^|\$$/g, "")} />
    </label>
    <div class="row end">
      <button type="button" class="text" @click=${card.closeSheet}>${words("cancel")}</button>
      <button type="submit" class="filled" data-confirm>${action.label}</button>
    </div>
  </form>`;
}

function limit(card: CarportCarCard, view: View): Part {
  const { car, words, hass } = view;
  const state = car.state("number.charge_limit");
  if (!state) return nothing;
  const { min = 0, max = 100, step = 1 } = state.attributes as Record<string, number>;
  const told = card.commands.limitDraft ?? car.number("number.charge_limit") ?? null;
  const text = told === null ? words("unknown") : time.percent(hass, told);
  const charging = view.actions.shown.concat(view.actions.more).find(({ name }) => name === "charging");
  const current = car.state("select.max_charge_current_word") ?? car.state("number.max_charge_current");
  return html`<label class="field slider"
      ><span class="row"><span class="grow">${words("limit.label")}</span><output>${text}</output></span>
      <input
        type="range"
        min=${min}
        max=${max}
        step=${step}
        .value=${String(told ?? max)}
        ?disabled=${view.resting !== null}
        aria-valuetext=${text}
        @input=${card.commands.onLimitDraft}
        @keydown=${card.commands.onLimitKey}
        @pointerdown=${card.commands.onLimitKey}
        @blur=${card.commands.sendLimit}
        @change=${card.commands.onLimit}
      />
    </label>
    ${outcome(card, view)}
    ${current
      ? html`<button type="button" class="line" @click=${() => card.info(current.entity_id)}>
          ${icon("power")}<span>${words("limit.current", { value: hass.formatEntityState(current) })}</span>
        </button>`
      : nothing}
    ${charging ? html`<div class="buttons">${button(card, view, charging, false, true)}</div>` : nothing}`;
}

/** What becomes of what is asked for here: the face lies behind the sheet, and says nothing to a screen reader. */
function outcome(card: CarportCarCard, view: View): Part {
  const failed = view.said.rule === 4 ? `${view.text} ${view.why}` : "";
  return html`<p class="note" role="status">${card.commands.problem ?? view.resting ?? failed}</p>`;
}

function parts(card: CarportCarCard, view: View): Part {
  return html`<div class="from-above" @click=${card.onPart} @keydown=${card.onPart}>${topDrawing(view.drawn)}</div>
    ${[...view.lines, ...view.more]
      .filter(({ name }) => name === "security" || name === "tyres")
      .map((line) => html`<p class="note ${line.tone ?? ""}">${icon(line.icon)}<span>${line.text}</span></p>`)}`;
}

function place(card: CarportCarCard, view: View): Part {
  const { facts, words, hass, car, layout } = view;
  const address = car.text("sensor.parked_address");
  const where = facts.place;
  // A map is one element: where the face has it, it stays there.
  const map = hasMap(view) && layout !== "panel";
  return html`${where ? html`<p>${placeText(where, words)}${address ? ` · ${address}` : ""}</p>` : nothing}
    ${facts.parkedAt === null ? nothing : html`<p class="note">${words("place.since", { time: time.full(hass, facts.parkedAt) })}</p>`}
    ${map && where ? card.map() : nothing}`;
}

const FORMS: Partial<Record<Outcome, "doing" | "done">> = { accepted: "doing", confirmed: "done" };

function receipt(card: CarportCarCard, view: View): Part {
  const { command, words, hass, speaker, phase } = view;
  if (!command) return nothing;
  const rows: [string, number | null][] = [
    ["receipt.requested", command.requestedAt],
    ["receipt.accepted", command.acceptedAt],
    ["receipt.captured", command.capturedAt],
    ["receipt.finished", command.finishedAt],
  ];
  return html`<p>${commandText(speaker, calledOf(command), FORMS[command.outcome] ?? "not")}</p>
    <dl>
      ${rows.map(([key, at]) =>
        at === null ? nothing : html`<dt>${words(key)}</dt><dd>${time.exact(hass, at)}</dd>`,
      )}
      ${command.requestedAt !== null && command.finishedAt !== null
        ? html`<dt>${words("receipt.took")}</dt><dd>${elapsed(command.requestedAt, command.finishedAt)}</dd>`
        : nothing}
    </dl>
    ${command.reason ? html`<p>${whyNot(speaker, command)}</p>` : nothing}
    ${phase === "failed"
      ? html`<div class="row end">
          <button type="button" class="text" @click=${card.commands.dismiss}>${words("dismiss")}</button>
          ${card.commands.retryable(view) ? html`<button type="button" class="filled" @click=${card.commands.retry}>${words("retry")}</button>` : nothing}
        </div>`
      : nothing}`;
}

function report(card: CarportCarCard, view: View): Part {
  const { facts, words, hass, car } = view;
  const refresh = view.actions.shown.concat(view.actions.more).find(({ name }) => name === "refresh");
  const channel = car.state("sensor.channel");
  return html`<dl>
      <dt>${words("report.captured")}</dt>
      <dd>${facts.capturedAt === null ? words("age.never") : time.full(hass, facts.capturedAt)}</dd>
      ${channel
        ? html`<dt>${words("report.channel")}</dt>
            <dd>${hass.formatEntityState(channel)}</dd>`
        : nothing}
      ${facts.channelUntil !== null && facts.channelUntil > view.now
        ? html`<dt>${words("report.until")}</dt><dd>${time.moment(hass, facts.channelUntil, view.now)}</dd>`
        : nothing}
    </dl>
    ${facts.stale ? html`<p class="note">${words("report.stale")}</p>` : nothing}
    <div class="buttons">${refresh ? button(card, view, refresh, false, true) : nothing}</div>
    ${outcome(card, view)}
    ${channel
      ? html`<button type="button" class="line" @click=${() => card.info(channel.entity_id)}>${icon("chevron")}<span>${words("report.details")}</span></button>`
      : nothing}`;
}

function more(card: CarportCarCard, view: View): Part {
  const { shown, more: rest } = view.actions;
  return html`${outcome(card, view)}
    <div class="buttons all">${keyed([...shown, ...rest], (action) => button(card, view, action, false, true))}</div>
    <div class="lines">${[...view.lines, ...view.more].map((line) => lineRow(card, line))}</div>`;
}
