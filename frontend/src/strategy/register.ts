/** How the dashboards present themselves, and under which names Home Assistant looks for them. */

import { DOCUMENTATION } from "../register";
import { wordsOf } from "../words";
import {
  CarportCarSectionStrategy,
  CarportCarViewStrategy,
  CarportDashboardStrategy,
} from "./dashboard";
import { CarportDashboardEditor } from "./editor";

const words = () => wordsOf(document.documentElement.lang || navigator.language);

export function registerStrategies(define: (tag: string, element: CustomElementConstructor) => void): void {
  define("ll-strategy-dashboard-carport", CarportDashboardStrategy);
  define("ll-strategy-view-carport-car", CarportCarViewStrategy);
  define("ll-strategy-section-carport-car", CarportCarSectionStrategy);
  define("carport-dashboard-editor", CarportDashboardEditor);
  (window.customStrategies ??= []).push(
    {
      type: "carport",
      strategyType: "dashboard",
      get name(): string {
        return `Carport: ${words()("strategy.name")}`;
      },
      get description(): string {
        return words()("strategy.description");
      },
      documentationURL: DOCUMENTATION,
    },
    {
      type: "carport-car",
      strategyType: "section",
      get name(): string {
        return `Carport: ${words()("strategy.section")}`;
      },
      get description(): string {
        return words()("strategy.section");
      },
      documentationURL: DOCUMENTATION,
    },
  );
}
