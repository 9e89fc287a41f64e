"""What one run gives back: status, output, value, display, error, for each way a program can end."""

import re

import pytest

from mtchat.errors import SandboxError
from mtchat.sandbox import Limits, Policy, Sandbox
from tests.sandbox.support import Run


def test_output_and_value(run: Run) -> None:
    execution = run("print('a', 1, sep='-', end='!')\nprint()\n[1, 2]")
    assert (execution.status, execution.stdout, execution.stderr) == ("ok", "a-1!\n", "")
    assert execution.value == "[1, 2]"
    assert execution.elapsed > 0


@pytest.mark.parametrize("code", ["x = 1", "None", "print()", "", "# only a comment", "def f(): pass", "pass"])
def test_no_value(run: Run, code: str) -> None:
    execution = run(code)
    assert (execution.status, execution.value) == ("ok", None)


def test_value_of_only_the_last_statement(run: Run) -> None:
    assert run("1\n2\nx = 3").value is None
    assert run("1\n2\n3").value == "3"
    assert run("'''text'''").value == "'text'"


def test_an_error_keeps_what_ran_before(sandbox: Sandbox) -> None:
    execution, after = sandbox.run("x = 1\nprint('before')\ny = 1 / 0\nz = 2")
    assert (execution.status, execution.stdout) == ("error", "before\n")
    assert sandbox.run("(x, 'z' in dir())", after)[0].value == "(1, False)"


def test_an_error_in_words(run: Run) -> None:
    error = run("x = 1\n\nraise ValueError('no', 3)").error
    assert error is not None
    assert (error.type, error.message, error.line) == ("ValueError", "('no', 3)", 3)
    assert error.traceback.splitlines()[:3] == [
        "Traceback (most recent call last):",
        '  File "<turn 1>", line 3, in <module>',
        "    raise ValueError('no', 3)",
    ]
    assert error.traceback.endswith("ValueError: ('no', 3)\n")


def test_frames_of_earlier_turns_show_their_source(sandbox: Sandbox) -> None:
    _, at = sandbox.run("def half(x):\n    return x / 0  # not half")
    execution, _ = sandbox.run("a = 1\nhalf(a)", at)
    error = execution.error
    assert error is not None
    assert error.line == 2
    assert "return x / 0  # not half" in error.traceback
    assert '"<turn 1>", line 2, in half' in error.traceback
    assert '"<turn 2>", line 2, in <module>' in error.traceback


@pytest.mark.parametrize(
    "code",
    ["[].nope", "class A: pass\nA.x", "getattr(1, 'x')", "import math\nmath.nope", "from math import nope", "{}['k']"],
)
def test_tracebacks_hold_no_frames_of_ours(run: Run, code: str) -> None:
    error = run(code).error
    assert error is not None
    assert "mtchat" not in error.traceback
    assert error.line == code.count("\n") + 1


@pytest.mark.parametrize("end", ["", "\n"])
def test_the_caret_stands_below_what_failed(run: Run, end: str) -> None:
    error = run("s = banana" + end).error
    assert error is not None
    assert "    s = banana\n        ^^^^^^\n" in error.traceback


def test_causes_and_contexts_hold_no_frames_of_ours(run: Run) -> None:
    error = run("try:\n    [].nope\nexcept AttributeError as e:\n    raise ValueError('v') from e").error
    assert error is not None
    assert "direct cause" in error.traceback
    assert "mtchat" not in error.traceback
    assert "AttributeError" in error.traceback


def test_library_frames_are_left_out(run: Run) -> None:
    error = run("import json\njson.loads('{')").error
    assert error is not None
    assert (error.type, error.line) == ("JSONDecodeError", 2)
    assert "json/decoder" not in error.traceback


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 1\ny = = 2", 2),
        ("def f(:\n  pass", 1),
        ("if 1:\nx", 2),
        ("return 1", 1),
        ("a\0b", None),
        ("'\ud800", None),
    ],
)
def test_a_syntax_error_is_the_programs_own(run: Run, code: str, line: int | None) -> None:
    execution = run("print('ran')\n" + code)
    assert (execution.status, execution.stdout) == ("error", "")
    assert execution.error is not None
    assert execution.error.type in ("SyntaxError", "IndentationError")
    if line is not None:
        assert execution.error.line == line + 1


@pytest.mark.parametrize("code", ["(" * 500 + ")" * 500, "+".join(["1"] * 20000), "x" + ".a" * 5000, "-" * 5000 + "1"])
def test_code_too_deep_for_the_compiler_harms_nothing(sandbox: Sandbox, code: str) -> None:
    execution, _ = sandbox.run(code)
    assert execution.status in ("error", "crashed", "memory", "ok")
    assert sandbox.run("1")[0].value == "1"


def test_exit_ends_a_program(sandbox: Sandbox) -> None:
    for code in ("exit()", "quit(0)", "raise SystemExit"):
        execution, after = sandbox.run(f"x = 1\nprint('a')\n{code}\nprint('b')")
        assert (execution.status, execution.stdout) == ("ok", "a\n")
        assert sandbox.run("x", after)[0].value == "1"
    error = sandbox.run("exit('bye')")[0].error
    assert error is not None
    assert (error.type, error.message) == ("SystemExit", "bye")


def test_keyboard_interrupt_of_the_programs_own_is_an_error(run: Run) -> None:
    execution = run("raise KeyboardInterrupt")
    assert (execution.status, execution.error and execution.error.type) == ("error", "KeyboardInterrupt")


@pytest.mark.parametrize(
    "code",
    ["while True: pass", "import time\ntime.sleep(60)", "try:\n    while True: pass\nexcept BaseException: pass"],
)
def test_a_time_out_is_forced_from_outside(sandbox: Sandbox, code: str) -> None:
    _, at = sandbox.run("x = [1]")
    execution, after = sandbox.run(f"x.append(2)\nprint('begun')\n{code}", at, timeout=0.3)
    assert (execution.status, execution.stdout) == ("timeout", "begun\n")
    assert execution.error is not None
    assert "0.3 s" in execution.error.message
    assert after is at
    assert sandbox.run("x", at)[0].value == "[1]"


def test_threads_do_not_outlive_a_time_out(run: Run) -> None:
    code = "import threading, time\nfor _ in range(3):\n    threading.Thread(target=time.sleep, args=(60,)).start()"
    assert run(code, timeout=0.3).status == "timeout"


@pytest.mark.parametrize("code", ["x = [0] * 10**10", "x = bytearray(10**10)"])
def test_memory(sandbox: Sandbox, code: str) -> None:
    _, at = sandbox.run("y = 1")
    execution, after = sandbox.run(code, at, timeout=30)
    assert execution.status == "memory"
    assert after is at
    assert sandbox.run("y", at)[0].value == "1"


def test_memory_in_numpy(run: Run) -> None:
    assert run("import numpy as np\nnp.ones((10**5, 10**5))").status == "memory"


def test_a_memory_error_that_is_caught_is_the_programs_business(run: Run) -> None:
    assert run("try:\n    x = [0] * 10**10\nexcept MemoryError:\n    x = []\nx").value == "[]"


def test_a_smaller_memory_limit_holds() -> None:
    with Sandbox(limits=Limits(memory=100 << 20)) as sandbox:
        assert sandbox.run("x = bytearray(50 << 20)\nlen(x)")[0].status == "ok"
        assert sandbox.run("x = bytearray(150 << 20)\nlen(x)")[0].status == "memory"
        assert sandbox.run("x = []\nwhile True: x.append([0] * 10**5)", timeout=30)[0].status == "memory"


def test_recursion_is_the_programs_own_error(run: Run) -> None:
    execution = run("def f(n): return f(n + 1)\nf(0)")
    assert (execution.status, execution.error and execution.error.type) == ("error", "RecursionError")


def crash(sandbox: Sandbox, code: str) -> None:
    _, at = sandbox.run("x = 1")
    execution, after = sandbox.run(f"print('begun')\n{code}", at)
    assert (execution.status, execution.stdout) == ("crashed", "begun\n")
    assert execution.error is not None
    assert after is at
    assert sandbox.run("x", at)[0].value == "1"


def test_a_segfault_is_a_crash(sandbox: Sandbox) -> None:
    crash(sandbox, "import numpy as np\na = np.lib.stride_tricks.as_strided(np.zeros(1), (1,), (8,))\n"
          "np.lib.stride_tricks.as_strided(a, (2**40,), (8,))[2**39] = 1")  # fmt: skip


def test_an_exit_from_below_is_a_crash() -> None:
    with Sandbox(Policy(allow_imports=("os",))) as sandbox:
        execution, _ = sandbox.run("import os\nprint('begun')\nos.abort()")
        assert (execution.status, execution.stdout) == ("crashed", "begun\n")
        assert execution.error is not None
        # abort() may not signal itself: it then traps. On a busy machine it may be gone before the host looks.
        assert re.search("SIGABRT|SIGSEGV|before it could be looked at", execution.error.message)


def test_output_is_cut_with_a_word() -> None:
    with Sandbox(limits=Limits(output=1000)) as sandbox:
        seen: list[tuple[str, str]] = []
        execution, _ = sandbox.run("print('x' * 5000)\nx = 1", on_output=lambda name, text: seen.append((name, text)))
        assert execution.status == "ok"
        assert execution.stdout == "x" * 1000
        assert "output over 1000 characters was cut" in execution.stderr
        assert "".join(text for name, text in seen if name == "stdout") == execution.stdout


def test_a_flood_of_output_is_no_trouble(run: Run) -> None:
    execution = run("for i in range(200000): print('line', i)", timeout=30)
    assert (execution.status, len(execution.stdout)) == ("ok", 1 << 20)


def test_a_long_value_is_cut() -> None:
    with Sandbox(limits=Limits(value=100)) as sandbox:
        value = sandbox.run("'a' * 1000")[0].value
    assert value is not None
    assert value.endswith("… (902 more characters)")


def test_code_over_the_limit() -> None:
    with Sandbox(limits=Limits(code=1000)) as sandbox:
        execution, after = sandbox.run("x = 1\n" * 1000)
        assert execution.status == "limit"
        assert after is sandbox.root


def test_threads_left_running_are_a_limit(sandbox: Sandbox) -> None:
    _, at = sandbox.run("x = 1")
    code = "import threading, time\nx = 2\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    execution, after = sandbox.run(code, at)
    assert execution.status == "limit"
    assert execution.error is not None
    assert "thread" in execution.error.message
    assert after is at
    assert sandbox.run("x", at)[0].value == "1"


def test_threads_that_end_are_waited_for(run: Run) -> None:
    code = "import threading, time\nr = []\nthreading.Thread(target=lambda: (time.sleep(.1), print('done'))).start()"
    execution = run(code)
    assert (execution.status, execution.stdout) == ("ok", "done\n")


def test_files_live_in_the_scratch_directory(sandbox: Sandbox) -> None:
    _, at = sandbox.run("with open('a.txt', 'w') as f: f.write('é\\n')")
    assert sandbox.run("open('a.txt').read()", at)[0].value == "'é\\n'"


def test_a_file_over_the_limit_is_the_programs_error() -> None:
    with Sandbox(limits=Limits(file_size=1000)) as sandbox:
        execution, _ = sandbox.run("with open('a', 'w') as f: f.write('x' * 5000)")
        assert (execution.status, execution.error and execution.error.type) == ("error", "OSError")


def test_open_files_over_the_limit_are_the_programs_error() -> None:
    with Sandbox(limits=Limits(open_files=20)) as sandbox:
        execution, _ = sandbox.run("fs = [open(f'{i}', 'w') for i in range(50)]")
        assert (execution.status, execution.error and execution.error.type) == ("error", "OSError")


def test_no_standard_input(run: Run) -> None:
    execution = run("input('name? ')")
    assert (execution.status, execution.stdout) == ("error", "name? ")
    assert execution.error is not None
    assert execution.error.type == "EOFError"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("print('a\\0b')", "a\0b\n"),
        ("print('\\ud800')", "\\ud800\n"),
        ("print('é🙂')", "é🙂\n"),
        ("print('a\\r\\nb')", "a\r\nb\n"),
    ],
)
def test_output_may_hold_anything(run: Run, code: str, text: str) -> None:
    assert run(code).stdout == text


def test_strings_in_frames_are_valid_unicode(run: Run) -> None:
    execution = run("class A:\n    def __repr__(self): return 'a\\ud800'\nA()")
    assert execution.value == "a\ufffd"
    error = run("raise ValueError('\\udc80')").error
    assert error is not None
    assert error.message == "\ufffd"


def test_a_repr_that_fails_is_an_error(run: Run) -> None:
    execution = run("class A:\n    def __repr__(self): return 1 / 0\nA()")
    assert (execution.status, execution.error and execution.error.type) == ("error", "ZeroDivisionError")


def test_an_exception_whose_str_fails(run: Run) -> None:
    error = run("class E(Exception):\n    def __str__(self): return 1 / 0\nraise E").error
    assert error is not None
    assert (error.type, error.line) == ("E", 3)


def test_display_of_a_data_frame(run: Run) -> None:
    pytest.importorskip("pandas")
    execution = run("import pandas as pd\npd.DataFrame({'a': [1]})")
    assert len(execution.display) == 1
    assert execution.display[0]["text/plain"] == execution.value
    assert "<table" in execution.display[0]["text/html"]


def test_warnings_go_to_stderr(run: Run) -> None:
    execution = run("import warnings\nwarnings.warn('careful')\nx = 1")
    assert "UserWarning: careful" in execution.stderr
    assert execution.status == "ok"


def test_output_below_python_is_caught(run: Run) -> None:
    with Sandbox() as sandbox:
        execution, _ = sandbox.run("import numpy as np\nnp.seterr(all='print')\nnp.array([1.0]) / 0")
        assert "divide by zero" in execution.stdout + execution.stderr


def test_redirected_output_does_not_stay_redirected(sandbox: Sandbox) -> None:
    code = "import io, contextlib\nc = contextlib.redirect_stdout(io.StringIO())\nc.__enter__()\nprint('gone')"
    _, at = sandbox.run(code)
    assert sandbox.run("print('here')", at)[0].stdout == "here\n"


def test_seeds_agree_between_sandboxes() -> None:
    code = "import random\nimport numpy as np\n(random.random(), np.random.rand(), hash('text'))"
    values = []
    for seed in (0, 0, 7):
        with Sandbox(seed=seed) as sandbox:
            values.append(sandbox.run(code)[0].value)
    assert values[0] == values[1]
    assert values[0] != values[2]


def test_no_seed_is_another_start_each_time() -> None:
    values = set()
    for _ in range(2):
        with Sandbox(seed=None) as sandbox:
            values.add(sandbox.run("import random\nrandom.random()")[0].value)
    assert len(values) == 2


@pytest.mark.parametrize("garbage", ["b'\\xff' * 100", "b'\\0\\0\\0\\x02{}'", 'b\'\\0\\0\\0\\x0f{"op":"dead"  }\''])
def test_garbage_on_our_line_is_a_crash(garbage: str) -> None:
    code = "import os\nfor fd in range(3, 30):\n    try: os.write(fd, {})\n    except OSError: pass\nwhile True: pass"
    with Sandbox(Policy(allow_imports=("os",))) as sandbox:
        _, at = sandbox.run("x = 1")
        execution, after = sandbox.run(code.format(garbage), at, timeout=20)
        assert execution.status == "crashed"
        assert execution.error is not None
        assert "protocol" in execution.error.message
        assert after is at
        assert sandbox.run("x", at)[0].value == "1"


def test_a_repr_that_exits_or_a_figure_that_fails_keeps_to_the_rules(sandbox: Sandbox) -> None:
    execution, _ = sandbox.run("class A:\n    def __repr__(self): exit(3)\nA()")
    assert (execution.status, execution.error and execution.error.type) == ("error", "SystemExit")
    execution, _ = sandbox.run("class A:\n    def __repr__(self): raise KeyboardInterrupt\nA()")
    assert (execution.status, execution.error and execution.error.type) == ("error", "KeyboardInterrupt")


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(SandboxError, match="restricted"):
        Sandbox(Policy(name="none"))


def test_a_value_shows_itself_as_a_notebook_would(run: Run) -> None:
    code = (
        "class V:\n    def __repr__(self): return 'v'\n"
        "    def _repr_html_(self): return {html}\n    def _repr_png_(self): return {png}\nV()"
    )
    shown = run(code.format(html="'<b>v</b>'", png=repr(PNG))).display
    assert shown == ({"text/plain": "v", "text/html": "<b>v</b>", "image/png": "iVBORw0KGgo="},)
    assert run(code.format(html="1", png="None")).display == ()
    assert run(code.format(html="'x' * 10**7", png=repr(PNG))).display == (
        {"text/plain": "v", "image/png": "iVBORw0KGgo="},
    )


PNG = b"\x89PNG\r\n\x1a\n"
