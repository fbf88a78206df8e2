"""What can be said of cars in two languages, and what is answered."""

from typing import Final

from custom_components.carport.car.commands import CommandKind

OWN: Final[dict[str, list[tuple[str, str]]]] = {
    "en": [
        ("how full is the Aurora", "The battery of Aurora is at 64 %."),
        ("what is the battery level of my Aurora", "The battery of Aurora is at 64 %."),
        (
            "how much fuel does the Night shift have left",
            "Night shift has {fuel} % of fuel.",
        ),
        ("how far can the Aurora go", "Aurora can go {range} km."),
        ("when is the Aurora full", "Aurora is not charging."),
        ("is the Aurora plugged in", "No, Aurora is not plugged in."),
        ("is Aurora charging", "Aurora is not charging."),
        ("how fast is the Aurora charging", "Aurora charges with 0 kW."),
        ("what is the charge limit of the Aurora", "Aurora charges up to 80 %."),
        ("where is the Aurora", "Aurora is at home."),
        ("where did I park the Aurora", "Aurora is at home."),
        ("is the Aurora locked", "Aurora is locked."),
        ("is anything open on the Aurora", "Everything on Aurora is closed."),
        ("is the Aurora warming up", "The climate of Aurora is off."),
        ("how warm is it in the Aurora", "Inside Aurora it is {inside} °C."),
        ("how cold is it outside the Aurora", "Outside Aurora it is {outside} °C."),
        ("what is the mileage of the Aurora", "Aurora has driven 20000 km."),
        ("how far has the Aurora driven", "Aurora has driven 20000 km."),
        (
            "when is the Aurora due for service",
            "The next service of Aurora is due on {service_en}.",
        ),
        ("are the tyres of the Aurora all right", "The tyres of Aurora are all right."),
        ("is the Aurora all right", "{health_en}"),
        (
            "when did the Aurora last report",
            "Aurora last reported on {day_en} at {at}.",
        ),
        ("how full is the Mustang", "I know no such car. I know: {names}."),
        ("how full is the car", "Which car do you mean: {names}?"),
        ("how far can the Old lady go", "Old lady can go {old_range} km."),
        ("is the Old lady locked", "Old lady does not report that."),
    ],
    "de": [
        ("wie voll ist Aurora", "Die Batterie von Aurora steht bei 64 %."),
        ("wie ist der Ladestand von Aurora", "Die Batterie von Aurora steht bei 64 %."),
        ("wie viel Sprit hat Night shift noch", "Night shift hat {fuel} % Kraftstoff."),
        ("wie weit kommt der Aurora noch", "Aurora kommt {range} km weit."),
        ("wann ist mein Aurora voll", "Aurora lädt nicht."),
        ("ist Aurora angesteckt", "Nein, Aurora ist nicht angesteckt."),
        ("lädt Aurora", "Aurora lädt nicht."),
        ("wie schnell lädt Aurora", "Aurora lädt mit 0 kW."),
        ("wie hoch ist die Ladegrenze von Aurora", "Aurora lädt bis 80 %."),
        ("wo steht Aurora", "Aurora ist zu Hause."),
        ("wo habe ich Aurora geparkt", "Aurora ist zu Hause."),
        ("ist Aurora abgeschlossen", "Aurora ist abgeschlossen."),
        ("ist etwas an Aurora offen", "Bei Aurora ist alles zu."),
        (
            "läuft die Klimatisierung von Aurora",
            "Die Klimatisierung von Aurora ist aus.",
        ),
        ("wie warm ist es in Aurora", "In Aurora sind es {inside} °C."),
        (
            "wie kalt ist es draußen bei Aurora",
            "Draußen bei Aurora sind es {outside} °C.",
        ),
        ("wie ist der Kilometerstand von Aurora", "Aurora ist 20000 km gefahren."),
        (
            "wann muss Aurora zum Service",
            "Der nächste Service von Aurora ist am {service_de} fällig.",
        ),
        (
            "sind die Reifen von Aurora in Ordnung",
            "Die Reifen von Aurora sind in Ordnung.",
        ),
        ("wie geht es Aurora", "{health_de}"),
        (
            "wann hat sich Aurora zuletzt gemeldet",
            "Aurora hat sich zuletzt am {day_de} um {at} gemeldet.",
        ),
        ("wie voll ist das Auto", "Welches Auto meinst du: {names}?"),
        ("wie weit fährt Old lady noch", "Old lady kommt {old_range} km weit."),
    ],
}
"""Questions that Carport's own sentences answer."""

ORDERS: Final[dict[str, list[tuple[str, str, CommandKind]]]] = {
    "en": [
        (
            "warm the Aurora",
            "The climate of Aurora is running.",
            CommandKind.START_CLIMATE,
        ),
        (
            "stop warming the Aurora",
            "The climate of Aurora is off.",
            CommandKind.STOP_CLIMATE,
        ),
        (
            "charge the Aurora to 90 percent",
            "Aurora now charges up to 90 per cent.",
            CommandKind.SET_CHARGE_LIMIT,
        ),
        ("start charging my Aurora", "Aurora is charging.", CommandKind.START_CHARGING),
        (
            "stop charging the Aurora",
            "Aurora has stopped charging.",
            CommandKind.STOP_CHARGING,
        ),
        ("lock the Aurora", "Aurora is locked.", CommandKind.LOCK),
        ("defrost the Aurora", "Aurora is being defrosted.", CommandKind.SET_DEFROST),
        (
            "heat the windows of the Aurora",
            "The windows of Aurora are being heated.",
            CommandKind.SET_WINDOW_HEATING,
        ),
        (
            "find my Aurora",
            "Aurora has flashed its lights.",
            CommandKind.HONK_AND_FLASH,
        ),
    ],
    "de": [
        (
            "heize Aurora vor",
            "Die Klimatisierung von Aurora läuft.",
            CommandKind.START_CLIMATE,
        ),
        (
            "beende die Klimatisierung von Aurora",
            "Die Klimatisierung von Aurora ist aus.",
            CommandKind.STOP_CLIMATE,
        ),
        (
            "lade Aurora bis 90 Prozent",
            "Aurora lädt jetzt bis 90 Prozent.",
            CommandKind.SET_CHARGE_LIMIT,
        ),
        ("lade Aurora", "Aurora lädt.", CommandKind.START_CHARGING),
        (
            "Aurora nicht mehr laden",
            "Aurora lädt nicht mehr.",
            CommandKind.STOP_CHARGING,
        ),
        ("schließ Aurora ab", "Aurora ist abgeschlossen.", CommandKind.LOCK),
        ("taue Aurora ab", "Aurora wird abgetaut.", CommandKind.SET_DEFROST),
        (
            "beheize die Scheiben von Aurora",
            "Die Scheiben von Aurora werden beheizt.",
            CommandKind.SET_WINDOW_HEATING,
        ),
        ("lass Aurora blinken", "Aurora hat geblinkt.", CommandKind.HONK_AND_FLASH),
    ],
}

NATIVE: Final[dict[str, list[tuple[str, str]]]] = {
    "en": [
        ("lock the Aurora", "Locking"),
        ("unlock the Aurora", "Unlocking"),
        ("is the Aurora locked", "Yes"),
        ("what is the Aurora battery level", "Aurora battery level is 64 %"),
        ("what is the Aurora odometer", "Aurora odometer is 20000 km"),
        ("set the Aurora climate to 22 degrees", "Temperature set to 22 degrees"),
        ("turn on the Aurora defrost", "Turned on the switch"),
        ("turn on the Aurora climate", "Turned on the thermostat"),
        ("press Aurora flash", "Pressed"),
        ("is the Aurora boot open", "No, off"),
        ("are any doors open", "No"),
    ],
    "de": [
        ("schließe Aurora ab", "abgeschlossen"),
        ("schließe Aurora auf", "entsperrt"),
        ("ist Aurora abgeschlossen", "Ja"),
        ("was ist Aurora Kilometerstand", "Aurora kilometerstand ist 20000 km"),
        ("drücke Aurora Blinken", "Aurora Blinken gedrückt"),
        ("schalte Aurora Klimatisierung ein", "Aurora Klimatisierung eingeschaltet"),
        ("ist ein Fenster offen", "Nein"),
    ],
}
"""What Home Assistant understands without any file, as names and classes are."""
