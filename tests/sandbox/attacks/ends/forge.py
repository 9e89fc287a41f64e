"""In front of each program of `protocol_forgery.txt`: the lines it was left with, and how to speak on them."""

import json
import os
import socket
import stat


def _numbers():
    found = []
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                found.append(fd)
        except OSError:
            continue
    return found


def frame(body):
    return len(body).to_bytes(4, "big") + body


def raw(data):
    for sock in lines:
        sock.sendall(data)


def say(**message):
    raw(frame(json.dumps(message).encode()))


numbers = _numbers()
lines = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=os.dup(fd)) for fd in numbers]
assert lines
