"""The portal of the EU Data Act, through which seven brands hand out what cars report.

Nothing is read from a car here: what its modem told goes into a ZIP every 15 minutes.
"""

from .cloud import EuDataAct

__all__ = ["EuDataAct"]
