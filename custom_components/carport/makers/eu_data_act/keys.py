"""The keys of the maker's dictionary that are read here.

Names are no help: a fifth of them stand for several keys that mean different things.
"""

from typing import Final

# The level of the battery. Three more keys of the same name as the second one tell
# how full it was when charging began.
LEVEL_HIGH_VOLTAGE: Final = "ac1108b1-b8cc-3db9-a663-03d387e42223"
LEVEL_HIGH_VOLTAGE_STATE: Final = "2a9de7f7-a846-3d18-9883-650de9c4e4e1"
LEVEL_GROUP: Final = "162c2a75-edf4-3990-b8ed-7c600b3dbc40"
LEVEL_GROUP_STATE: Final = "db2263a6-bac6-3da1-870c-04f4c8aa8005"
LEVEL_REPORT: Final = "506cb83e-f99f-3af3-bbeb-0429b69a78d9"
LEVEL_DISPLAYED: Final = "ae0294b4-1286-3e98-a818-1485b8d88430"
LEVEL_RAW: Final = "f89ed652-d104-3fa6-b7e2-ab7543309e7b"
LEVEL_OTHERS: Final = (
    "43f1360c-94ca-3c19-966f-f241f558acf2",
    "ce16f6c8-f565-3f9a-bddd-4acd12a41741",
)
ENERGY_CURRENT: Final = "84e64812-6eaa-3477-b587-0c5b02d8446f"
ENERGY_MOST: Final = "09ed1319-7b17-31c6-ba74-817ce91a4c1d"
ENERGY_CURRENT_KIND: Final = "fbe8bab2-344e-34c8-8ac4-4b18156128cf"
ENERGY_MOST_KIND: Final = "9c171290-fe3d-3304-890e-b9a52fbc5ef5"

# The charger, dotted: live keys, then the copies of the charging job
CHARGE_STATE: Final = "a08cca2b-ed42-37bc-b160-d015ce205d3d"
CHARGE_STATE_COPIES: Final = (
    "0811aa96-26d8-3d5f-8bd7-77be06612d85",
    "3581f1e0-580b-3f18-aa73-6fbf037b841e",
    "96c211b4-f8fb-3f40-b7cf-6a1cd12cce6d",
)
CHARGE_TYPE: Final = "a5fa0f82-e717-36ec-a1d7-ed05b47295f8"
CHARGE_TYPE_COPIES: Final = (
    "33bb1490-adbb-3a14-9abf-e68417d46f0b",
    "b942e990-6a4e-351b-81ce-84e27d13d97a",
    "f994c025-a69f-39ae-8860-9cb9a2ea9ed8",
)
CHARGE_SCENARIO: Final = "a8b48aad-8cd4-3534-b64d-6c8abd600972"
CHARGE_MODE: Final = "45410f9e-b068-3dc7-9afb-238a2ef7454e"
CHARGE_POWER: Final = "c8cb205f-01c6-3c81-bda1-059b99ae6515"
CHARGE_POWER_COPIES: Final = (
    "44ed0d61-98c4-36df-b860-b077929a5797",
    "8087d3b7-03bd-350a-95ef-bd8cb3ba20fa",
    "885d1abd-799d-344a-bf02-0d07c6d6eebf",
)
CHARGE_RATE: Final = "1efb6000-6b54-366a-9233-d320699687cf"
CHARGE_RATE_COPIES: Final = (
    "0c60a14f-116d-3ccd-b551-940a0814364e",
    "1edd4c7f-90b3-3ca4-a748-3b78132aab1d",
    "9e366e14-a8ce-30b4-a204-b573596d1dbf",
)
CHARGE_RATE_UNIT: Final = "9c83ccaa-5288-38da-9d38-81ef8db469b3"
CHARGE_RATE_UNIT_COPIES: Final = (
    "1f9c6e86-b4d5-3eb9-8bb2-886298c24a06",
    "9ca09c8a-0b43-323c-8ce1-d757480c928c",
    "f01dccee-9a1a-3db6-8a99-4e483c604b4c",
)
TIME_LEFT: Final = "7405c11f-4d20-36d2-8381-18364aa1f444"
TIME_LEFT_COPIES: Final = (
    "7b149fa0-1cae-35e3-9f81-49656d2393b8",
    "c32ae9c8-b3c1-3334-865e-ddce83159935",
    "cad65f6f-17c5-377b-b030-821ffaf27dd5",
)
TARGET_LEVEL: Final = "b3b04f31-b10e-38aa-b8ad-c0da7c06caea"
CARE_LEVEL: Final = "9185af4f-0ef9-3e85-a533-340303acb264"
CARE_ACTIVATION: Final = (
    "63867bab-f3a4-3065-be67-009066c25572",
    "5a0b50dc-7e9d-3507-a1c3-d74a066fbf2c",
)
MODE_SELECTION: Final = "53975124-320c-3a72-813a-8564f594850e"
CURRENT_LIMIT: Final = "0387de65-ce87-3750-b9d7-906687095200"
PLUG_UNLOCK: Final = "2d7b0796-dc72-343d-b69f-4789bc0fcff2"

# The rest of the dotted format
# The coldest part of the battery first, then the warmest; each in two reports.
BATTERY_TEMPERATURES: Final = (
    "374014c4-2fd5-3d73-ac75-7c949e726f00",
    "45df000d-f24c-33a7-a564-c67cbcbb1f23",
    "dc4a4716-2205-352f-802f-8d7d59705c5b",
    "0bb38c06-6c78-3675-88d4-de93d2c36008",
)
RANGE: Final = "0ca40e18-0564-3eda-bcc0-7aee9ef44f04"
RANGE_UNIT: Final = "8d508462-17e7-3027-8980-cbbbc86d9496"
RANGE_STATES: Final = (
    "85fbdac0-35e4-374e-b89f-a2520215a355",
    "1f44781f-0021-3d0c-b38f-6eaac5db3eee",
)
MILEAGES: Final = (
    "30cc36fd-71ca-3c09-9296-e94ebd47bd2b",
    "69d437d3-7baa-38bc-b842-f5baf99ddade",
    "75d65f00-5fa8-334a-826d-e73e91fe5c8d",
)
MILEAGE_UNITS: Final = (
    "37fcab93-1d16-329f-b13c-844d244faa04",
    "aefcb497-c0eb-39d0-8a91-2b728fcb2b47",
    "bafabdff-671e-331f-825d-d193cd397c5d",
)
OUTDOOR_TEMPERATURES: Final = (
    "b6ea5ae8-53ff-386d-8415-1baa0602bbb6",
    "6b77a5fe-76f3-362c-9b6c-1a9f114f8ce8",
)
LOCKED: Final = (
    "bd917b58-82bd-3c34-a006-747ca5aec03d",
    "ad12b2c9-2290-3147-bc72-f5adbf659d9b",
)
PARKING_BRAKES: Final = (
    "d8e0307c-f31b-3896-a9e8-001949a52d11",
    "9c257af4-d7b3-3b2f-8490-7be732a06cae",
)
STANDING_STILL: Final = "0010398f-5fda-39af-9e7a-25db8c2e623a"
CLIMATE_LEFT: Final = "3c19831c-38b8-3dc5-9ead-bb333616d925"
WINDOW_HEATING: Final = "a894455d-2917-33cf-a9bd-d05846a14cfe"

# The charger, flat
PLUG: Final = (
    "c111830c-f959-30d2-859a-ea996190d864",
    "37d8c0c0-9677-3823-8b32-d0a5001cb0d0",
)
PLUG_LOCKS: Final = (
    "60bc0937-f5a7-3809-9535-9a7942e5dd94",
    "9f020a2c-f4d8-380f-8afb-77ee9fc9e4d3",
)
PLUG_FLAP: Final = "33bf521d-b194-3b38-97c3-1b63727676d1"
CHARGING_STATE: Final = "9da735bb-c5d5-39f8-bf53-0fa2a367aa8f"
CHARGING_CURRENT: Final = "97c7b448-13e7-3266-a6be-7487caf1a354"
CHARGING_POWER: Final = "978be4ed-2f7f-32c0-8644-18e7b0dde741"
CHARGING_RATE: Final = "370c2092-d983-38e4-861f-91482b7cff54"
CHARGING_TIME_LEFT: Final = "cf28f7d9-6201-30b8-82e5-a461968d30dc"

# Distance and energy, flat
FLAT_MILEAGE: Final = "41c0805c-43e5-313e-9dfb-356cb8d20f7c"
RANGE_PRIMARY: Final = "55e0d40b-38ed-3cb5-9dcd-6193df6fc493"
RANGE_SECONDARY: Final = "3dedefab-8ded-3f5a-907f-d5e9970720bf"
RANGE_COMBINED: Final = "153e8c40-4c6c-3c17-a11b-0ecc35d55b81"
FUEL: Final = "1503760b-5570-3001-8ffc-1bb6f464948e"
TANK: Final = (
    "3ba7c870-d2a7-3383-8a17-e4048a57a583",
    "4d984161-147b-3297-8175-d87f2e991af9",
)
OIL: Final = (
    "a3368611-8c63-3b7d-9d19-148a464c7a7b",
    "2db43f62-6bd9-3ffc-865d-aa033329aaeb",
)
GAS: Final = "c129d05d-de28-3490-a74a-27811b5e8e2e"
ADBLUE_RANGE: Final = "b43ff74c-2505-3a38-bf98-78c817fbaf96"
MONTHLY_DISTANCE: Final = "d607f5ff-cacb-3460-a8eb-8ca16d4acc08"
LONG_RECUPERATION: Final = "579128d5-94d8-3548-abcd-341fcf34401b"
LONG_ENERGY: Final = "79f1709e-028d-3b3a-936e-bbef63b92969"
LONG_FUEL: Final = "df531c6f-8897-3236-a760-5975322e7021"
SHORT_ENERGY: Final = "3b1bdf91-8e59-333a-93ed-f8e5a980bc96"
SHORT_FUEL: Final = "a0ee824b-9a53-34ee-8107-3ed94684efa7"
SHORT_DISTANCE: Final = "9f55581a-4fa2-3570-9c9e-b80d210b9a42"
SHORT_MINUTES: Final = "f0890c07-e62e-32dc-ab3b-80431f070b13"
SHORT_ELECTRIC: Final = "df069cac-4bec-3894-afa4-bd344d3cd21c"
SHORT_RECUPERATION: Final = "8bad11dc-3a56-33ad-a4e9-23fdf117a88b"

# The body, flat: front left, front right, rear left, rear right
DOORS: Final = (
    "bc9bbc65-8461-30eb-88db-f94148552a20",
    "0bb971a6-12ef-3382-9b99-5ed0a52f18e9",
    "bf62dd10-b184-3425-a64c-c50b09420bc3",
    "60c81e02-4825-3aab-8da8-b8b07f251623",
)
DOOR_LOCKS: Final = (
    "db6919e8-430a-35dc-a930-14d289be6985",
    "21e084ad-51bf-3461-a521-49a544720c91",
    "fc0dab76-59ca-31bd-8845-e4b39d485b71",
    "6e36232f-4c55-3688-9948-a3a6ae056db1",
)
WINDOWS: Final = (
    "60a4f436-5534-32f4-b4cc-b5a88a9d4b91",
    "5fcf7d27-6b76-3de0-9ce9-f207370cdaff",
    "5fb120bb-ab59-38fc-8e03-9ae197c7a1ae",
    "3ef13c1d-7e08-3cf4-b501-a8bda80cff78",
)
WINDOW_POSITIONS: Final = (
    "60fddd42-f4fe-3382-ba31-f04ce52d2ab4",
    "57cb3a0e-e9f1-32d1-bf19-dd5970230699",
    "0543e58f-cd49-3e63-9e00-3b2d27043a25",
    "0bf3d84a-9164-3d1c-8191-ca6dbce848a7",
)
TYRES: Final = (
    "c4a26fd6-c08f-3921-bb8c-23fab6751c54",
    "be03dca4-16fb-3072-82bd-17064bd423b9",
    "33d2c35b-8aac-3509-bb88-807682055b1b",
    "5f913493-351d-3aa8-a1c5-20506d9d7f9a",
)
TAILGATE_LOCK: Final = "95380872-847c-39d7-857f-17cdea1579ce"
TAILGATE: Final = "dbb8f3b1-2bc9-3afc-a1d5-61f1eb04d1c4"
BONNET: Final = "e1c6d420-b439-3de6-a5b7-d0b474cc2752"
SUNROOF_POSITION: Final = "2d10f834-6e6e-3be0-9292-8c8cb9e09581"
SUNROOF: Final = "cff28415-8084-34e0-ad91-db191e5ff3b6"
FLAT_PARKING_BRAKE: Final = "f8bbe94d-06e1-3311-bf8f-c0c99cc67d48"
PARKING_LIGHTS: Final = "c17ead4f-09b8-357f-ac2b-38c448ab88c4"
OUTSIDE_CELSIUS: Final = "b871c390-5325-377d-a91f-ea09bc0eff92"
OUTSIDE_TEMPERATURE: Final = "6810b781-e54a-35e8-af98-fcdefb54bac6"
WINDOW_HEATING_FRONT: Final = "14c7e318-fcea-3ed5-8284-a0309dc7527d"
WINDOW_HEATING_REAR: Final = "920f460c-123e-3088-8d36-ba349b11f399"
VOLTAGE_12V: Final = "c5b624db-6a07-3957-9127-98cee0be6c98"

# Service, flat: what is left is negative
INSPECTION_DAYS: Final = "fd600221-7965-3396-96d7-82a840a2831c"
INSPECTION_DISTANCE: Final = "ac86e00b-7fa1-3a59-b481-aa7cfc49b0d9"
OIL_DAYS: Final = "42b1c47b-e1d1-375f-a76f-32ab0177f03e"
OIL_DISTANCE: Final = "d9f36adc-1840-37da-8ca1-7c2d789bcf9e"

ALL: Final[frozenset[str]] = frozenset(
    key
    for name, found in list(vars().items())
    if name.isupper()
    for key in ((found,) if isinstance(found, str) else found)
)
"""Everything that is read here; the rest of a delivery is forgotten."""
