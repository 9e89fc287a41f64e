"""How fast this program is: the wait for the first token, the sandbox; each beside what it is compared with."""
