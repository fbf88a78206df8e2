/** The card of one car. */

import { html, LitElement, nothing, type PropertyValues } from "lit";

import { deviceName, indexOf, isCar } from "../car/entities";
import { applyParts } from "../drawing/drawing";
import { drawingStyles } from "../drawing/styles";
import { fire, navigate, type CardHelpers, type Hass, type Localize } from "../ha";
import { say } from "../say";
import { minutes, seconds } from "../time";
import { isLoaded, load, wordsOf } from "../words";
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

export class CarportCarCard extends LitElement {
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
  readonly commands = new Commands(this);
  config: CardConfig | undefined;
  view: View | null = null;

  private room: Layout | undefined;
  private shown: Sheet | null = null;
  /** Which sheet was put before the card: it is not opened again while its end is still to be told. */
  private opened: Sheet | null = null;
  private exceptions: Localize | undefined;
  private saidRule: string | null = null;
  private mapCard: (HTMLElement & { hass?: Hass }) | null | undefined;
  private holdTimer: ReturnType<typeof setTimeout> | undefined;
  private held = false;
  private ticking = false;
  private readonly tick = (): void => this.requestUpdate();
  private readonly observer = new ResizeObserver(([entry]) => this.measured(entry?.contentRect.width ?? 0));

  static getConfigForm(): object {
    return configForm(document.documentElement.lang || navigator.language);
  }

  static getStubConfig(hass: Hass): CardConfig {
    return stubConfig(hass);
  }

  setConfig(config: unknown): void {
    this.config = checked(config);
    this.requestUpdate();
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
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    minutes.delete(this.tick);
    this.pace(false);
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    // Home Assistant sends the registries after the states: until then there is no car to be found.
    if (!this.hass?.entities || !this.hass.devices || !this.config) return false;
    const before = changed.get("hass") as Hass | undefined;
    if (changed.size !== 1 || !before) return true;
    if (this.mapCard) this.mapCard.hass = this.hass;
    if (WATCHED.some((key) => before[key] !== this.hass![key])) return true;
    for (const ids of indexOf(this.hass, this.config.device_id).values()) {
      for (const id of ids) if (before.states[id] !== this.hass.states[id]) return true;
    }
    return false;
  }

  protected override willUpdate(): void {
    const language = this.hass!.locale?.language ?? this.hass!.language;
    if (!isLoaded(language)) void load(language).then(() => this.requestUpdate());
    if (!this.room) return;
    const { config, hass } = this;
    this.view = viewOf(hass!, config!, wordsOf(language), this.fitting(), Date.now(), {
      look: this.commands,
      forbidden: this.commands.forbidden,
      exceptions: this.exceptions,
    });
    this.pace(this.view?.said.rule === 3 && this.view.phase === "running");
    if (this.view?.phase === "failed" && !this.exceptions) void this.loadExceptions();
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
    if (!isCar(view.device)) {
      return html`<ha-card><p class="gone">${icon("car")}<span>${view.words("no_car", { name: deviceName(view.device) })}</span></p></ha-card>`;
    }
    if (view.device.disabled_by) {
      return html`<ha-card><p class="gone">${icon("car")}<span>${view.words("device_disabled", { name: view.name })}</span></p></ha-card>`;
    }
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

  private async loadExceptions(): Promise<void> {
    this.exceptions = () => "";
    try {
      this.exceptions = await this.hass!.loadBackendTranslation("exceptions", "carport");
    } catch {
      // The name of the reason, which the states' translations have, stands for the text.
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
    this.renderRoot.querySelector("dialog")?.close();
    this.shown = next;
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

  readonly onBackdrop = (event: Event): void => {
    if (event.target === event.currentTarget) this.closeSheet();
  };

  // What is tapped

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

  readonly onHeadline = (): void => {
    if (this.held) this.held = false;
    else this.configured(this.config!.tap_action ?? { action: "more" }, "tap");
  };

  readonly onHeadlineDouble = (): void => {
    const action = this.config!.double_tap_action;
    if (action) this.configured(action, "double_tap");
  };

  readonly onHeadlineDown = (): void => {
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
    if (this.mapCard === undefined) {
      this.mapCard = null;
      void this.makeMap();
    }
    return html`<div class="map">${this.mapCard ?? nothing}</div>`;
  }

  private async makeMap(): Promise<void> {
    const entity = this.view?.car.id("device_tracker.location");
    const helpers: CardHelpers | undefined = await window.loadCardHelpers?.();
    if (!entity || !helpers) return;
    const card = helpers.createCardElement({
      type: "map",
      entities: [entity],
      default_zoom: 15,
      aspect_ratio: "16:10",
      theme_mode: "auto",
    });
    card.hass = this.hass;
    this.mapCard = card;
    this.requestUpdate();
  }
}
