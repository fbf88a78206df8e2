/** The card of one car. */

import { html, nothing, type PropertyValues } from "lit";

import { deviceName, indexOf, isCar } from "../car/entities";
import { applyParts } from "../drawing/drawing";
import { drawingStyles } from "../drawing/styles";
import { cardHelpers, fire, navigate, type Hass, type Localize } from "../ha";
import { say } from "../say";
import { minutes, seconds } from "../time";
import { isLoaded, load, wordsOf } from "../words";
import { AskedElement } from "./asked";
import { Commands } from "./commands";
import { checked, configForm, stubConfig, type ActionConfig, type CardConfig, type Layout } from "./config";
import { face } from "./face";
import { icon } from "./icons";
import type { LineView } from "./lines";
import { sheet, type Sheet } from "./sheets";
import { cardStyles } from "./styles";
import { viewOf, type View } from "./view";

/** Other things of `hass` that a card is made of, besides the states of its car. */
const WATCHED = ["entities", "devices", "themes", "locale", "localize", "formatEntityState", "connected", "config", "user"] as const;
const WIDTHS: readonly [number, Layout][] = [
  [900, "panel"],
  [560, "wide"],
  [380, "full"],
  [300, "compact"],
];
const HOLD = 500;
/** For so long a tap waits for a second one, where two do something of their own. */
const DOUBLE = 250;

export class CarportCarCard extends AskedElement {
  static override styles = [drawingStyles, cardStyles];
  static override properties = {
    hass: { attribute: false },
    layout: { attribute: false },
    preview: { attribute: false },
  };
  declare hass?: Hass;
  /** Set by Home Assistant; the card measures itself. */
  declare layout?: string;
  declare preview?: boolean;

  announced = "";
  commands = new Commands(this);
  config: CardConfig | undefined;
  view: View | null = null;

  private room: Layout | undefined;
  private shown: Sheet | null = null;
  /** Which sheet was put before the card: it is not opened again while its end is still to be told. */
  private opened: Sheet | null = null;
  private exceptions: Localize | undefined;
  /** The language that they were asked for in. */
  private exceptionsIn: string | null = null;
  private saidRule: string | null = null;
  private mapCard: (HTMLElement & { hass?: Hass }) | null = null;
  /** What the map is of. */
  private mapped: string | undefined;
  /** Where the pointer went down on a sheet. */
  private pressed: EventTarget | null = null;
  private holdTimer: ReturnType<typeof setTimeout> | undefined;
  private tapTimer: ReturnType<typeof setTimeout> | undefined;
  private held = false;
  private ticking = false;
  private readonly tick = (): void => this.requestUpdate();
  private readonly observer = new ResizeObserver(([entry]) => this.measured(entry?.contentRect.width ?? 0));

  constructor() {
    super();
    this.addEventListener("click", this.onClick, { capture: true });
  }

  static getConfigForm(): object {
    return configForm(document.documentElement.lang || navigator.language);
  }

  static getStubConfig(hass: Hass): CardConfig {
    return stubConfig(hass);
  }

  setConfig(config: unknown): void {
    const next = checked(config);
    if (this.config && this.config.device_id !== next.device_id) this.forget();
    this.config = next;
    this.requestUpdate();
  }

  /** What is known of one car is not of another. */
  private forget(): void {
    this.commands = new Commands(this);
    this.shown = null;
    this.saidRule = null;
  }

  getCardSize(): number {
    const { layout } = this.config ?? {};
    return layout === "strip" ? 2 : layout === "compact" ? 3 : 6;
  }

  getGridOptions(): object {
    return this.config?.layout === "strip"
      ? { columns: 12, rows: 2, min_columns: 6 }
      : { columns: 12, rows: "auto", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
    minutes.add(this.tick);
    // It may have been away for long, and no news of the car need to come.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    minutes.delete(this.tick);
    this.pace(false);
    clearTimeout(this.holdTimer);
    // A dialog that is put back is none before the page any more, but lies in the card.
    if (this.shown) this.show(null);
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    // Home Assistant sends the registries after the states: until then there is no car to be found.
    if (!this.hass?.entities || !this.hass.devices || !this.config) return false;
    const before = changed.get("hass") as Hass | undefined;
    if (this.asked || changed.size !== 1 || !before) return true;
    if (this.mapCard) this.mapCard.hass = this.hass;
    if (WATCHED.some((key) => before[key] !== this.hass![key])) return true;
    for (const ids of indexOf(this.hass, this.config.device_id).values()) {
      for (const id of ids) if (before.states[id] !== this.hass.states[id]) return true;
    }
    return false;
  }

  protected override willUpdate(): void {
    const language = this.hass!.locale?.language ?? this.hass!.language;
    if (!isLoaded(language)) {
      // What did not come is looked for again when there is something else to draw.
      void load(language).then(() => isLoaded(language) && this.requestUpdate());
    }
    if (!this.room) return;
    const { config, hass } = this;
    this.view = viewOf(hass!, config!, wordsOf(language), this.fitting(), Date.now(), {
      look: this.commands,
      forbidden: this.commands.forbidden,
      exceptions: this.exceptions,
    });
    if (!this.view || lackOf(this.view)) this.shown = null;
    this.commands.heard(this.view?.command ?? null);
    this.pace(this.isConnected && this.view?.said.rule === 3 && this.view.phase === "running");
    if (this.view?.phase === "failed" && this.exceptionsIn !== language) void this.loadExceptions(language);
    const rule = this.view && `${this.view.said.rule}${this.view.said.key}`;
    if (rule !== this.saidRule) {
      // The first sentence is read with the card; later ones are news.
      this.announced = this.saidRule === null || !this.view ? "" : say(this.view.speaker, this.view.said);
      this.saidRule = rule;
    }
  }

  protected override render() {
    const { view, config, hass } = this;
    if (!this.room) return html`<ha-card class="empty"></ha-card>`;
    if (!view) {
      const words = wordsOf(hass!.locale.language);
      return html`<ha-card><p class="gone">${icon("car")}<span>${words("device_gone")}</span></p></ha-card>`;
    }
    const lack = lackOf(view);
    if (lack) return html`<ha-card><p class="gone">${icon("car")}<span>${lack}</span></p></ha-card>`;
    return html`<ha-card class=${config!.layout ?? "auto"}>${face(this, view)}</ha-card>${sheet(this, view, this.shown) ?? nothing}`;
  }

  protected override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog && this.shown !== this.opened) dialog.showModal();
    this.opened = dialog && this.shown;
    if (!this.view) return;
    const { view } = this;
    applyParts(this.renderRoot as ShadowRoot, view.drawn, () => view.parts);
  }

  private fitting(): Layout {
    const wanted = this.config!.layout ?? "auto";
    return wanted === "auto" ? this.room! : wanted;
  }

  private measured(width: number): void {
    if (width === 0) return;
    const room = WIDTHS.find(([least]) => width >= least)?.[1] ?? "strip";
    if (room !== this.room) {
      this.room = room;
      this.requestUpdate();
    }
  }

  private pace(running: boolean): void {
    if (running === this.ticking) return;
    this.ticking = running;
    if (running) seconds.add(this.tick);
    else seconds.delete(this.tick);
  }

  private async loadExceptions(language: string): Promise<void> {
    this.exceptionsIn = language;
    try {
      const texts = await this.hass!.loadBackendTranslation("exceptions", "carport");
      if (this.exceptionsIn !== language) return;
      this.exceptions = texts;
    } catch {
      // Until the next look the name of the reason, which the states' translations have, stands for the text.
      this.exceptionsIn = null;
      return;
    }
    this.requestUpdate();
  }

  // Sheets

  open(kind: "more" | "age" | "limit" | "parts" | "place" | "receipt"): void {
    this.commands.limitDraft = null;
    this.show({ kind });
  }

  show(next: Sheet | null): void {
    this.renderRoot?.querySelector("dialog")?.close();
    this.shown = this.isConnected ? next : null;
    this.requestUpdate();
  }

  readonly closeSheet = (): void => {
    this.renderRoot.querySelector("dialog")?.close();
  };

  readonly onClosed = (): void => {
    if (this.renderRoot.querySelector("dialog")?.open) return;
    this.shown = null;
    this.requestUpdate();
  };

  readonly onSheetDown = (event: Event): void => {
    this.pressed = event.target;
  };

  readonly onBackdrop = (event: Event): void => {
    // A pointer that went down in the sheet and up beside it has marked a text, or moved a slider.
    if (event.target === event.currentTarget && this.pressed === event.target) this.closeSheet();
  };

  // What is tapped

  /**
   * Drop the second click of a double one: what it falls on was not there when the first was made. The large number
   * has a use for it, and so have the buttons of a map.
   */
  private readonly onClick = (event: MouseEvent): void => {
    if (event.detail < 2) return;
    if (event.composedPath().some((one) => one instanceof Element && one.matches(".headline, .map"))) return;
    event.stopPropagation();
    event.preventDefault();
  };

  info(entityId: string): void {
    this.show(null);
    fire(this, "hass-more-info", { entityId });
  }

  onLine(line: LineView): void {
    if (line.sheet) this.open(line.sheet);
    else if (line.entity) this.info(line.entity);
  }

  /** Whether a tap on the sentence shows more of what it says. */
  leads({ said, car }: View): boolean {
    const { action } = said;
    return action === "health" ? car.id("sensor.health") !== undefined : action === "receipt" || action === "parts" || action === "place";
  }

  follow({ said, car }: View): void {
    if (said.action === "health") this.info(car.id("sensor.health")!);
    else if (said.action === "receipt" || said.action === "parts" || said.action === "place") this.open(said.action);
  }

  readonly onPart = (event: Event): void => {
    if (event instanceof KeyboardEvent && event.key !== "Enter" && event.key !== " ") return;
    const part = (event.target as Element).closest?.("[data-part]")?.getAttribute("data-part");
    if (!part || !this.view) return;
    const { car } = this.view;
    const tyre = part.startsWith("tyre_") ? `sensor.${part.replace("tyre_", "tyre_pressure_")}` : null;
    const id = tyre ? car.id(tyre) : car.id(`binary_sensor.${part}`);
    if (!id) return;
    event.preventDefault();
    this.info(id);
  };

  readonly onDevice = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.button !== 0) return;
    event.preventDefault();
    navigate((event.currentTarget as HTMLAnchorElement).getAttribute("href")!);
  };

  readonly onRepairs = (): void => navigate(this.view?.said.rule === 2 ? "/config/integrations/integration/carport" : "/config/repairs");

  readonly onHeadline = (event: MouseEvent): void => {
    // A click without a pointer is a key's, which holds nothing.
    const held = this.held && event.detail > 0;
    this.held = false;
    if (held) return;
    const tap = (): void => {
      this.tapTimer = undefined;
      this.configured(this.config!.tap_action ?? { action: "more" }, "tap");
    };
    const double = this.config!.double_tap_action;
    if (!double || double.action === "none") return tap();
    if (this.tapTimer === undefined) {
      this.tapTimer = setTimeout(tap, DOUBLE);
      return;
    }
    clearTimeout(this.tapTimer);
    this.tapTimer = undefined;
    this.configured(double, "double_tap");
  };

  readonly onHeadlineDown = (): void => {
    // What a hold opened may have lain under the finger when it was lifted, so that no click came of it.
    this.held = false;
    const action = this.config!.hold_action;
    if (!action) return;
    this.holdTimer = setTimeout(() => {
      this.held = true;
      this.configured(action, "hold");
    }, HOLD);
  };

  readonly onHeadlineUp = (): void => clearTimeout(this.holdTimer);

  private configured(action: ActionConfig, kind: string): void {
    if (action.action === "more") this.open("more");
    else if (action.action !== "none") {
      fire(this, "hass-action", {
        config: { entity: this.view?.headline?.entity, ...this.config, [`${kind}_action`]: action },
        action: kind,
      });
    }
  }

  /** Home Assistant's own map, loaded when it is first looked at. */
  map() {
    const entity = this.view?.car.id("device_tracker.location");
    if (entity !== this.mapped) {
      this.mapped = entity;
      this.mapCard = null;
      if (entity) void this.makeMap(entity);
    }
    return html`<div class="map">${this.mapCard ?? nothing}</div>`;
  }

  private async makeMap(entity: string): Promise<void> {
    const helpers = await cardHelpers();
    if (this.mapped !== entity) return;
    if (!helpers) {
      // The next look tries again.
      this.mapped = undefined;
      return;
    }
    const card = helpers.createCardElement({
      type: "map",
      entities: [entity],
      default_zoom: 15,
      aspect_ratio: "16:10",
      theme_mode: "auto",
    });
    if (this.hass) card.hass = this.hass;
    this.mapCard = card;
    this.requestUpdate();
  }
}

/** Return why nothing is shown of a device; null where it is a car like any other. */
function lackOf({ device, name, words }: View): string | null {
  if (!isCar(device)) return words("no_car", { name: deviceName(device) });
  return device.disabled_by ? words("device_disabled", { name }) : null;
}
