"""The keys of the catalogue that these cars never send."""

from typing import Final

NEVER_SENT: Final = frozenset(
    {
        # Served by calls of their own.
        "vehicle.look.image",
        "vehicle.vehicleIdentification.basicVehicleData",
        "vehicle.chassis.axle.wheel.tire.diagnosis",
        "vehicle.powertrain.electric.battery.charging.history.sessionsList",
        "vehicle.powertrain.electric.battery.charging.settingsList",
        "vehicle.learningNavigation",
        # In the catalogue, and silent on these cars.
        "vehicle.drivetrain.totalRemainingRange",
        "vehicle.powertrain.electric.battery.stateOfCharge.targetMin",
        "vehicle.drivetrain.electricEngine.hvsMaxEnergyAbsolute",
        "vehicle.drivetrain.electricEngine.charging.smeEnergyDeltaFullyCharged",
        "vehicle.body.chargingPort.dcStatus",
        "vehicle.body.chargingPort.plugEventId",
        "vehicle.powertrain.electric.battery.charging.acLimit.min",
        "vehicle.powertrain.electric.battery.charging.acLimit.max",
        "vehicle.drivetrain.electricEngine.charging.reasonChargingEnd",
        "vehicle.drivetrain.electricEngine.charging.profile.preference",
        "vehicle.drivetrain.electricEngine.charging.profile.timerType",
        "vehicle.drivetrain.electricEngine.charging.profile.climatizationActive",
        "vehicle.drivetrain.electricEngine.charging.isSingleImmediateCharging",
        "vehicle.cabin.sunroof.status",
        "vehicle.cabin.sunroof.tiltStatus",
        "vehicle.cabin.convertible.roofStatus",
        "vehicle.body.trunk.window.isOpen",
        "vehicle.body.flap.isLocked",
        "vehicle.vehicle.preConditioning.remainingTime",
        "vehicle.cabin.hvac.preconditioning.status.remainingRunningTime",
        "vehicle.trip.segment.end.drivetrain.batteryManagement.hvSoc",
        "vehicle.vehicle.avgAuxPower",
        "vehicle.drivetrain.electricEngine.charging.consumptionOverLifeTime.overall.gridEnergy",
        "vehicle.vehicle.averageWeeklyDistanceShortTerm",
        "vehicle.vehicle.averageWeeklyDistanceLongTerm",
        "vehicle.trip.segment.accumulated.acceleration.starsAverage",
        "vehicle.trip.segment.accumulated.chassis.brake.starsAverage",
        "vehicle.trip.segment.accumulated.drivetrain.electricEngine.recuperationTotal",
        "vehicle.trip.segment.accumulated.drivetrain.electricEngine.energyConsumptionComfort",
        "vehicle.trip.segment.accumulated.drivetrain.transmission.setting.fractionDriveElectric",
        "vehicle.trip.segment.accumulated.drivetrain.transmission.setting.fractionDriveEcoPro",
        "vehicle.trip.segment.accumulated.drivetrain.transmission.setting.fractionDriveEcoProPlus",
    }
)
"""Keys that may be asked for and have no value."""
