"""``python -m simulator --port 8137 --config town.json``"""

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from simulator.config import Config, read_config
from simulator.server import Simulator


async def _serve(config: Config, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(one, stop.set)
    simulator = Simulator(config)
    await simulator.start(port)
    sys.stdout.write(f"simulator listening on {simulator.url}\n")
    sys.stdout.flush()
    await stop.wait()
    await simulator.stop()


def main() -> int:
    """Runs until SIGINT or SIGTERM; 2 for a configuration that cannot be read."""
    parser = argparse.ArgumentParser("simulator", description="A Bot API server to try bots without a token.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--config", type=Path, required=True, help="JSON file with bots, people and groups")
    options = parser.parse_args()
    try:
        config = read_config(options.config)
    except (OSError, ValueError, TypeError) as error:
        sys.stderr.write(f"{options.config}: {error}\n")
        return 2
    asyncio.run(_serve(config, options.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
