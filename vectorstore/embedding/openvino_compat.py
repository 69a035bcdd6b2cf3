"""The one place that knows OpenVINO's insides.

Seen in openvino 2026.4 with openvino-telemetry 2025.2: `import openvino` imports `openvino_telemetry` and reports that to
Google Analytics, unless a file in the user's home declines; there is no setting. Where the package is missing, OpenVINO
takes a stub of its own.
"""

import sys
from typing import Any

TELEMETRY_MODULE = "openvino_telemetry"


def import_openvino() -> Any:
    """OpenVINO without its telemetry. The package can be imported as ever afterwards."""
    if "openvino" in sys.modules:
        return sys.modules["openvino"]
    known = sys.modules.get(TELEMETRY_MODULE)
    sys.modules[TELEMETRY_MODULE] = None  # type: ignore[assignment]  # makes its import fail, as Python documents
    try:
        import openvino
    finally:
        del sys.modules[TELEMETRY_MODULE]
        if known is not None:
            sys.modules[TELEMETRY_MODULE] = known
    return openvino
