"""Prints lib/models/scanning/pickle/globals/sklearn-globals.ts from the installed scikit-learn.

Estimators that are built around a callable, and everything private that is not plain state, stay out.
"""
import importlib
import sklearn
from sklearn.utils import all_estimators

LEFT_OUT = {"FunctionTransformer"}
STATE = [
    ("sklearn.tree._tree", "Tree"), ("sklearn.neighbors._kd_tree", "KDTree"), ("sklearn.neighbors._kd_tree", "newObj"),
    ("sklearn.neighbors._kd_tree", "KDTree64"), ("sklearn.neighbors._ball_tree", "BallTree"), ("sklearn.neighbors._ball_tree", "BallTree64"),
    ("sklearn.neighbors._ball_tree", "newObj"), ("sklearn.metrics._dist_metrics", "newObj"),
    ("sklearn.metrics._dist_metrics", "EuclideanDistance64"), ("sklearn.utils._bunch", "Bunch"), ("sklearn.utils", "Bunch"),
    ("sklearn._loss.loss", "HalfBinomialLoss"), ("sklearn._loss.loss", "HalfMultinomialLoss"), ("sklearn._loss.loss", "HalfSquaredError"),
    ("sklearn._loss.link", "LogitLink"), ("sklearn._loss.link", "MultinomialLogit"), ("sklearn._loss.link", "IdentityLink"), ("sklearn._loss.link", "Interval"),
    ("sklearn._loss._loss", "CyHalfBinomialLoss"), ("sklearn._loss._loss", "CyHalfMultinomialLoss"), ("sklearn._loss._loss", "CyHalfSquaredError"),
    ("sklearn.ensemble._hist_gradient_boosting.binning", "_BinMapper"), ("sklearn.ensemble._hist_gradient_boosting.predictor", "TreePredictor"),
    ("sklearn.compose._column_transformer", "_RemainderColsList"), ("sklearn.calibration", "_CalibratedClassifier"),
    ("sklearn.calibration", "_SigmoidCalibration"), ("sklearn.linear_model._sgd_fast", "Hinge"), ("sklearn._loss._loss", "__pyx_unpickle_CyHalfBinomialLoss"),
]
SCIPY = [("scipy.sparse._csr", "csr_matrix"), ("scipy.sparse._csr", "csr_array"), ("scipy.sparse._csc", "csc_matrix"), ("scipy.sparse.csr", "csr_matrix")]

modules: dict[str, set[str]] = {}
for name, cls in all_estimators():
    if name not in LEFT_OUT:
        modules.setdefault(cls.__module__, set()).add(cls.__name__)
for module, name in STATE:
    if hasattr(importlib.import_module(module), name):
        modules.setdefault(module, set()).add(name)
for module, name in SCIPY:
    modules.setdefault(module, set()).add(name)

print(f"// Printed by scripts/list-sklearn-globals.py from scikit-learn {sklearn.__version__}; change that script, not this file.")
print("\nconst CLASSES: Readonly<Record<string, string>> = {")
for module in sorted(modules):
    line = f"  '{module}': '{' '.join(sorted(modules[module]))}',"
    if len(line) > 138:
        words, lines, row = sorted(modules[module]), [], ""
        for word in words:
            if len(row) + len(word) > 120:
                lines.append(row)
                row = ""
            row += word + " "
        lines.append(row.rstrip())
        line = f"  '{module}':\n" + " +\n".join(f"    '{row}'" for row in lines) + ","
    print(line)
print("};")
print("\n/** Fitted estimators and the state that they keep. Some call what they are given, so this set is for signed models only. */")
print("export const SKLEARN_GLOBALS: readonly string[] = Object.entries(CLASSES).flatMap(([module, names]) =>")
print("  names.split(' ').map((name) => `${module} ${name}`),\n);")
