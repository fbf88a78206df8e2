"""The fields of cars on the electric platform: dotted names, and times apart from values.

Several fields share a name: only the key tells which report one belongs to.
"""

from typing import Final

from carport.twin import physics

from .fields import CHARGING, PARKING, Field, Seen, field, yes

CHARGER: Final = "charger"
BATTERY: Final = "battery"
SETTINGS: Final = "settings"
DRIVE: Final = "drive"
BODY: Final = "body"
CLIMATE: Final = "climate"

TIMES: Final = {
    CHARGER: ("7c8ec93e-74ce-3761-985d-5580f0f4bf26", "car_captured_time"),
    BATTERY: ("45db10d7-e757-31bc-b3cb-cc3f26c03333", "car_captured_time"),
    SETTINGS: (
        "03ad2fc6-8caa-33b7-9992-9fb288f876c1",
        "profile_state_report.car_captured_time",
    ),
    DRIVE: ("72e1ae0b-580f-371a-b3b7-730a66df681e", "car_captured_time"),
    BODY: ("12c88f08-e0f5-3798-9b69-ab3d38ccbad8", "car_captured_utc_timestamp"),
    CLIMATE: ("a6b9cb56-3538-3b6c-ac3d-338309c857fd", "car_captured_time"),
}
"""Which entry holds the time of which report; nothing in a delivery says so."""
SENT: Final = ("3f5a294b-b672-3963-83d8-bfb54e5b943d", "timestamp")
SENT_MILLISECONDS: Final = ("7b76a2c8-162c-3438-814b-0768f6cc6649", "timestamp")
LOCAL_TIME: Final = (
    "f295ae23-0485-3ccb-830b-58c644a04f2e",
    "profile_state_report.instrument_cluster_time",
)
REDUCED: Final = (CHARGER, BATTERY, BODY)
"""What a sleeping car repeats."""

_REPORT: Final = "battery_state_report."
_STATE: Final = "charging_state_report."
_ENERGY: Final = "energy_contents."
_FULL_RATE: Final = "MAX_CHARGE_CURRENT_AC_MAXIMUM"


def _charge_state(seen: Seen) -> str:
    state = seen.state
    if not state.plugged_in:
        return "CHARGE_STATE_NOT_READY_FOR_CHARGING"
    if state.charging:
        return "CHARGE_STATE_CHARGING_HV_BATTERY"
    if physics.is_full(state):
        return "CHARGE_STATE_CHARGE_PURPOSE_REACHED_AND_NOT_CONSERVATION_CHARGING"
    return "CHARGE_STATE_READY_FOR_CHARGING"


def _scenario(seen: Seen) -> str:
    state = seen.state
    if state.charging:
        return "CHARGING_SCENARIO_IMMEDIATELY_CHARGING_ACTIVE"
    if state.plugged_in and physics.is_full(state):
        return "CHARGING_SCENARIO_IMMEDIATELY_CHARGING_FINISHED"
    return "CHARGING_SCENARIO_OFF"


def _charge_mode(seen: Seen) -> str:
    charging = seen.state.charging
    return f"CHARGE_MODE_{'IMMEDIATELY_PROFILE' if charging else 'OFF'}"


def _charge_type(seen: Seen) -> str:
    return f"CHARGE_TYPE_{'AC' if seen.state.charging else 'OFF'}"


def _power(seen: Seen) -> str:
    # Floats of the real ones look like this.
    return f"{seen.state.charging_power:.6f}"


def _rate(seen: Seen) -> str:
    return f"{seen.demo('charging_speed') if seen.state.charging else 0:.1f}"


def _left(seen: Seen) -> str:
    if not seen.state.charging:
        return "0s"
    return f"{round(physics.minutes_to_limit(seen.state, seen.spec)) * 60}s"


def _level(seen: Seen) -> str:
    return f"{seen.state.battery_level:.0f}"


def _content(seen: Seen) -> str:
    energy = physics.capacity(seen.spec) * seen.state.battery_level / 100
    return f"{energy * 10:.1f}"


def _job_level(seen: Seen) -> str | None:
    return None if seen.job is None else f"{seen.job.level:.0f}"


def _job_left(seen: Seen) -> str | None:
    return None if seen.job is None else f"{seen.job.minutes * 60:.0f}s"


def _odometer(seen: Seen) -> str:
    return seen.distance(int(seen.state.odometer))


def _unit(seen: Seen) -> str | None:
    return "MILES" if seen.miles else None


def _range(seen: Seen) -> str:
    return seen.distance(seen.demo("range_electric"))


def _limit_current(seen: Seen) -> str:
    reduced = seen.state.max_charge_current == "reduced"
    return "MAX_CHARGE_CURRENT_AC_REDUCED" if reduced else _FULL_RATE


def _climate_left(seen: Seen) -> str:
    return "1200s" if seen.state.climate_active else "0s"


IN_ORDER: Final = {
    "a08cca2b-ed42-37bc-b160-d015ce205d3d": (
        "CHARGE_STATE_NOT_READY_FOR_CHARGING",
        "CHARGE_STATE_READY_FOR_CHARGING",
        "CHARGE_STATE_CHARGING_HV_BATTERY",
        "CHARGE_STATE_DISCHARGING",
        "CHARGE_STATE_CHARGE_PURPOSE_REACHED_AND_NOT_CONSERVATION_CHARGING",
    ),
    "a5fa0f82-e717-36ec-a1d7-ed05b47295f8": (
        "CHARGE_TYPE_INVALID",
        "CHARGE_TYPE_OFF",
        "CHARGE_TYPE_AC",
        "CHARGE_TYPE_DC",
    ),
    "9c83ccaa-5288-38da-9d38-81ef8db469b3": (
        "CHARGE_RATE_UNIT_INVALID",
        "CHARGE_RATE_UNIT_KM_PER_H",
        "CHARGE_RATE_UNIT_KM_PER_MIN",
        "CHARGE_RATE_UNIT_MILES_PER_H",
        "CHARGE_RATE_UNIT_MILES_PER_MIN",
    ),
    "37fcab93-1d16-329f-b13c-844d244faa04": ("KM", "MILES"),
    "8d508462-17e7-3027-8980-cbbbc86d9496": ("KM", "MILES"),
}
"""The maker's lists of words, by the fields of which some cars send the number."""

FIELDS: Final[tuple[Field, ...]] = (
    # The charger, with the copies that tell how the charge began
    field(
        CHARGER,
        "a08cca2b-ed42-37bc-b160-d015ce205d3d",
        f"{_STATE}current_charge_state",
        _charge_state,
        CHARGING,
    ),
    field(
        CHARGER,
        "a8b48aad-8cd4-3534-b64d-6c8abd600972",
        f"{_STATE}charging_scenario",
        _scenario,
        CHARGING,
    ),
    field(
        CHARGER,
        "a5fa0f82-e717-36ec-a1d7-ed05b47295f8",
        f"{_STATE}charge_type",
        _charge_type,
        CHARGING,
    ),
    field(
        CHARGER,
        "45410f9e-b068-3dc7-9afb-238a2ef7454e",
        f"{_STATE}charge_mode",
        _charge_mode,
        CHARGING,
    ),
    field(
        CHARGER,
        "506cb83e-f99f-3af3-bbeb-0429b69a78d9",
        f"{_REPORT}soc",
        _level,
        CHARGING,
    ),
    *(
        field(CHARGER, key, f"{_REPORT}soc", _job_level, CHARGING)
        for key in (
            "93b55324-6628-36df-8f76-8eba797fc59c",
            "7bddd5e7-43a4-3878-bd63-9502782f77a5",
        )
    ),
    field(
        CHARGER,
        "c8cb205f-01c6-3c81-bda1-059b99ae6515",
        f"{_REPORT}charge_power",
        _power,
        CHARGING,
    ),
    field(
        CHARGER,
        "44ed0d61-98c4-36df-b860-b077929a5797",
        f"{_REPORT}charge_power",
        "2.3",
        CHARGING,
    ),
    field(
        CHARGER,
        "1efb6000-6b54-366a-9233-d320699687cf",
        f"{_REPORT}charge_rate",
        _rate,
        CHARGING,
    ),
    field(
        CHARGER,
        "9c83ccaa-5288-38da-9d38-81ef8db469b3",
        f"{_REPORT}charge_rate_unit",
        "CHARGE_RATE_UNIT_KM_PER_H",
        CHARGING,
    ),
    field(
        CHARGER,
        "7405c11f-4d20-36d2-8381-18364aa1f444",
        f"{_REPORT}remaining_charging_time_complete",
        _left,
        CHARGING,
    ),
    field(
        CHARGER,
        "cad65f6f-17c5-377b-b030-821ffaf27dd5",
        f"{_REPORT}remaining_charging_time_complete",
        _job_left,
        CHARGING,
    ),
    # The battery
    field(
        BATTERY,
        "ac1108b1-b8cc-3db9-a663-03d387e42223",
        "battery_level_HV.value",
        lambda seen: f"{round(seen.state.battery_level):.1f}",
        CHARGING,
    ),
    field(
        BATTERY,
        "2a9de7f7-a846-3d18-9883-650de9c4e4e1",
        "battery_level_HV.state",
        "VALID",
        CHARGING,
    ),
    field(
        BATTERY,
        "84e64812-6eaa-3477-b587-0c5b02d8446f",
        f"{_ENERGY}current_energy_content.physical_value",
        _content,
    ),
    field(
        BATTERY,
        "09ed1319-7b17-31c6-ba74-817ce91a4c1d",
        f"{_ENERGY}maximal_energy_content.physical_value",
        lambda seen: f"{physics.capacity(seen.spec) * 10:.1f}",
    ),
    field(
        BATTERY,
        "374014c4-2fd5-3d73-ac75-7c949e726f00",
        "min_temperature",
        lambda seen: f"{seen.state.battery_temperature:.1f}",
    ),
    field(
        BATTERY,
        "dc4a4716-2205-352f-802f-8d7d59705c5b",
        "max_temperature",
        lambda seen: f"{seen.state.battery_temperature + 1:.1f}",
    ),
    field(BATTERY, "0ca40e18-0564-3eda-bcc0-7aee9ef44f04", "value", _range),
    field(BATTERY, "8d508462-17e7-3027-8980-cbbbc86d9496", "unit", _unit),
    field(BATTERY, "85fbdac0-35e4-374e-b89f-a2520215a355", "state", "VALID"),
    field(BATTERY, "57b433c8-3dcc-3fbf-9b38-74f8f6480682", "value", "17"),
    # What the owner has set
    field(
        SETTINGS,
        "b3b04f31-b10e-38aa-b8ad-c0da7c06caea",
        "settings.target_soc",
        lambda seen: f"{seen.state.charge_limit:.0f}",
    ),
    field(
        SETTINGS, "76acaa98-37ef-3466-b013-21c77ed343ae", "settings.target_soc", "50"
    ),
    field(
        SETTINGS,
        "63867bab-f3a4-3065-be67-009066c25572",
        "setting.bcam_activation",
        "BCAM_ACTIVATION_DEACTIVATED",
    ),
    field(
        SETTINGS,
        "9185af4f-0ef9-3e85-a533-340303acb264",
        "battery_care_mode.charge_bcam_threshold",
        "80",
        CHARGING,
    ),
    field(
        SETTINGS,
        "0387de65-ce87-3750-b9d7-906687095200",
        "settings.max_charge_current_ac",
        _limit_current,
    ),
    field(
        SETTINGS,
        "2d7b0796-dc72-343d-b69f-4789bc0fcff2",
        "settings.auto_unlock_ac",
        lambda seen: (
            f"AUTO_UNLOCK_AC_{'PERMANENT' if seen.state.auto_unlock_plug else 'OFF'}"
        ),
    ),
    # The drive
    *(
        field(DRIVE, key, "mileage.value", _odometer)
        for key in (
            "30cc36fd-71ca-3c09-9296-e94ebd47bd2b",
            "75d65f00-5fa8-334a-826d-e73e91fe5c8d",
        )
    ),
    field(DRIVE, "37fcab93-1d16-329f-b13c-844d244faa04", "mileage.unit", _unit),
    field(DRIVE, "a04d086d-70bb-30c2-8361-68da66b4fd97", "mileage.state", "VALID"),
    field(
        DRIVE,
        "b6ea5ae8-53ff-386d-8415-1baa0602bbb6",
        "outdoor_temperature",
        lambda seen: f"{seen.demo('outside_temperature'):.1f}",
    ),
    # The body; what is said of openings and parking lights is never true
    field(
        BODY,
        "bd917b58-82bd-3c34-a006-747ca5aec03d",
        "locked",
        lambda seen: yes(seen.state.locked),
    ),
    field(BODY, "c0bb1348-5d0d-3140-9a51-06881db06490", "open", "true"),
    field(
        BODY,
        "c7828009-144b-36e9-af38-2c35e7356c34",
        "parking_light_left",
        "true",
        PARKING,
    ),
    field(
        BODY,
        "0fa69b72-8432-3ef4-a312-cbb2f7861dfc",
        "parking_light_right",
        "true",
        PARKING,
    ),
    field(
        BODY,
        "d8e0307c-f31b-3896-a9e8-001949a52d11",
        "parking_brake",
        lambda seen: yes(not seen.state.moving),
        PARKING,
    ),
    # The cabin
    field(
        CLIMATE,
        "3c19831c-38b8-3dc5-9ead-bb333616d925",
        "remaining_climate_time",
        _climate_left,
    ),
    field(
        CLIMATE,
        "a894455d-2917-33cf-a9bd-d05846a14cfe",
        "window_heating_state",
        lambda seen: (
            f"WINDOW_HEATING_STATE_{'ON' if seen.state.window_heating else 'OFF'}"
        ),
    ),
    field(CLIMATE, "b24b8c24-662b-3540-9bf3-6ea953e5303e", "error_code", "#0"),
)
