"""OpenVINO reports nothing to anyone, and another program's imports stay as they are."""

import subprocess
import sys


def test_embedding_loads_no_telemetry_and_leaves_the_package_to_others() -> None:
    code = (
        "import sys; from vectorstore.embedding.embedder import SentenceEmbedder; SentenceEmbedder().encode(['a text']); "
        "assert 'openvino_telemetry' not in sys.modules; "
        "from openvino.tools.ovc import convert_impl, telemetry_utils; "
        "assert 'stub' in telemetry_utils.tm.__name__; assert 'stub' in convert_impl.tm.__name__; "
        "import openvino_telemetry"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
