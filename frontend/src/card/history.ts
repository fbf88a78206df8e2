/** What a maker remembers of a car: asked for at a tap, because it costs a call. */

import { css, html, nothing, type TemplateResult } from "lit";

import { momentOf } from "../car/entities";
import type { Hass } from "../ha";
import { errorText } from "../say";
import * as time from "../time";
import { isLoaded, load, wordsOf } from "../words";
import { AskedElement } from "./asked";
import { icon } from "./icons";

export const HISTORY = "carport-history-card";

type List = "trips" | "charges";
type Row = Record<string, unknown>;

const LISTS: Record<List, { service: string; answer: string }> = {
  trips: { service: "get_trips", answer: "trips" },
  charges: { service: "get_charge_sessions", answer: "charge_sessions" },
};
const SHOWN = 12;
const KM_PER_MILE = 1.609344;

export class CarportHistoryCard extends AskedElement {
  static override properties = { hass: { attribute: false } };
  declare hass?: Hass;

  private deviceId = "";
  private asking: List | null = null;
  private said: { list: List; rows: Row[] } | { list: List; problem: string } | null = null;

  static override styles = css`
    ha-card {
      display: block;
      padding: 12px 16px;
      font-size: var(--ha-font-size-m, 14px);
    }
    .choice {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    button {
      font: inherit;
      font-weight: 500;
      color: inherit;
      display: flex;
      align-items: center;
      gap: 8px;
      flex: 1 1 140px;
      min-block-size: 44px;
      padding: 4px 12px;
      border: none;
      border-radius: 12px;
      background: color-mix(in srgb, var(--primary-text-color, #141414) 8%, transparent);
      cursor: pointer;
    }
    button:focus-visible {
      outline: 2px solid var(--primary-color, #009ac7);
      outline-offset: 2px;
    }
    button[aria-pressed="true"] {
      background: color-mix(in srgb, var(--primary-text-color, #141414) 16%, transparent);
    }
    .icon {
      inline-size: 20px;
      block-size: 20px;
      fill: currentColor;
      flex: none;
    }
    table {
      inline-size: 100%;
      border-collapse: collapse;
      margin-block-start: 8px;
      font-variant-numeric: tabular-nums;
    }
    td {
      padding: 6px 0;
      text-align: end;
      color: var(--secondary-text-color, #5e5e5e);
    }
    th {
      padding: 6px 0;
      text-align: start;
      font-weight: 500;
    }
    tr + tr {
      border-block-start: 1px solid color-mix(in srgb, var(--primary-text-color, #141414) 10%, transparent);
    }
    p {
      margin: 10px 0 0;
      color: var(--secondary-text-color, #5e5e5e);
    }
  `;

  setConfig(config: { device_id?: unknown }): void {
    if (typeof config.device_id !== "string") throw new Error("device_id is missing: choose a car");
    if (config.device_id === this.deviceId) return;
    this.deviceId = config.device_id;
    this.asking = null;
    this.said = null;
    this.requestUpdate();
  }

  getCardSize(): number {
    return 3;
  }

  getGridOptions(): object {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  protected override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    // Only the first `hass` and its language are of interest; what is asked for renders by itself.
    const before = changed.get("hass") as Hass | undefined;
    return this.asked || !before || before.locale !== this.hass?.locale;
  }

  protected override willUpdate(): void {
    const language = this.hass?.locale.language ?? "en";
    if (!isLoaded(language)) void load(language).then(() => isLoaded(language) && this.requestUpdate());
  }

  protected override render() {
    if (!this.hass) return nothing;
    const words = wordsOf(this.hass.locale.language);
    return html`<ha-card>
      <div class="choice">
        ${(["trips", "charges"] as const).map(
          (list) =>
            html`<button
              type="button"
              data-list=${list}
              aria-pressed=${this.said?.list === list ? "true" : "false"}
              @click=${() => void this.ask(list)}
            >
              ${icon(list === "trips" ? "drive" : "battery")}${words(`history.${list}`)}
            </button>`,
        )}
      </div>
      <div aria-live="polite">${this.asking ? html`<p>${words("history.asking")}</p>` : this.answer()}</div>
    </ha-card>`;
  }

  private answer(): TemplateResult | typeof nothing {
    const { said, hass } = this;
    if (!said || !hass) return nothing;
    const words = wordsOf(hass.locale.language);
    if ("problem" in said) return html`<p>${said.problem}</p>`;
    if (said.rows.length === 0) return html`<p>${words("history.none")}</p>`;
    const cells = said.list === "trips" ? tripCells : chargeCells;
    return html`<table>
      ${said.rows.slice(0, SHOWN).map((row) => {
        const at = momentOf(row["ended_at"]) ?? momentOf(row["started_at"]);
        return html`<tr>
          <th scope="row">${at === null ? "–" : time.moment(hass, at, Date.now())}</th>
          ${cells(hass, row).map((cell) => html`<td>${cell}</td>`)}
        </tr>`;
      })}
    </table>`;
  }

  private async ask(list: List): Promise<void> {
    if (this.asking) return;
    this.asking = list;
    this.requestUpdate();
    const { service, answer } = LISTS[list];
    const car = this.deviceId;
    let said: CarportHistoryCard["said"];
    try {
      const { response } = await this.hass!.callService(
        "carport",
        service,
        { device_id: [car] },
        undefined,
        false,
        true,
      );
      const told = response?.[car] as Record<string, Row[]> | undefined;
      said = { list, rows: told?.[answer] ?? [] };
    } catch (error) {
      said = { list, problem: await errorText(this.hass!, error) };
    }
    if (car !== this.deviceId) return;
    this.said = said;
    this.asking = null;
    this.requestUpdate();
  }
}

const isNumber = (value: unknown): value is number => typeof value === "number";

function distance(hass: Hass, km: unknown): string {
  if (!isNumber(km)) return "–";
  const miles = hass.config.unit_system.length === "mi";
  const unit = miles ? "mile" : "kilometer";
  return time.number(hass, miles ? km / KM_PER_MILE : km, { style: "unit", unit, maximumFractionDigits: 0 });
}

const unitOf = (hass: Hass, value: unknown, unit: string, digits: number): string =>
  isNumber(value) ? `${time.number(hass, value, { maximumFractionDigits: digits })}\u00a0${unit}` : "–";

function tripCells(hass: Hass, row: Row): string[] {
  const fuel = isNumber(row["consumption_fuel"]) && !isNumber(row["consumption_electric"]);
  return [
    distance(hass, row["distance"]),
    isNumber(row["duration"])
      ? time.number(hass, row["duration"], { style: "unit", unit: "minute", maximumFractionDigits: 0 })
      : "–",
    fuel
      ? unitOf(hass, row["consumption_fuel"], "l/100 km", 1)
      : unitOf(hass, row["consumption_electric"], "kWh/100 km", 1),
  ];
}

function chargeCells(hass: Hass, row: Row): string[] {
  const [from, to] = [row["level_start"], row["level_end"]].map((level) =>
    isNumber(level) ? time.percent(hass, level) : "–",
  );
  return [`${from} → ${to}`, unitOf(hass, row["energy"], "kWh", 1)];
}
