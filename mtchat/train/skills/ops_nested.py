"""Operations on nested lists, tuples and a few late additions, as text that `ops` reads.

Knows: names, code and phrasings; the form is described in `ops`. Leaves to others: reading it.
"""
# ruff: noqa: E501
# One entry a line, however long: this is a table.

from __future__ import annotations

TABLE = """
flatten ; matrix ; [n for row in {x} for n in row] ; 1.3
N {x} flattened / all [the|] <numbersnoun> in {x} as one list / the flattened {x} / a flat list of {x} / {x} as a flat list
V flatten {x} / flatten {x} into a list / flatten {x} into one list / make {x} flat

row_sums ; matrix ; [sum(row) for row in {x}] ; 1
N the <total> of each row <in> {x} / the row sums of {x} / a <listnoun> of the row sums of {x} / the sums of the rows <in> {x}
V sum each row <in> {x} / add up each row <in> {x} / sum the rows of {x}

transpose ; matrix ; [list(row) for row in zip(*{x})] ; 0.8
N {x} transposed / the transpose of {x} / {x} with rows and columns swapped
V transpose {x} / swap the rows and columns of {x}

matrix_total ; matrix ; sum(sum(row) for row in {x}) ; 0.8
N the <total> of all [the|] <numbersnoun> in {x} / the <total> of {x} / the <total> of all rows of {x}
V add up all [the|] <numbersnoun> in {x}

tuple_list ; tuple ; list({x}) ; 1
N {x} as a list / {x} converted to a list / a list from {x} / a list of the <itemsnoun> in {x}
V convert {x} to a list / turn {x} into a list / make {x} a list

list_tuple ; ints strs ; tuple({x}) ; 0.8
N {x} as a tuple / {x} converted to a tuple / a tuple from {x} / a tuple of the <itemsnoun> in {x}
V convert {x} to a tuple / turn {x} into a tuple / make {x} a tuple

type_of ; int str ints float dict ; type({x}) ; 0.8
N the type of {x} / {x}'s type / type of {x}
V check the type of {x}
Q what type is {x} / which type does {x} have / what type does {x} have / what is the type of {x}

cumsum ; ints ; [sum({x}[: i + 1]) for i in range(len({x}))] ; 0.7
N the [cumulative|running] [sums|sum|totals] of {x} / the running totals <in> {x} / a <listnoun> of running sums of {x}

diffs ; ints ; [b - a for a, b in zip({x}, {x}[1:])] ; 0.6
N the differences between [neighbours|neighbors|consecutive <numbersnoun>|adjacent <numbersnoun>] <in> {x} / the consecutive differences of {x}

word_lengths ; strs ; [len({i}) for {i} in {x}] ; 1.6
N the lengths of [the <wordsnoun> in|] {x} / the length of <each> [word|string|name|element|item] <in> {x} / a <listnoun> of the lengths of {x} / a <listnoun> with the length of each [word|string|name] in {x} / how long each [word|string] in {x} is
V get the length of <eachsg> [word|string] <in> {x}

first_letters ; strs ; [{i}[0] for {i} in {x}] ; 1.2
N the first letters of [the <wordsnoun> in|] {x} / the first letter of <eachsg> [word|string|name] <in> {x} / a <listnoun> of the first letters of {x} / the initials of [the <wordsnoun> in|] {x}

last_letters ; strs ; [{i}[-1] for {i} in {x}] ; 0.7
N the last letters of [the <wordsnoun> in|] {x} / the last letter of <eachsg> [word|string|name] <in> {x} / a <listnoun> of the last letters of {x}

acronym ; str ; "".join(w[0].upper() for w in {x}.split()) ; 0.7
N the acronym of {x} / the initials of {x} / an acronym [for|from|of] {x} / the upper case initials of [the words in|] {x}
V make an acronym [from|of|out of] {x}

reverse_words ; str ; " ".join({x}.split()[::-1]) ; ! 0.9
N the words of {x} in reverse order / {x} with its words in reverse order / {x} with the words reversed / {x} word by word backwards
V reverse the [order of the|] words in {x} / reverse the word order <in> {x} / put the words of {x} in reverse order

sort_words ; str ; " ".join(sorted({x}.split())) ; ! 0.6
N the words of {x} in alphabetical order joined with spaces / {x} with its words sorted
V sort the words in {x} / put the words of {x} in alphabetical order / sort the words of {x} alphabetically
"""
