"""Prints lib/models/scanning/formats/tensorflow-operators.ts: the operators of the installed TensorFlow that keep no state outside the graph.

Stateful operators are left out but for those that variables, tables, random numbers and function calls need. Those that touch files
or call Python are refused by name in saved-model.ts before this list is asked.
"""
import re
import tensorflow as tf
from tensorflow.python.framework import op_def_registry  # noqa: F401
from tensorflow.core.framework import op_def_pb2
from tensorflow.python.client import pywrap_tf_session

ALLOWED_STATEFUL = re.compile(
    r"^(Placeholder|VarHandleOp|VarIsInitializedOp|ReadVariableOp|DestroyResourceOp|Assign\w*VariableOp|Variable(V2)?|Assign(Add|Sub)?|"
    r"DisableCopyOnRead|(Stateful)?PartitionedCall|If|While|Case|ResourceGather(Nd)?|ResourceScatter\w+|(Mutable)?HashTable(OfTensors)?(V2)?|MutableDenseHashTable(V2)?|"
    r"LookupTable(Find|Size|Export|Insert|Import|Remove)(V2)?|InitializeTable(V2)?|Random(Uniform|UniformInt|StandardNormal|Shuffle|Gamma|Poisson(V2)?)|"
    r"TruncatedNormal|Multinomial|ParameterizedTruncatedNormal|Stateful\w*(Uniform|Normal|Int)\w*|NoOp|Assert|TensorList\w*|Stack\w*|TensorArray\w*|"
    r"AnonymousIterator(V\d)?|Resource(Apply|SparseApply)\w+|CollectiveReduce|FusedBatchNorm\w*|Dropout\w*)$"
)
REFUSED = re.compile(r"(File|Dataset|Reader|Save|Restore|Summary|PyFunc|Rpc|Print|Debug|Checkpoint|Socket|Server|Fetch|TPU|XlaLaunch|Bigtable|Custom|Dump)")

buffer = pywrap_tf_session.TF_GetAllOpList()
ops = op_def_pb2.OpList.FromString(pywrap_tf_session.TF_GetBuffer(buffer))
names = sorted(op.name for op in ops.op if not REFUSED.search(op.name) and not op.name.startswith("_") and (not op.is_stateful or ALLOWED_STATEFUL.match(op.name)))
print(f"// Printed by scripts/list-tensorflow-operators.py from TensorFlow {tf.__version__}; change that script, not this file.")
print("\nconst NAMES =")
row, rows = "", []
for name in names:
    if len(row) + len(name) > 128:
        rows.append(row)
        row = ""
    row += name + " "
rows.append(row.rstrip())
print(" +\n".join(f"  '{row}'" for row in rows) + ";")
print("\n/** Operators that compute, keep variables and tables, or call other parts of the graph. */")
print("export const PLAIN_OPERATORS: ReadonlySet<string> = new Set(NAMES.split(' '));")
