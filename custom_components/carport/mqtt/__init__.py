"""Cars at an MQTT broker: topics to signals and commands, and back.

It knows no Home Assistant, and no connection but that of `connection`: a face gives it
a garage, and passes on what the broker says.
"""
