# CPython's own compiler on files: reads a path a line, writes a JSON string a line: the error, "" for none. Run by cpython.cjs.
import json
import sys
import warnings

warnings.simplefilter("ignore")
for line in sys.stdin:
    path = line.rstrip("\n")
    with open("/host" + path, "rb") as file:
        data = file.read()
    why = ""
    try:
        data.decode()
        compile(data, path, "exec", dont_inherit=True)
    except UnicodeDecodeError:
        why = "not UTF-8"
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = f"{error}" or type(error).__name__
    print(json.dumps(why))
