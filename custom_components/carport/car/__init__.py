"""What a car is: signals, readings, commands, receipts and schedules.

Nothing in here knows Home Assistant, HTTP or any maker.
"""
