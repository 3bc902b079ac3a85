import type { PythonModule, PythonProgram } from '../../ir/rule/python.ts';
import { moduleScope, type Never } from '../../languages/python/translate/index.ts';

/**
 * What a rule, or a shared module that it needs, imports when it is loaded, and is not there. Only what is surely missing: the
 * standard libraries of several versions of Python count.
 */
export function missingImport({ module, bundle }: PythonProgram): Never | undefined {
  const seen = new Set<PythonModule>();
  const missingIn = (each: PythonModule): Never | undefined => {
    if (seen.has(each)) return undefined;
    seen.add(each);
    const scope = moduleScope(each);
    if (!('bindings' in scope)) return undefined;
    for (const { module: from, name, start, end } of scope.imports) {
      const span = scope.source.span(start, end);
      const own = bundle.modules.find((one) => one.name === from);
      if (own !== undefined) {
        const found = missingIn(own) ?? (hasName(own, name) ? undefined : noName(from, name, span));
        if (found !== undefined) return found;
      } else if (!isThere(from, bundle.modules)) {
        return { kind: 'import', text: `No module named '${from}'`, module: from, span };
      }
    }
    return undefined;
  };
  return missingIn(module);
}

function noName(from: string, name: string | null, span: Never['span']): Never {
  return { kind: 'import', text: `cannot import name '${name}' from '${from}'`, module: '', span };
}

function hasName(module: PythonModule, name: string | null): boolean {
  const scope = moduleScope(module);
  if (name === null || name === '*' || name.startsWith('__') || !('bindings' in scope)) return true;
  return scope.bindings.has(name) || scope.setsNamesUnseen() || scope.imports.some((each) => each.name === '*');
}

function isThere(name: string, modules: readonly PythonModule[]): boolean {
  const [top = ''] = name.split('.');
  if (top === '' || top.startsWith('_') || STANDARD.has(top) || PROVIDED.has(top)) return true;
  return modules.some((module) => module.name === top || module.name.startsWith(`${top}.`));
}

/** What the sandbox has beside the standard library. */
export const PROVIDED: ReadonlySet<string> = new Set(
  'boto3 botocore dateutil jsonpath_ng panther_core panther_detection_helpers policyuniverse pycountry requests'.split(
    ' ',
  ),
);

/** The standard library of Python 3.11 to 3.14. */
const STANDARD: ReadonlySet<string> = new Set(
  'abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo'.split(
    ' ',
  ),
);
