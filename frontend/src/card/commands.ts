/** What becomes of a tap on a control: the question, the code, the calls, and what is told of them. */

import { phaseOf } from "../car/command";
import { fire, type CallError } from "../ha";
import { errorText } from "../say";
import { wordsOf } from "../words";
import type { Action } from "./actions";
import type { CarportCarCard } from "./card";
import type { View } from "./view";

/** Cars that this user may look at and not control, as Home Assistant said when they tried. */
const FORBIDDEN = new Set<string>();

export class Commands {
  /** The receipt that was read. */
  dismissed: string | null = null;
  /** What was asked for and of which nothing was heard yet. */
  pending: string | null = null;
  /** An error that has no receipt. */
  problem: string | null = null;
  /** Where the slider of the limit is held. */
  limitDraft: number | null = null;

  private lastAction: Action | null = null;

  constructor(private readonly card: CarportCarCard) {}

  get forbidden(): boolean {
    return FORBIDDEN.has(this.card.config!.device_id);
  }

  act(action: Action): void {
    const wish = this.card.config!.confirm ?? "risky";
    this.problem = null;
    if (wish === "always" || (wish !== "never" && action.risky) || action.warning) this.card.show({ kind: "ask", action });
    else void this.code(action);
  }

  confirmed(action: Action): void {
    this.card.show(null);
    void this.code(action);
  }

  private async code(action: Action): Promise<void> {
    if (!action.code) {
      await this.send(action);
      return;
    }
    const helpers = await window.loadCardHelpers?.();
    if (!helpers?.showEnterCodeDialog) {
      this.card.show({ kind: "code", action });
      return;
    }
    const typed = await helpers.showEnterCodeDialog(this.card, {
      codeFormat: action.code.includes("\\d") ? "number" : "text",
      codePattern: action.code,
      title: action.spoken,
      submitText: action.label,
    });
    if (typed !== null && typed !== undefined) await this.send(action, typed);
  }

  codeTyped(event: SubmitEvent, action: Action): void {
    event.preventDefault();
    const code = String(new FormData(event.target as HTMLFormElement).get("code") ?? "");
    this.card.show(null);
    void this.send(action, code);
  }

  /** Send the calls of an action, each after the proof of the one before. What becomes of them is told by the receipts. */
  private async send(action: Action, code?: string): Promise<void> {
    const at = Date.now();
    this.lastAction = action;
    this.problem = null;
    this.dismissed = this.card.view?.command?.id ?? this.dismissed;
    fire(this.card, "haptic", "light");
    for (const call of action.calls) {
      this.pending = action.beside ? null : call.domain === "switch" && call.service === "turn_off" ? "stop_charging" : action.kind;
      this.card.requestUpdate();
      const data = code !== undefined && call.domain === "lock" ? { ...call.data, code } : { ...call.data };
      try {
        await this.card.hass!.callService(call.domain, call.service, data, { entity_id: call.entity }, false);
      } catch (error) {
        this.refused(error as CallError, at);
        break;
      } finally {
        this.pending = null;
        this.card.requestUpdate();
      }
    }
  }

  /** A refusal with a receipt is the sentence; what never came so far has its own words. */
  private refused(error: CallError, since: number): void {
    if (error.code === "unauthorized") {
      FORBIDDEN.add(this.card.config!.device_id);
      this.problem = wordsOf(this.card.hass!.locale.language)("forbidden");
      return;
    }
    const command = this.card.view?.command;
    const told = command && command.toldAt >= since - 1000 && phaseOf(command, Date.now()) === "failed";
    if (!told) void this.tellError(error, since);
  }

  private async tellError(error: CallError, since: number): Promise<void> {
    const text = await errorText(this.card.hass!, error);
    // The receipt may have come a moment after the error.
    const command = this.card.view?.command;
    if (command && command.toldAt >= since - 1000 && phaseOf(command, Date.now()) === "failed") return;
    this.problem = text;
    this.card.requestUpdate();
  }

  readonly dismiss = (): void => {
    this.dismissed = this.card.view?.command?.id ?? null;
    this.problem = null;
    this.card.show(null);
  };

  retryable(view: View): boolean {
    return this.again(view) !== undefined;
  }

  private again(view: View): Action | undefined {
    const { command, actions } = view;
    const all = [...actions.shown, ...actions.more];
    const last = this.lastAction;
    const found = last ? all.find(({ name, kind }) => name === last.name && kind === last.kind) : undefined;
    return command && found?.kind !== command.kind
      ? all.find(({ kind, name }) => kind === command.kind && name !== "leave")
      : found;
  }

  readonly retry = (): void => {
    const action = this.card.view && this.again(this.card.view);
    if (action) this.act(action);
  };

  readonly onLimitDraft = (event: Event): void => {
    this.limitDraft = Number((event.target as HTMLInputElement).value);
    this.card.requestUpdate();
  };

  readonly onLimit = (event: Event): void => {
    const value = Number((event.target as HTMLInputElement).value);
    const entity = this.card.view?.car.id("number.charge_limit");
    if (!entity || value === this.card.view?.facts.battery?.limit) return;
    const { words, name } = this.card.view!;
    const label = words("limit.label");
    void this.send({
      name: "charging",
      kind: "set_charge_limit",
      icon: "battery",
      label,
      short: label,
      spoken: words("action.of_car", { action: label, car: name }),
      calls: [{ domain: "number", service: "set_value", data: { value }, entity }],
      risky: false,
    });
  };
}
