"""Every command of every service, from Home Assistant to the car and back."""
