/** Modules of which every name, and every name of their submodules, is reported as dangerous. */
const DENIED_MODULES: ReadonlySet<string> = new Set([
  // processes, code, the interpreter itself
  'os', 'nt', 'posix', 'posixpath', 'ntpath', 'subprocess', 'sys', 'pty', 'runpy', 'code', 'codeop', 'pdb', 'bdb', 'cProfile', 'profile',
  'timeit', 'trace', 'pydoc', 'doctest', 'importlib', 'imp', 'zipimport', 'pkgutil', 'inspect', 'gc', 'site', 'atexit', 'signal',
  'threading', 'multiprocessing', 'concurrent', 'asyncio', 'ctypes', 'cffi', 'commands', 'popen2', 'platform', 'compileall',
  'py_compile', 'unittest', 'test', 'idlelib', 'lib2to3', 'distutils', 'setuptools', 'pkg_resources', 'pip', 'venv', 'ensurepip',
  'webbrowser', 'antigravity', 'this', 'sched', 'faulthandler', 'turtle', 'turtledemo', 'tkinter', 'readline', 'rlcompleter', 'cmd',
  // files and networks
  'shutil', 'glob', 'tempfile', 'fileinput', 'linecache', 'pathlib', 'io', 'mmap', 'fcntl', 'sqlite3', 'dbm', 'shelve', 'socket',
  'socketserver', 'ssl', 'select', 'selectors', 'http', 'httplib', 'urllib', 'urllib2', 'requests', 'aiohttp', 'httpx', 'ftplib',
  'smtplib', 'poplib', 'imaplib', 'nntplib', 'telnetlib', 'xmlrpc', 'xmlrpclib', 'zipfile', 'tarfile', 'logging',
  // other loaders
  'pickle', 'cPickle', 'dill', 'cloudpickle', 'marshal', 'jsonpickle', 'yaml', 'torch.package', 'torch.hub', 'torch.utils.cpp_extension',
  'torch._inductor', 'torch._dynamo', 'torch.utils.collect_env', 'torch.utils.bottleneck', 'torch.utils._config_module',
  'torch.utils.data.datapipes', 'torch.jit', 'torch.fx', 'torch.distributed', 'torch.multiprocessing', 'numpy.f2py', 'numpy.testing',
  'numpy.distutils', 'numpy.ctypeslib', 'types',
]);

/** Single names of modules that have harmless ones too. */
const DENIED_NAMES: ReadonlySet<string> = new Set([
  ...['eval', 'exec', 'execfile', 'compile', 'getattr', 'setattr', 'delattr', 'apply', 'open', 'file', 'input', 'raw_input', 'breakpoint',
    '__import__', 'globals', 'locals', 'vars', 'dir', 'type', 'super', 'map', 'filter', 'reduce', 'memoryview', 'exit', 'quit', 'help',
    'print', 'classmethod', 'staticmethod', 'property', '__build_class__'].flatMap((name) => [`builtins ${name}`, `__builtin__ ${name}`]),
  'functools partial', 'functools partialmethod', 'functools reduce', 'functools singledispatch', 'functools cached_property',
  'operator attrgetter', 'operator itemgetter', 'operator methodcaller', 'operator call',
  'uuid _get_command_stdout', 'uuid _popen', 'copyreg __newobj__', 'copyreg add_extension', 'copyreg pickle', 'joblib load',
  'torch load', 'torch.serialization load', 'torch.serialization _load', 'torch.storage _load_from_bytes', 'torch.load load',
  'torch classes', 'torch ops', 'numpy load', 'numpy loads', 'numpy fromfile', 'numpy memmap', 'numpy save', 'numpy savetxt',
  'numpy.lib.npyio load', 'numpy.core.records fromfile', 'numpy._core.records fromfile', 'pandas read_pickle',
  'pandas.io.pickle read_pickle', 'pandas eval', 'pandas.core.computation.eval eval',
]);

/** Modules with a leading underscore are private parts of the interpreter; of these the lists name single exceptions. */
const PRIVATE_MODULE = /^_(?!_(?:torch__|main__|builtin__|future__)(?:\.|$))/;

/** Whether an import by a pickle is known to run code or touch files. What is merely unknown gives false. */
export function isDenied(module: string, name: string): boolean {
  if (DENIED_NAMES.has(`${module} ${name}`) || PRIVATE_MODULE.test(module)) {
    return true;
  }
  for (let end = module.length; end > 0; end = module.lastIndexOf('.', end - 1)) {
    if (DENIED_MODULES.has(module.slice(0, end))) {
      return true;
    }
  }
  // `GuardBuilder.get` walks attributes from protocol 4 on; dunder names reach the interpreter from any object.
  return name.split('.').some((part) => part.startsWith('__') && part.endsWith('__'));
}
