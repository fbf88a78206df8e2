"""Messages of a stream with something else in some places: readings, or nothing."""

from collections import Counter
import json
import logging
from random import Random
from typing import Final

from simulator.car_data.descriptors import LEVEL_HEADER
from simulator.faults import garbled

from .complaints import noted
from .findings import Findings
from .possible import broken_in
from .spoiling import Spoiler
from .streams import STREAMS, Stream, messages_of

_GARBLED_EVERY: Final = 4
"""How often not JSON is another, but any bytes of a message."""
_GOOD_EVERY: Final = 10
"""After how many messages a good one has to be taken."""
_PAUSE: Final = 7.0
_TRIES: Final = 5


async def run(count: int = 1000, seed: int = 1) -> Findings:
    """Send so many spoilt messages by each kind of stream."""
    found = Findings(
        title="Messages of a stream",
        what=(
            "CarData's stream, and the same messages from a broker at home, with one to four "
            "places of a message something else, as of answers above; in every fourth a few "
            "bytes are. What comes of it has to be possible and savable, nothing may end the "
            "stream, and every tenth message is a good one that has to be taken."
        ),
    )
    logging.getLogger("carport").setLevel(logging.CRITICAL)
    for name, opened in STREAMS.items():
        async with opened() as stream:
            rng = Random(f"{seed}{name}")
            with noted(found):
                found.figures[name] = await _attack(name, stream, rng, count, found)
    return found


async def _attack(
    name: str, stream: Stream, rng: Random, count: int, found: Findings
) -> str:
    """Send messages; return what came of them."""
    spoiler, ends = Spoiler(rng), Counter[str]()

    def note(what: str) -> None:
        line = f"{name}: {what} ({spoiler.hurt})"
        if line not in found.broken:
            found.broken.append(line)

    good = list(messages_of(stream))
    for number in range(1, count + 1):
        stream.sink.results.clear()
        await stream.world.advance(_PAUSE)
        stamp = stream.world.clock.now().isoformat()
        content = json.loads(rng.choice(good))
        for entry in content["data"].values():
            entry["timestamp"] = stamp
        if number % _GARBLED_EVERY == 0:
            spoiler.hurt = "some bytes"
            stream.publish(garbled(json.dumps(content).encode(), rng))
        else:
            stream.publish(json.dumps(spoiler.spoil(content)).encode())
        await stream.world.settle()
        for _, result in stream.sink.results:
            for line in broken_in(result.readings, stream.world.clock.now()):
                note(line)
        ends["taken" if stream.sink.results else "left out"] += 1
        if stream.follower.done():
            error = stream.follower.exception()
            note(f"the stream ended by {type(error).__name__}: {str(error)[:80]}")
            break
        if number % _GOOD_EVERY == 0 and not await _is_taken(stream, number % 90):
            note(f"a good message is not taken after {number}")
    return ", ".join(f"{number} {end}" for end, number in ends.most_common())


async def _is_taken(stream: Stream, level: int) -> bool:
    """Send a good message; return whether it was taken.

    Not while tokens are renewed: the connection is another then.
    """
    for _ in range(_TRIES):
        await stream.world.advance(_PAUSE)
        stamp = stream.world.clock.now().isoformat()
        entry = {"timestamp": stamp, "value": level, "unit": "percent"}
        content = {"vin": stream.vin, "data": {LEVEL_HEADER: entry}}
        stream.publish(json.dumps(content).encode())
        await stream.world.settle()
        if stream.sink.values(stream.vin).get("battery_level") == level:
            return True
    return False
