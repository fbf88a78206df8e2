/** The states of a car that the card is looked at in: each changes what a plain parked car tells. */

/** The time of all pictures, which the tests set the browser's clock to. */
export const NOW = Date.parse("2026-03-10T17:30:00Z");

const ago = (minutes) => new Date(NOW - minutes * 60_000).toISOString();
const ahead = (minutes) => ago(-minutes);
const km = (value) => [value, { unit_of_measurement: "km", digits: 0 }];
const percent = (value) => [value, { unit_of_measurement: "%", digits: 0 }];
const celsius = (value) => [value, { unit_of_measurement: "°C" }];
const bar = (value) => [value, { unit_of_measurement: "bar" }];

const DOORS = ["front_left", "front_right", "rear_left", "rear_right"];
const TYRES = { front_left: 2.5, front_right: 2.5, rear_left: 2.6, rear_right: 2.6 };
const all = (prefix, value) => Object.fromEntries(DOORS.map((side) => [`${prefix}_${side}`, value]));

const timer = (number, on, at, told = {}) => ({
  toggle: [on, { number, days: [], once_on: null, charge: false, climate: true, window_start: null, window_end: null, ...told }],
  time: [at, { number, days: [], once_on: null, charge: false, climate: true, window_start: null, window_end: null, ...told }],
});
const timers = (...list) => ({
  "switch.timer": list.map(({ toggle }) => toggle),
  "time.timer_time": list.map(({ time }) => time),
});

/** A plain electric car at home: locked, closed, unplugged, heard of two minutes ago. */
export const BASE = {
  "sensor.channel": "ok",
  "sensor.captured_at": ago(2),
  "binary_sensor.data_stale": "off",
  "event.last_command": ["unknown", {}],
  "lock.doors": "locked",
  "binary_sensor.locked": "off",
  "binary_sensor.unsecured": "off",
  ...all("binary_sensor.door", "off"),
  ...all("binary_sensor.window", "off"),
  "binary_sensor.boot": "off",
  "binary_sensor.bonnet": "off",
  "binary_sensor.sunroof": "off",
  "binary_sensor.charge_flap": "off",
  "binary_sensor.lights": "off",
  "binary_sensor.moving": "off",
  "binary_sensor.ignition": "off",
  "device_tracker.location": ["home", { latitude: 52.4227, longitude: 10.7865 }],
  "sensor.parked_at": ago(86),
  "sensor.battery_level": percent(55),
  "sensor.range_total": km(312),
  "sensor.range_electric": km(312),
  "sensor.odometer": km(20057),
  "binary_sensor.plugged_in": "off",
  "binary_sensor.charging": "off",
  "binary_sensor.charging_problem": "off",
  "sensor.charging_state": "disconnected",
  "sensor.charging_power": [0, { unit_of_measurement: "kW" }],
  "number.charge_limit": [80, { unit_of_measurement: "%", min: 50, max: 100, step: 10 }],
  "switch.charge_control": "off",
  "climate.climate": ["off", { hvac_modes: ["off", "heat_cool"], temperature: 21, current_temperature: 9.5 }],
  "binary_sensor.climate_active": "off",
  "switch.defrost": "off",
  "sensor.inside_temperature": celsius(9.5),
  "sensor.outside_temperature": celsius(4),
  ...timers(timer(1, "on", "07:00:00", { days: ["monday", "tuesday", "wednesday", "thursday", "friday"] }), timer(2, "off", "10:30:00")),
  "switch.timers": "on",
  "calendar.schedule": "off",
  ...Object.fromEntries(Object.entries(TYRES).map(([side, value]) => [`sensor.tyre_pressure_${side}`, bar(value)])),
  "binary_sensor.tyre_problem": "off",
  "sensor.health": ["ok", { messages: [] }],
  "sensor.service_due_distance": km(9800),
  "sensor.service_due_on": "2027-01-12",
  "button.flash": "unknown",
  "button.honk": "unknown",
  "button.refresh": "unknown",
};

const away = { "device_tracker.location": ["not_home", { latitude: 52.4427, longitude: 10.8165 }] };
const without = (...keys) => Object.fromEntries(keys.map((key) => [key, null]));
const keysOf = (...starts) => Object.keys(BASE).filter((key) => starts.some((start) => key.startsWith(start)));
const plugged = (state) => ({
  "binary_sensor.plugged_in": "on",
  "binary_sensor.charge_flap": "on",
  "sensor.charging_state": state,
});
const charging = (power, complete) => ({
  ...plugged("charging"),
  "binary_sensor.charging": "on",
  "switch.charge_control": "on",
  "sensor.charging_power": [power, { unit_of_measurement: "kW" }],
  "sensor.charge_complete_at": complete,
});
export const command = (kind, outcome, seconds, told = {}) => [
  new Date(NOW - seconds * 1000).toISOString(),
  {
    id: `${kind}-${outcome}`,
    command: kind,
    outcome,
    event_type: outcome,
    reason: null,
    detail: {},
    parameters: {},
    before: {},
    after: {},
    requested_at: new Date(NOW - seconds * 1000 - 1500).toISOString(),
    accepted_at: outcome === "refused" ? null : new Date(NOW - seconds * 1000).toISOString(),
    finished_at: outcome === "accepted" ? null : new Date(NOW - seconds * 1000 + 22_000).toISOString(),
    captured_at: outcome === "confirmed" ? new Date(NOW - seconds * 1000 + 20_000).toISOString() : null,
    ...told,
  },
];
const DOORS_AND_LIDS = keysOf("binary_sensor.door_", "binary_sensor.window_", "binary_sensor.boot", "binary_sensor.bonnet", "binary_sensor.sunroof");
const BODIES = ["city", "hatch", "saloon", "estate", "suv", "van", "coupe"];

/** Number, name, what the car tells otherwise, and what else is special about it. */
export const STATES = [
  { name: "parked_home", special: true },
  { name: "parked_away", car: away },
  { name: "away_window_open", special: true, car: { ...away, "binary_sensor.unsecured": "on", "binary_sensor.window_rear_left": "on" } },
  { name: "away_three_open", car: { ...away, "binary_sensor.unsecured": "on", "binary_sensor.window_rear_left": "on", "binary_sensor.door_front_left": "on", "binary_sensor.boot": "on" } },
  { name: "unlocked_home", car: { "lock.doors": "unlocked", "binary_sensor.locked": "on", "binary_sensor.unsecured": "on" } },
  { name: "driving", car: { ...away, "binary_sensor.moving": "on", "binary_sensor.ignition": "on", "sensor.parked_at": "unknown" } },
  { name: "charging_ac", special: true, car: charging(7.4, ahead(760)) },
  { name: "charging_dc", car: { ...away, ...charging(118, ahead(24)), ...without("number.charge_limit") } },
  { name: "plugged_waits", car: { ...plugged("connected"), ...timers(timer(1, "on", "23:00:00", { charge: true, climate: false, window_start: "23:00", window_end: "05:00" })) } },
  { name: "plugged_paused", car: plugged("paused") },
  { name: "complete", car: { ...plugged("complete"), "sensor.battery_level": percent(80) } },
  { name: "charging_problem", car: { ...plugged("stopped"), "binary_sensor.charging_problem": "on", "sensor.charging_detail": "fault" } },
  { name: "was_charging", car: { ...charging(7.4, ago(300)), "binary_sensor.data_stale": "on", "sensor.captured_at": ago(920), "sensor.parked_at": ago(1300) } },
  { name: "stale", special: true, car: { "binary_sensor.data_stale": "on", "sensor.captured_at": ago(498), "sensor.parked_at": ago(1300) } },
  { name: "closed_by_maker", special: true, car: { "sensor.channel": ["closed_by_maker", { until: null, next_step: "follow_repairs" }], "sensor.captured_at": ago(10_000), "sensor.parked_at": ago(11_000), "binary_sensor.data_stale": "on", "lock.doors": "unavailable", "climate.climate": "unavailable", "switch.charge_control": "unavailable", "switch.defrost": "unavailable", "button.flash": "unavailable", "button.honk": "unavailable", "button.refresh": "unavailable" } },
  { name: "needs_owner", car: { "sensor.channel": ["needs_owner", { until: null, next_step: "sign_in" }] } },
  { name: "throttled", car: { "sensor.channel": ["throttled", { until: ahead(50), next_step: "wait" }] } },
  { name: "degraded", car: { "sensor.channel": ["degraded", { until: null, next_step: "wait" }] } },
  { name: "unlock_running", special: true, car: { "lock.doors": "unlocking", "event.last_command": command("unlock", "accepted", 12) } },
  { name: "refused_not_plugged", car: { "event.last_command": command("start_charging", "refused", 20, { reason: "not_plugged" }) } },
  { name: "failed_car_refused", special: true, car: { "event.last_command": command("unlock", "failed", 20, { reason: "car_refused" }) } },
  { name: "timed_out", car: { "event.last_command": command("lock", "timed_out", 90, { reason: "no_answer_from_car" }), "lock.doors": "unlocked", "binary_sensor.locked": "on" } },
  { name: "confirmed", car: { "lock.doors": "unlocked", "binary_sensor.locked": "on", "binary_sensor.unsecured": "on", "event.last_command": command("unlock", "confirmed", 30) } },
  { name: "code_asked", car: { "lock.doors": ["locked", { code_format: "^\\d+$" }] } },
  { name: "hybrid", device: { model: "Borealis PHEV", name: "Night shift" }, car: { "sensor.battery_level": percent(62), "sensor.range_electric": km(41), "sensor.range_total": km(608), "sensor.range_fuel": km(567), "sensor.fuel_level": percent(71) } },
  { name: "diesel", device: { model: "Courier TDI", name: "Courier" }, car: { ...without(...keysOf("sensor.battery", "sensor.range_electric", "sensor.charg", "binary_sensor.charg", "binary_sensor.plug", "switch.charge", "number.charge")), "sensor.fuel_level": percent(53), "sensor.range_total": km(588), "sensor.range_fuel": km(588) } },
  { name: "city_ev_2013", device: { model: "Dawn Electric", name: "Old lady" }, car: { ...without(...DOORS_AND_LIDS, ...keysOf("lock.", "binary_sensor.locked", "binary_sensor.unsecured", "device_tracker", "sensor.parked", "sensor.inside", "switch.timer", "time.", "calendar", "sensor.tyre", "binary_sensor.tyre", "number.", "binary_sensor.moving", "binary_sensor.ignition", "sensor.health", "sensor.charging_power", "switch.defrost", "button.flash", "button.honk", "binary_sensor.charge_flap", "binary_sensor.lights")), "sensor.range_total": km(94), "sensor.range_electric": km(94) } },
  { name: "nothing_known", car: { ...Object.fromEntries(Object.keys(BASE).map((key) => [key, null])), "sensor.channel": "ok", "sensor.captured_at": "unknown", "binary_sensor.data_stale": "unknown", "button.refresh": "unknown" } },
  { name: "no_doors_reported", car: without(...DOORS_AND_LIDS) },
  { name: "doors_unknown", car: { ...Object.fromEntries(DOORS_AND_LIDS.map((key) => [key, "unknown"])), "lock.doors": "unknown", "binary_sensor.locked": "unknown" } },
  { name: "lock_state_only", car: without("lock.doors") },
  { name: "display_only", config: { controls: false } },
  { name: "climate_running", car: { "climate.climate": ["heat_cool", { hvac_modes: ["off", "heat_cool"], temperature: 21, current_temperature: 12 }], "binary_sensor.climate_active": "on", "sensor.climate_until": ahead(20) } },
  { name: "defrost", car: { "switch.defrost": "on" } },
  { name: "departure_tomorrow", car: timers(timer(1, "on", "07:00:00", { days: ["wednesday"] })) },
  { name: "flat_tyre", config: { lines: ["place", "security", "tyres"] }, car: { "binary_sensor.tyre_problem": "on", "sensor.tyre_pressure_rear_left": bar(1.4) } },
  { name: "tyres_in_psi", config: { lines: ["security", "tyres"] }, car: Object.fromEntries(DOORS.map((side) => [`sensor.tyre_pressure_${side}`, [36, { unit_of_measurement: "psi", digits: 0 }]])) },
  { name: "health_stop", car: { "sensor.health": ["stop", { messages: [{ category: "powertrain", severity: "stop", text: "Oil pressure" }] }], "sensor.service_due_on": "2026-03-22" } },
  { name: "miles", special: true, hass: { language: "en-US", hours: "12", config: { unit_system: { length: "mi", temperature: "°F" }, country: "US" } }, car: { ...away, "sensor.range_total": [194, { unit_of_measurement: "mi", digits: 0 }], "sensor.inside_temperature": [49, { unit_of_measurement: "°F", digits: 0 }], "sensor.outside_temperature": [39, { unit_of_measurement: "°F", digits: 0 }] } },
  { name: "capture_in_the_future", car: { "sensor.captured_at": ahead(95) } },
  { name: "long_name_german", special: true, hass: { language: "de" }, config: { name: "Familienkutsche von Tante Annegret-Luise", plate: "WOB-AU 26E" }, car: charging(7.4, ahead(760)) },
  { name: "device_gone", hass: { gone: true } },
  { name: "device_disabled", device: { disabled_by: "user" } },
  { name: "all_bodies", many: ["#f2f2f0", "#141518", "#a8232d"].flatMap((paint) => BODIES.map((body) => ({ config: { body, paint, lines: [], controls: false } }))) },
  { name: "coupe_doors_open", config: { body: "coupe", paint: "#d0a21c" }, car: { ...away, "binary_sensor.unsecured": "on", "binary_sensor.door_front_left": "on", "binary_sensor.door_front_right": "on" } },
  { name: "van_gate_open", config: { body: "van", paint: "#4b6650" }, car: { ...away, "binary_sensor.unsecured": "on", "binary_sensor.boot": "on" } },
  { name: "right_hand_drive", hass: { config: { country: "GB" } }, car: charging(7.4, ahead(90)) },
  { name: "makers_picture", car: { "image.picture": ["2026-03-01T10:00:00+00:00", { entity_picture: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 160'><rect width='400' height='160' rx='12' fill='%23889' fill-opacity='.3'/><text x='200' y='88' text-anchor='middle' font-size='20'>maker</text></svg>" }] } },
  { name: "lights_left_on", car: { "binary_sensor.lights": "on" } },
  { name: "two_cars", many: [{ car: charging(11, ahead(140)) }, { device: { name: "Night shift", model: "Borealis PHEV" }, car: { "sensor.battery_level": percent(18), "sensor.fuel_level": percent(40) } }] },
  { name: "reduced_motion", media: { reducedMotion: "reduce" }, car: charging(7.4, ahead(760)) },
  { name: "forced_colours", media: { forcedColors: "active" }, car: { ...away, "binary_sensor.unsecured": "on", "binary_sensor.door_front_left": "on" } },
  { name: "guest", hass: { user: { is_admin: false }, refuse: { code: "unauthorized", message: "Unauthorized" } } },
  { name: "before_formatters", hass: { early: true } },
];
