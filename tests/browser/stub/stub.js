/** Shows one state of the card: `?state=charging_ac&width=400&dark&rtl&large`, or all of them. */

import { BASE, STATES, command } from "./states.js";
import { CONFIG, hassOf, words } from "./hass.js";

const query = new URLSearchParams(location.search);
const dark = query.has("dark");
document.documentElement.classList.toggle("dark", dark);
if (query.has("language")) document.documentElement.lang = query.get("language");
document.documentElement.classList.toggle("large", query.has("large"));
if (query.has("rtl")) document.documentElement.dir = "rtl";

/** Home Assistant's own element for a card, as far as its look goes. */
class HaCard extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" }).innerHTML =
      "<style>:host{display:block;background:var(--card-background-color);border:1px solid color-mix(in srgb,var(--primary-text-color) 14%,transparent);border-radius:12px}</style><slot></slot>";
  }
}
customElements.define("ha-card", HaCard);
await import("/built/carport.js");

const shown = [];
const tables = {};

async function show(state, width) {
  const stage = document.getElementById("stage");
  for (const [number, one] of (state.many ?? [state]).entries()) {
    shown.push(state.many ? `${state.name}#${number}` : state.name);
    const language = state.hass?.language ?? query.get("language") ?? "en";
    const name = language.split("-")[0];
    const table = (tables[name] ??= await words(name));
    const { hass, calls } = hassOf({ ...BASE, ...state.car, ...one.car }, table, {
      ...state.hass,
      language,
      dark,
      device: { ...state.device, ...one.device },
    });
    const place = document.createElement("div");
    place.className = "place";
    place.style.inlineSize = `${width}px`;
    const card = document.createElement("carport-car-card");
    card.setConfig({ ...CONFIG, ...state.config, ...one.config });
    card.hass = hass;
    place.append(card);
    stage.append(place);
    card.calls = calls;
    // A car's news: what it tells otherwise from now on.
    card.tell = async (changes) => {
      card.hass = { ...card.hass, states: { ...card.hass.states, ...hassOf(changes, table).hass.states } };
      await card.updateComplete;
    };
    // Calls that nobody answers until the test does.
    card.waiting = [];
    card.holdCalls = () => {
      card.hass.callService = (domain, service, data) => {
        calls.push({ domain, service, data });
        return new Promise((done, fail) => card.waiting.push({ done, fail }));
      };
    };
  }
}

window.receipt = command;

let garage = [];

/** Have so many cars, each with entities of its own, and no card of them yet. */
window.makeGarage = async (count) => {
  const table = await words("en");
  const cars = Array.from({ length: count }, (_, at) => hassOf({ ...BASE, ...STATES[at % 12].car }, table));
  const all = { states: {}, entities: {}, devices: {} };
  for (const [at, { hass }] of cars.entries()) {
    const renamed = (id) => `${id}_${at}`;
    for (const state of Object.values(hass.states)) {
      all.states[renamed(state.entity_id)] = { ...state, entity_id: renamed(state.entity_id) };
    }
    for (const entity of Object.values(hass.entities)) {
      const id = renamed(entity.entity_id);
      all.entities[id] = { ...entity, entity_id: id, device_id: renamed("car") };
    }
    all.devices[renamed("car")] = { ...Object.values(hass.devices)[0], id: renamed("car") };
  }
  const home = { ...hassOf(BASE, table).hass, ...all };
  // Home Assistant has written numbers before, and the browser knows by then how.
  home.formatEntityState(home.states["sensor.car_battery_level_0"]);
  garage = Array.from({ length: count }, (_, at) => [{ ...CONFIG, device_id: `car_${at}` }, home]);
};

/** Put cards of all of them on the page at once; return how many say something. */
window.showGarage = async () => {
  const places = garage.map(([config, home]) => {
    const card = document.createElement("carport-car-card");
    card.setConfig(config);
    card.hass = home;
    return card;
  });
  document.getElementById("stage").append(...places);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return places.filter((card) => card.shadowRoot.querySelector("#sentence")).length;
};

const width = Number(query.get("width") ?? 400);
const wanted = query.get("state");
if (query.has("beside")) document.getElementById("stage").style.gridAutoFlow = "column";
for (const state of wanted === "none" ? [] : STATES) {
  if (wanted && !wanted.split(",").includes(state.name)) continue;
  if (query.has("special") && !state.special) continue;
  await show(state, width);
}
await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
window.stubCards = shown;
document.title = "ready";
