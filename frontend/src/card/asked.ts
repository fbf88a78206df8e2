/** An element that draws what it asked of itself, whatever else comes at the same moment. */

import { LitElement, type PropertyValues } from "lit";

export abstract class AskedElement extends LitElement {
  /**
   * Whether an update was asked for by the element itself. A new `hass` may join it before it is drawn, and what
   * changed would then look like news of others.
   */
  protected asked = false;

  override requestUpdate(...told: Parameters<LitElement["requestUpdate"]>): void {
    if (told[0] === undefined) this.asked = true;
    super.requestUpdate(...told);
  }

  protected override update(changed: PropertyValues): void {
    this.asked = false;
    super.update(changed);
  }
}
