"""What a start of the inspector does not import, and what the first request imports less of."""

import subprocess
import sys


def loaded_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_the_loop_and_the_authorizer_import_no_http_client() -> None:
    loaded = loaded_after("import inspector.delivery.engine, inspector.auth, inspector.delivery.scripted")
    assert not loaded & {"httpx", "httpcore", "anyio", "authlib", "aiohttp"}


def test_httpx_comes_without_its_command_line_and_with_its_backend() -> None:
    loaded = loaded_after(
        "import asyncio\nfrom inspector.delivery.httpx_import import warm_up\nasyncio.run(warm_up())"
    )
    assert {"httpx", "httpcore", "anyio._backends._asyncio", "encodings.idna"} <= loaded
    assert not loaded & {"httpx._main", "click", "rich"}
