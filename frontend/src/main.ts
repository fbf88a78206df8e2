/** Carport's part of the frontend: the card of a car, and dashboards made of it. */

import { CARD, CarportCarCardInfo } from "./register";
import { CarportCarCard } from "./card/card";
import { CarportHistoryCard, HISTORY } from "./card/history";
import { registerStrategies } from "./strategy/register";

function define(tag: string, element: CustomElementConstructor): void {
  // An older copy of this module may be there until the page is loaded anew.
  if (!customElements.get(tag)) customElements.define(tag, element);
}

define(CARD, CarportCarCard);
define(HISTORY, CarportHistoryCard);
(window.customCards ??= []).push(CarportCarCardInfo);
registerStrategies(define);
