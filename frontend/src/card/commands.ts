/** What becomes of a tap on a control: the question, the code, the calls, and what is told of them. */

import { calledOf, phaseOf, SHOWN_AFTER_FAILURE, type Command } from "../car/command";
import { cardHelpers, fire, type CallError } from "../ha";
import { errorText } from "../say";
import { wordsOf } from "../words";
import type { Action } from "./actions";
import type { CarportCarCard } from "./card";
import type { View } from "./view";

/** How long an arrow key may rest until its limit is sent: each step by itself would be a command. */
const KEYS_REST = 1000;

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
  /** Whether a reading on demand is on its way. */
  private reading = false;
  /** Whether a form for the code is on its way, or open. */
  private asking = false;
  /** The receipt that was there when the problem came, and when that was. */
  private problemAt = { receipt: "", time: 0 };
  private limitKeyed = false;
  private limitWish: { action: Action; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(private readonly card: CarportCarCard) {}

  get forbidden(): boolean {
    return FORBIDDEN.has(this.card.config!.device_id);
  }

  /** Whether an action has to wait: one command at a time, and one reading beside it. */
  rests(view: View, action: Action): boolean {
    return action.beside ? this.reading : view.resting !== null;
  }

  /** Drop a problem of which a receipt has come to tell more, or that is long over. */
  heard(command: Command | null): void {
    if (this.problem === null) return;
    const { receipt, time } = this.problemAt;
    if (stepOf(command) !== receipt || Date.now() - time >= SHOWN_AFTER_FAILURE) this.problem = null;
  }

  private tell(problem: string): void {
    this.problem = problem;
    this.problemAt = { receipt: stepOf(this.card.view?.command), time: Date.now() };
    this.card.requestUpdate();
  }

  act(action: Action): void {
    const wish = this.card.config!.confirm ?? "risky";
    this.problem = null;
    if (wish === "always" || (wish !== "never" && action.risky) || action.warning) this.card.show({ kind: "ask", action });
    else void this.code(action);
  }

  confirmed(action: Action): void {
    // The question says by then why it rests.
    if (this.card.view && this.rests(this.card.view, action)) return;
    this.card.show(null);
    void this.code(action);
  }

  private async code(action: Action): Promise<void> {
    if (!action.code) {
      await this.send(action);
      return;
    }
    if (this.asking) return;
    this.asking = true;
    let typed: string | null | undefined;
    try {
      const helpers = await cardHelpers();
      if (!helpers?.showEnterCodeDialog) {
        this.card.show({ kind: "code", action });
        return;
      }
      typed = await helpers.showEnterCodeDialog(this.card, {
        codeFormat: action.code.includes("\\d") ? "number" : "text",
        codePattern: action.code,
        title: action.spoken,
        submitText: action.label,
      });
    } finally {
      this.asking = false;
    }
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
    const { view, config } = this.card;
    if (view && this.rests(view, action)) {
      // Something else has begun while the code was typed.
      if (view.resting !== null) this.tell(view.resting);
      return;
    }
    this.problem = null;
    // What still runs beside a reading is not over yet.
    if (view?.phase !== "running") this.dismissed = view?.command?.id ?? this.dismissed;
    if (!action.beside) this.lastAction = action;
    fire(this.card, "haptic", "light");
    for (const call of action.calls) {
      const before = this.card.view?.command?.id;
      this.goes(action, call.domain === "switch" && call.service === "turn_off" ? "stop_charging" : action.kind);
      const data = code !== undefined && call.domain === "lock" ? { ...call.data, code } : { ...call.data };
      try {
        await this.card.hass!.callService(call.domain, call.service, data, { entity_id: call.entity }, false);
      } catch (error) {
        this.refused(error as CallError, before, config!.device_id);
        break;
      } finally {
        this.goes(action, null);
      }
    }
  }

  /** Note what is on its way; a reading goes beside it. */
  private goes(action: Action, kind: string | null): void {
    if (action.beside) this.reading = kind !== null;
    else this.pending = kind;
    this.card.requestUpdate();
  }

  /** A refusal with a receipt is the sentence; what never came so far has its own words. */
  private refused(error: CallError, before: string | undefined, deviceId: string): void {
    if (error.code === "unauthorized") {
      FORBIDDEN.add(deviceId);
      this.tell(wordsOf(this.card.hass!.locale.language)("forbidden"));
    } else if (!this.told(before)) void this.tellError(error, before);
  }

  /** Whether a receipt of a failure has come since; by its id, as the clocks of two machines differ. */
  private told(before: string | undefined): boolean {
    const command = this.card.view?.command;
    return !!command && command.id !== before && phaseOf(command, Date.now()) === "failed";
  }

  private async tellError(error: CallError, before: string | undefined): Promise<void> {
    const text = await errorText(this.card.hass!, error);
    // The receipt may have come a moment after the error.
    if (!this.told(before)) this.tell(text);
  }

  readonly dismiss = (): void => {
    this.dismissed = this.card.view?.command?.id ?? null;
    this.problem = null;
    this.card.show(null);
  };

  retryable(view: View): boolean {
    return view.resting === null && this.again(view) !== undefined;
  }

  private again(view: View): Action | undefined {
    const { command, actions } = view;
    const all = [...actions.shown, ...actions.more];
    const last = this.lastAction;
    const found = last ? all.find(({ name, kind }) => name === last.name && kind === last.kind) : undefined;
    if (!command) return found;
    // Horn and lights are one kind of command, and two controls.
    const fits = ({ kind, name }: Action): boolean =>
      kind === command.kind && (kind !== "honk_and_flash" || name === calledOf(command));
    return found && fits(found) ? found : all.find((action) => fits(action) && action.name !== "leave");
  }

  readonly retry = (): void => {
    const action = this.card.view && this.again(this.card.view);
    if (action) this.act(action);
  };

  readonly onLimitDraft = (event: Event): void => {
    this.limitDraft = Number((event.target as HTMLInputElement).value);
    this.card.requestUpdate();
  };

  /** Whether the slider is moved by keys, one step at a time, or by a pointer. */
  readonly onLimitKey = (event: Event): void => {
    this.limitKeyed = event instanceof KeyboardEvent;
    if (this.limitKeyed && (event as KeyboardEvent).key === "Enter") this.sendLimit();
  };

  readonly onLimit = (event: Event): void => {
    const value = Number((event.target as HTMLInputElement).value);
    const entity = this.card.view?.car.id("number.charge_limit");
    clearTimeout(this.limitWish?.timer);
    this.limitWish = null;
    if (!entity || value === this.card.view?.facts.battery?.limit) return;
    const { words, name } = this.card.view!;
    const label = words("limit.label");
    const action: Action = {
      name: "charging",
      kind: "set_charge_limit",
      icon: "battery",
      label,
      short: label,
      spoken: words("action.of_car", { action: label, car: name }),
      calls: [{ domain: "number", service: "set_value", data: { value }, entity }],
      risky: false,
    };
    this.limitWish = { action, timer: setTimeout(this.sendLimit, KEYS_REST) };
    if (!this.limitKeyed) this.sendLimit();
  };

  /** Send the limit that was chosen; what becomes of it is then for the car to tell. */
  readonly sendLimit = (): void => {
    if (!this.limitWish) return;
    const { action, timer } = this.limitWish;
    clearTimeout(timer);
    this.limitWish = null;
    void this.send(action).then(() => {
      this.limitDraft = null;
      this.card.requestUpdate();
    });
  };
}

/** Return which step of which command a receipt is. */
const stepOf = (command: Command | null | undefined): string => (command ? `${command.id} ${command.outcome}` : "");
