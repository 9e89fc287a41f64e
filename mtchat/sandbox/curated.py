"""The modules that are given in part, and which part: what programs ordinarily use, without what reaches further.

Knows names only. Leaves to others: the modules given whole (`allowlist`), what stands in for a name that is given but
not as it is (`system`, `twins`), and files outside the scratch directory (`audit`).
"""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PATH = words(
    """
    abspath basename commonpath commonprefix curdir dirname exists expanduser expandvars extsep getatime getctime
    getmtime getsize isabs isdir isfile islink ismount join lexists normcase normpath pardir pathsep realpath relpath
    samefile sep split splitdrive splitext altsep devnull defpath
    """
)

CURATED: dict[str, frozenset[str]] = {
    "asyncio": words(
        """
        run sleep gather create_task wait wait_for as_completed shield timeout timeout_at Queue PriorityQueue LifoQueue
        QueueEmpty QueueFull Lock Event Condition Semaphore BoundedSemaphore Barrier Task Future TaskGroup Runner
        CancelledError TimeoutError InvalidStateError iscoroutine iscoroutinefunction isfuture current_task all_tasks
        ensure_future get_running_loop to_thread ALL_COMPLETED FIRST_COMPLETED FIRST_EXCEPTION
        """
    ),
    "concurrent.futures": words(
        "ThreadPoolExecutor Future as_completed wait Executor TimeoutError CancelledError "
        "ALL_COMPLETED FIRST_COMPLETED FIRST_EXCEPTION"
    ),
    "glob": words("glob iglob escape has_magic translate"),
    "inspect": words(
        """
        signature Signature Parameter BoundArguments getdoc cleandoc isclass isfunction ismethod isbuiltin isroutine
        isabstract isgenerator isgeneratorfunction iscoroutine iscoroutinefunction isawaitable isasyncgen
        isasyncgenfunction isdatadescriptor ismethoddescriptor isgetsetdescriptor ismodule
        """
    ),
    "io": words(
        "StringIO BytesIO TextIOBase IOBase RawIOBase BufferedIOBase TextIOWrapper UnsupportedOperation "
        "SEEK_SET SEEK_CUR SEEK_END DEFAULT_BUFFER_SIZE open"
    ),
    "locale": words(
        """
        setlocale getlocale localeconv format_string currency str atof atoi delocalize getpreferredencoding strcoll
        strxfrm LC_ALL LC_COLLATE LC_CTYPE LC_MESSAGES LC_MONETARY LC_NUMERIC LC_TIME Error
        """
    ),
    "os": words(
        """
        path sep linesep curdir pardir extsep altsep pathsep devnull name getcwd listdir scandir walk mkdir makedirs
        remove unlink rename renames replace rmdir removedirs stat lstat access link symlink readlink truncate utime
        chmod stat_result environ getenv cpu_count urandom getpid getppid get_terminal_size terminal_size fspath
        fsencode fsdecode PathLike strerror error times times_result uname getlogin getuid F_OK R_OK W_OK X_OK
        """
    ),
    "os.path": _PATH,
    "posixpath": _PATH,
    "pathlib": words("Path PurePath PosixPath PurePosixPath PureWindowsPath WindowsPath UnsupportedOperation"),
    "platform": words(
        """
        python_version python_version_tuple python_implementation python_branch python_build python_compiler
        python_revision system machine release
        """
    ),
    "shutil": words(
        """
        copy copy2 copyfile copyfileobj copymode copystat copytree move rmtree ignore_patterns get_terminal_size Error
        SameFileError
        """
    ),
    "sys": words(
        """
        maxsize maxunicode version version_info hexversion api_version implementation argv exit stdout stderr stdin
        float_info int_info hash_info thread_info float_repr_style getsizeof getrecursionlimit setrecursionlimit
        byteorder platform intern getrefcount exc_info exception copyright getdefaultencoding getfilesystemencoding
        get_int_max_str_digits set_int_max_str_digits is_finalizing stdlib_module_names builtin_module_names
        """
    ),
    "tempfile": words(
        """
        NamedTemporaryFile TemporaryFile SpooledTemporaryFile TemporaryDirectory mkdtemp gettempdir gettempprefix
        tempdir
        """
    ),
    "traceback": words(
        "print_exc format_exc print_exception format_exception format_exception_only format_tb print_tb"
    ),
    "types": words(
        """
        SimpleNamespace MappingProxyType MethodType FunctionType LambdaType BuiltinFunctionType BuiltinMethodType
        GeneratorType CoroutineType AsyncGeneratorType ModuleType NoneType EllipsisType NotImplementedType GenericAlias
        UnionType DynamicClassAttribute new_class prepare_class resolve_bases get_original_bases coroutine
        MethodWrapperType WrapperDescriptorType MethodDescriptorType ClassMethodDescriptorType
        """
    ),
    "unittest": words(
        """
        TestCase IsolatedAsyncioTestCase FunctionTestCase TestSuite TestResult TextTestResult TextTestRunner TestLoader
        defaultTestLoader main skip skipIf skipUnless expectedFailure SkipTest
        """
    ),
    "zipfile": words(
        """
        ZipFile ZipInfo is_zipfile BadZipFile BadZipfile LargeZipFile Path ZIP_STORED ZIP_DEFLATED ZIP_BZIP2 ZIP_LZMA
        error
        """
    ),
}
"""Modules of which only these names may be touched."""

_FILES = "files are read and written in the scratch directory only"
WAYS_IN = "the person can give more: /attach FILE, or --allow-read or --allow-write PATH at the start"
"""What a refusal says about files outside of the scratch directory."""
_PROGRAMS = "other programs and processes cannot be started"
_INTERPRETER = "the interpreter itself is out of reach"

INSTEAD_OF_NAMES: dict[str, str] = {
    "sys": _INTERPRETER,
    "inspect": _INTERPRETER,
    "types": _INTERPRETER,
    "traceback": _INTERPRETER,
    "os": _PROGRAMS + "; descriptors, rights and the working directory are out of reach",
    "os.open": "files are opened with open(), in the scratch directory only",
    "os.chdir": _FILES + ", which stays the working directory",
    "shutil": _FILES,
    "shutil.which": _PROGRAMS,
    "tempfile": "NamedTemporaryFile and TemporaryDirectory give files in the scratch directory",
    "asyncio": "there is no network and there are no other processes; coroutines and queues are there",
    "concurrent.futures": "other processes cannot be started; ThreadPoolExecutor is there",
    "unittest": "TestCase and main() are there",
}
"""The way out for a refused name, or for any refused name of a module."""
