"""What changed between two looks at the variables."""

from mtchat.engine import Effects, effects
from mtchat.sandbox import Variable


def variable(name: str, repr: str, type: str = "int") -> Variable:
    return Variable(name, type, repr)


def test_what_came_changed_and_went() -> None:
    before = [variable("a", "1"), variable("b", "2"), variable("c", "3")]
    after = [variable("a", "1"), variable("b", "5"), variable("d", "4")]
    assert effects(before, after) == Effects((after[2],), ((before[1], after[1]),), (before[2],))


def test_another_type_of_the_same_repr_is_a_change_and_an_address_is_none() -> None:
    assert effects([variable("a", "1")], [variable("a", "1", "int64")]).changed
    assert not effects([variable("o", "<C at 0x7f00aa>", "C")], [variable("o", "<C at 0x7f11bb>", "C")])
