"""What every maker's cloud has in common.

Nothing in here knows Home Assistant or any single maker.
"""
