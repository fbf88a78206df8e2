/** The few options of the dashboard, as Home Assistant's own form. */

import { DOMAIN } from "../car/entities";
import { fire, type Hass } from "../ha";
import { wordsOf } from "../words";
import type { DashboardConfig } from "./dashboard";

interface Form extends HTMLElement {
  hass?: Hass | undefined;
  data?: unknown;
  schema?: unknown;
  computeLabel?: (field: { name: string }) => string;
}

const several = { device: { multiple: true, filter: [{ integration: DOMAIN }] } };
const SCHEMA = [
  { name: "order", selector: several },
  { name: "exclude", selector: several },
  { name: "map", default: true, selector: { boolean: {} } },
];

export class CarportDashboardEditor extends HTMLElement {
  private form: Form | undefined;
  private config: DashboardConfig | undefined;
  private home: Hass | undefined;

  set hass(hass: Hass) {
    this.home = hass;
    this.show();
  }

  setConfig(config: DashboardConfig): void {
    this.config = config;
    this.show();
  }

  private show(): void {
    if (!this.home || !this.config) return;
    if (!this.form) {
      this.form = document.createElement("ha-form") as Form;
      this.form.schema = SCHEMA;
      this.form.addEventListener("value-changed", (event) => {
        event.stopPropagation();
        fire(this, "config-changed", { config: (event as CustomEvent<{ value: unknown }>).detail.value });
      });
      this.append(this.form);
    }
    const words = wordsOf(this.home.locale.language);
    this.form.computeLabel = ({ name }) => words(`strategy.option.${name}`);
    this.form.hass = this.home;
    this.form.data = { map: true, ...this.config };
  }
}
