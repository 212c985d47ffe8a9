"""Trains the model of the demonstration and writes it as ONNX: python train.py [OUTPUT]

The same versions of the packages in README.md give the same bytes.
"""

import sys
from pathlib import Path

from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEED = 7


def main(output: Path) -> None:
    data, target = load_breast_cancer(return_X_y=True)
    data = data.astype("float32")
    train_x, test_x, train_y, test_y = train_test_split(data, target, test_size=0.25, random_state=SEED, stratify=target)
    model = make_pipeline(StandardScaler(), GradientBoostingClassifier(n_estimators=60, max_depth=3, random_state=SEED))
    model.fit(train_x, train_y)
    # Without zipmap the probabilities are a plain tensor, and the graph needs no operator beyond the official ones.
    graph = to_onnx(model, train_x[:1], options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    # The exporter names the graph at random and lists the operator sets in any order; fixed ones make the bytes repeatable.
    graph.graph.name = "tumour-classifier"
    operator_sets = sorted(graph.opset_import, key=lambda entry: entry.domain)
    del graph.opset_import[:]
    graph.opset_import.extend(operator_sets)
    output.write_bytes(graph.SerializeToString())
    print(f"{output}: {output.stat().st_size} bytes, accuracy on {len(test_y)} held-out samples {model.score(test_x, test_y):.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("model.onnx"))
