"""Nothing is reported to anyone: libraries that would do so are kept from it."""

import subprocess
import sys


def test_embedding_loads_no_telemetry() -> None:
    code = (
        "import sys; from vectorstore.embedding.embedder import SentenceEmbedder; SentenceEmbedder().encode(['a text']); "
        "assert not sys.modules.get('openvino_telemetry'); "
        "from openvino.tools.ovc import telemetry_utils; assert 'stub' in telemetry_utils.tm.__name__"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
