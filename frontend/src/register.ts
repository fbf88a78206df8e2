/** How the card presents itself to the card picker. */

import { cars, deviceName, DOMAIN, isCar } from "./car/entities";
import { CARD, CARD_TYPE } from "./card/config";
import type { Hass } from "./ha";
import { wordsOf } from "./words";

export { CARD };

export const DOCUMENTATION = "https://github.com/carport-ha/carport/blob/main/docs/card.md";

const words = () => wordsOf(document.documentElement.lang || navigator.language);

export const CarportCarCardInfo = {
  type: CARD,
  get name(): string {
    return `Carport: ${words()("card.name")}`;
  },
  get description(): string {
    return words()("card.description");
  },
  preview: true,
  documentationURL: DOCUMENTATION,
  getEntitySuggestion,
};

/** Offer the card of a car for every entity that the car has; none before the registries are there. */
export function getEntitySuggestion(hass: Hass, entityId: string): object[] | null {
  if (!hass.entities || !hass.devices) return null;
  const entity = hass.entities[entityId];
  const device = entity?.platform === DOMAIN && entity.device_id ? hass.devices[entity.device_id] : undefined;
  if (!device || !isCar(device) || !cars(hass).includes(device)) return null;
  const config = { type: CARD_TYPE, device_id: device.id };
  return [
    { config, label: deviceName(device) },
    { config: { ...config, layout: "strip" }, label: wordsOf(hass.locale.language)("card.strip") },
  ];
}
