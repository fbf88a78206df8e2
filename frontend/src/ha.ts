/** What the card uses of Home Assistant's frontend; no more than that. */

import type { Connection, HassEntity } from "home-assistant-js-websocket";

export type { HassEntity };

export interface DisplayEntity {
  entity_id: string;
  device_id?: string;
  platform?: string;
  translation_key?: string;
  entity_category?: "config" | "diagnostic";
  hidden?: boolean;
}

export interface Device {
  id: string;
  identifiers: [string, string][];
  name: string | null;
  name_by_user?: string | null;
  manufacturer?: string | null;
  model?: string | null;
  model_id?: string | null;
  area_id?: string | null;
  config_entry_id?: string | null;
  disabled_by?: string | null;
  entry_type?: string | null;
}

export interface Locale {
  language: string;
  number_format?: string;
  time_format?: string;
  time_zone?: string;
}

export type Localize = (key: string, values?: Record<string, unknown>) => string;

export interface CallError {
  code?: string | number;
  message?: string;
  translation_key?: string;
  translation_domain?: string;
  translation_placeholders?: Record<string, string>;
}

export interface Hass {
  states: Record<string, HassEntity>;
  entities: Record<string, DisplayEntity>;
  devices: Record<string, Device>;
  areas?: Record<string, { area_id: string; name: string }>;
  services: Record<string, Record<string, unknown>>;
  connection: Pick<Connection, "subscribeMessage" | "sendMessagePromise">;
  connected: boolean;
  config: {
    latitude: number;
    longitude: number;
    time_zone: string;
    country?: string | null;
    state?: string;
    components?: string[];
    unit_system: { length: string; temperature: string };
  };
  themes: { darkMode: boolean };
  locale: Locale;
  language: string;
  user?: { is_admin: boolean; is_owner?: boolean };
  localize: Localize;
  formatEntityState(state: HassEntity, value?: string): string;
  formatEntityStateToParts?(
    state: HassEntity,
    value?: string,
  ): { type: string; value: string }[];
  formatEntityAttributeValue(
    state: HassEntity,
    attribute: string,
    value?: unknown,
  ): string;
  formatEntityName?(state: HassEntity, item: unknown): string;
  callService(
    domain: string,
    service: string,
    data?: Record<string, unknown>,
    target?: Record<string, unknown>,
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<{ response?: Record<string, unknown> }>;
  callWS<T>(message: Record<string, unknown>): Promise<T>;
  loadBackendTranslation(category: string, integration?: string): Promise<Localize>;
}

export interface CardHelpers {
  createCardElement(config: object): HTMLElement & { hass?: Hass };
  showEnterCodeDialog?(
    element: HTMLElement,
    options: {
      codeFormat: "number" | "text";
      codePattern?: string;
      title: string;
      submitText: string;
      submit?: (code: string) => void;
      cancel?: () => void;
    },
  ): Promise<string | null>;
}

declare global {
  interface Window {
    customCards?: object[];
    customStrategies?: object[];
    loadCardHelpers?: () => Promise<CardHelpers>;
  }
}

/** Return Home Assistant's own helpers; nothing where they are not there, or cannot be loaded now. */
export async function cardHelpers(): Promise<CardHelpers | undefined> {
  try {
    return await window.loadCardHelpers?.();
  } catch {
    return undefined;
  }
}

/** Fire one of Home Assistant's events from inside a card. */
export function fire(from: EventTarget, type: string, detail: unknown = {}): void {
  from.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
}

/** Go to a page of Home Assistant. */
export function navigate(path: string): void {
  history.pushState(null, "", path);
  fire(window, "location-changed", { replace: false });
}
