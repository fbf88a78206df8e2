"""Refusals: raised wherever something is missing, answered in one place."""

from aiohttp import web

from .cloud import Handler


class Refused(Exception):
    """A call is refused with this answer."""

    def __init__(self, answer: web.Response) -> None:
        """Keep the answer."""
        super().__init__()
        self.answer = answer


def guarded(handler: Handler) -> Handler:
    """Turn a refusal into its answer."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refusal:
            return refusal.answer

    return answer
