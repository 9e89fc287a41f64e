"""Run a command on a machine with less: `NAME=ERRNO …` for calls that fail so, `listener` for a filter that has one.

For `test_machines`, which starts it as a process of its own: a filter is for good.
"""

import errno
import os
import sys

from mtchat.sandbox import bpf, kernel, seccomp

NUMBERS = {"unshare": (272, 97), "mount": (165, 40), "landlock_create_ruleset": (444, 444), "pidfd_open": (434, 434)}


def main(words: list[str]) -> None:
    column = 0 if kernel.MACHINE == "x86_64" else 1
    end = words.index("--")
    rules: dict[int, bpf.Rule] = {}
    for word in words[:end]:
        name, _, code = word.partition("=")
        if code:
            rules[NUMBERS[name][column]] = bpf.errno_action(getattr(errno, code))
        else:
            rules[400] = bpf.USER_NOTIF  # a number that no system call has
    kernel.no_new_privileges()
    listener = seccomp._load(bpf.program(kernel.MACHINE, rules, bpf.ALLOW, 1 << 20, bpf.ALLOW), "listener" in words)
    if listener is not None:
        os.set_inheritable(listener, True)
    os.execv(words[end + 1], words[end + 1 :])


if __name__ == "__main__":
    main(sys.argv[1:])
