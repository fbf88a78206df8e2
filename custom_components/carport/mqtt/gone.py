"""What is answered to a command for a car that was told here, and is gone."""

from contextlib import suppress

from .layout import LOGGER, Core, Message
from .refusals import Refused, TopicReason
from .requests import parse_call
from .settings import Layout
from .values import dumps


def refuse_for_gone(core: Core, level: str, message: Message) -> None:
    """Answer as for a car that is here; another one may be a car of a bridge beside this.

    A call has its answer, anything else a receipt. Neither is retained.
    """
    if not core.announcements.is_gone(level, Layout.OWN):
        LOGGER.warning("A command came for a car that is not here")
        return
    levels, id_ = [level, "receipt"], None
    if message.topic.endswith("/call"):
        with suppress(Refused):
            id_ = str(parse_call(message.text)["id"])
            levels = [level, "answer", id_]
    reason = TopicReason.RETAINED if message.retain else TopicReason.CAR_GONE
    LOGGER.warning("A command by MQTT was refused: %s", reason)
    topic = "/".join((core.settings.own_base, *levels))
    core.outbox.put(topic, dumps(Refused(reason).answer(id_)))
