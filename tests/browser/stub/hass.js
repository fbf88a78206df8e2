/** A fake `hass`: as much of Home Assistant's frontend as the card asks for. */

const DEVICE = "car1";

export async function words(language) {
  const answer = await fetch(`/translations/${language}.json`);
  return answer.json();
}

/** Make a `hass` of one car's keys: `{"sensor.range_total": [312, {unit_of_measurement: "km"}]}`. */
export function hassOf(car, table, extra = {}) {
  const states = {};
  const entities = {};
  for (const [key, told] of Object.entries(car)) {
    if (told === null || told === undefined) continue;
    const list = Array.isArray(told[0]) ? told : [told];
    for (const [number, one] of list.entries()) {
      const [state, attributes = {}] = Array.isArray(one) ? one : [one];
      const [domain, word] = key.split(".");
      const id = `${domain}.car_${word}${list.length > 1 ? `_${number}` : ""}`;
      const moment = new Date().toISOString();
      states[id] = { entity_id: id, state: String(state), attributes, last_changed: moment, last_updated: moment };
      entities[id] = { entity_id: id, device_id: DEVICE, platform: "carport", translation_key: word };
    }
  }
  const language = extra.language ?? "en";
  const entityTexts = table.entity;
  const textOf = (state, value) => {
    const domain = state.entity_id.split(".")[0];
    const word = entities[state.entity_id]?.translation_key;
    return entityTexts[domain]?.[word]?.state?.[value];
  };
  const number = (value, digits) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits, useGrouping: true }).format(value);
  const common = { home: { en: "Home", de: "Zu Hause" }, not_home: { en: "Away", de: "Unterwegs" }, on: { en: "Open", de: "Offen" }, off: { en: "Closed", de: "Geschlossen" } };
  const formatEntityState = (state, value = state.state) => {
    const unit = state.attributes.unit_of_measurement;
    if (unit && !Number.isNaN(Number(value))) return `${number(Number(value), state.attributes.digits ?? 1)} ${unit}`;
    return textOf(state, value) ?? common[value]?.[language] ?? value;
  };
  const calls = [];
  const hass = {
    states,
    entities,
    devices: {
      [DEVICE]: {
        id: DEVICE,
        identifiers: [["carport", "WVWZZZSTUBW000001"]],
        name: "Aurora",
        manufacturer: "Carport",
        model: "Aurora EV",
        config_entry_id: "entry",
        entry_type: null,
        disabled_by: null,
        ...extra.device,
      },
    },
    services: {},
    connected: true,
    config: {
      latitude: 52.4227,
      longitude: 10.7865,
      time_zone: "Europe/Berlin",
      country: "DE",
      state: "RUNNING",
      unit_system: { length: "km", temperature: "°C" },
      ...extra.config,
    },
    themes: { darkMode: extra.dark === true },
    locale: { language, number_format: "language", time_format: extra.hours ?? "24", time_zone: "local" },
    language,
    user: { is_admin: true, ...extra.user },
    localize: () => "",
    formatEntityState,
    formatEntityStateToParts: (state, value = state.state) => {
      const unit = state.attributes.unit_of_measurement;
      if (extra.early || !unit || Number.isNaN(Number(value))) return [{ type: "value", value: formatEntityState(state, value) }];
      return [
        { type: "value", value: number(Number(value), state.attributes.digits ?? 1) },
        { type: "literal", value: " " },
        { type: "unit", value: unit },
      ];
    },
    formatEntityAttributeValue: (state, attribute, value = state.attributes[attribute]) => {
      const [domain] = state.entity_id.split(".");
      const word = entities[state.entity_id]?.translation_key;
      const text = entityTexts[domain]?.[word]?.state_attributes?.[attribute]?.state?.[value];
      return text ?? (attribute === "temperature" ? `${number(value, 1)} ${hass.config.unit_system.temperature}` : String(value));
    },
    formatEntityName: (state) => state.entity_id,
    callService: async (domain, service, data, target, notify) => {
      calls.push({ domain, service, data, target, notify });
      if (extra.refuse) throw extra.refuse;
      return { context: {} };
    },
    callWS: async () => ({}),
    loadBackendTranslation: async () => (key, placeholders = {}) => {
      const [, , category, name, leaf] = key.split(".");
      const text = table[category]?.[name]?.[leaf] ?? "";
      return text.replace(/\{(\w+)\}/g, (_, one) => placeholders[one] ?? "");
    },
    connection: {},
  };
  if (extra.gone) delete hass.devices[DEVICE];
  return { hass, calls };
}

export const CONFIG = { type: "custom:carport-car-card", device_id: DEVICE };
