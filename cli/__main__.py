"""The command as a process of its own: `carport`, and `python -m cli` from a checkout."""

from .stopping import STOP


def main() -> None:
    """Run the command."""
    # Before all that takes time to load: a signal meanwhile would leave a trace.
    STOP.listen()
    from .app import main as run_command  # noqa: PLC0415

    try:
        run_command()
    finally:
        STOP.shut_out()


if __name__ == "__main__":
    main()
