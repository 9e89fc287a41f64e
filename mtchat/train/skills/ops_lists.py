"""Operations on lists and other sequences, as text that `ops` reads.

Knows: names, code and phrasings; the form is described in `ops`. Leaves to others: reading it.
"""
# ruff: noqa: E501
# One entry a line, however long: this is a table.

from __future__ import annotations

TABLE = """
sum ; ints floats ; sum({x}) ; 3
N the <total> of {x} / the <total> of {x} / the <total> of all [the|] <numbersnoun> in {x} / the <total> of the <numbersnoun> in {x} / the total / sum of {x} / total of {x} / {x} summed up / ~everything in {x} added up / {x}'s <total>
V sum {x} / sum up {x} / add up {x} / add up all the <numbersnoun> in {x} / sum [all|] the <numbersnoun> in {x} / add the <numbersnoun> of {x} together / ~total up {x} / add all <numbersnoun> in {x} / sum all <numbersnoun> of {x} / total {x}
Q what do the <numbersnoun> in {x} add up to / what does {x} sum to / how much is {x} in total / what is the <total> of {x} / ~how much do the <numbersnoun> of {x} come to / what's the sum of {x} / how much is the sum of {x}

largest ; ints floats set tuple ; max({x}) ; 2
N the <largest> [number|value|element|item|one|] <in> {x} / the <largest> [number|value|element] <in> {x} / the maximum of {x} / max of {x} / the max of {x} / <largest> of {x} / <largest> [number|value|element] in {x} / the [single|] <largest> of the <numbersnoun> <in> {x} / ~the peak of {x}
V find the <largest> [number|value|element] <in> {x} / take the <largest> <in> {x} / get the max of {x}
Q which [number|value|element] <in> {x} is the <largest> / what is the <largest> [number|value|element] in {x} / what's the <largest> <in> {x} / how big is the <largest> number in {x}

smallest ; ints floats set ; min({x}) ; 2
N the <smallest> [number|value|element|item|one] <in> {x} / the <smallest> [number|value|element] <in> {x} / the minimum of {x} / min of {x} / the min of {x} / <smallest> [number|value|element] in {x} / the <smallest> of the <numbersnoun> <in> {x}
V find the <smallest> [number|value|element] <in> {x} / take the <smallest> value <in> {x} / get the min of {x}
Q which [number|value|element] <in> {x} is the <smallest> / what is the <smallest> [number|value|element] in {x} / what's the <smallest> <in> {x}

average ; ints floats ; sum({x}) / len({x}) ; 2
N the <average> of {x} / the <average> of the <numbersnoun> in {x} / the <average> / <average> of {x} / the <average> <in> {x} / {x}'s <average> / ~the typical value of {x}
V average {x} / average the <numbersnoun> in {x} / average out {x}
Q what is the <average> of {x} / what's the <average> / how much is {x} on average / what is {x} on average

length ; ints floats strs matrix tuple set sset dict sdict ; len({x}) ; 2
N the length of {x} / the length of {x} / the size of {x} / the <number> of <itemsnoun> in {x} / the <number> of <itemsnoun> {x} has / length of {x} / len of {x} / {x}'s length / how many <itemsnoun> {x} has / how long {x} is / how many <itemsnoun> are in {x} / the length / <number> of <itemsnoun> in {x}
V count the <itemsnoun> <in> {x} / <count> how many <itemsnoun> are in {x} / count {x} / measure {x}
Q how many <itemsnoun> [are there|are] in {x} / how many <itemsnoun> does {x} have / how long is {x} / how big is {x} / what is the length of {x} / ~what size is {x} / how many are in {x}

strlen ; str ; len({x}) ; 2
N the length of {x} / the <number> of <letters> in {x} / how long {x} is / how many <letters> {x} has / length of {x} / {x}'s length / how many <letters> are in {x} / the size of {x}
V count the <letters> <in> {x} / <count> how many <letters> {x} has
Q how many <letters> [are there|are] in {x} / how many <letters> does {x} have / how long is {x} / what is the length of {x}

range_of ; ints floats ; max({x}) - min({x}) ; 0.6
N the difference between the <largest> and <smallest> [number|value|] <in> {x} / the range of {x} / the <largest> minus the <smallest> of {x} / the gap between max and min of {x} / the spread of {x} / the difference between the max and the min of {x}

sort_asc ; ints floats strs ; sorted({x}) ; ! 3
N {x} sorted / {x} sorted <asc> / the sorted [version of|] {x} / a sorted copy of {x} / {x} <asc> / the <itemsnoun> of {x} <asc> / {x} in sorted order / the sorted <listnoun> / ~{x} put in order / a sorted version of {x} / sorted {x}
V sort {x} / sort {x} / <sort> {x} <asc> / sort {x} <asc> / sort the <itemsnoun> in {x} / sort the <itemsnoun> <in> {x} <asc> / <sort> the <listnoun> {x} <asc> / arrange {x} <asc>

sort_alpha ; strs ; sorted({x}) ; ! 1.5
N {x} in alphabetical order / {x} sorted alphabetically / the <wordsnoun> in {x} in alphabetical order / {x} from a to z / {x} alphabetically / the alphabetically sorted {x}
V sort {x} alphabetically / <sort> {x} in alphabetical order / alphabetize {x} / sort the <wordsnoun> in {x} alphabetically / sort {x} from a to z / <sort> {x} by the alphabet / ~put the <wordsnoun> of {x} into dictionary order

sort_desc ; ints floats strs ; sorted({x}, reverse=True) ; ! 3
N {x} sorted <desc> / {x} <desc> / the <itemsnoun> of {x} <desc> / a copy of {x} sorted <desc> / {x} sorted <desc> / {x} sorted backwards / the <listnoun> sorted <desc>
V sort {x} <desc> / sort {x} <desc> / <sort> {x} <desc> / <sort> the <itemsnoun> <in> {x} <desc> / sort {x} in reverse / reverse sort {x} / sort {x} with reverse=True / sort {x} backwards / sort the <listnoun> {x} <desc>

sort_len ; strs ; sorted({x}, key=len) ; ! 1.5
N {x} sorted by length / the <wordsnoun> in {x} sorted by length / {x} by length / {x} from shortest to longest / {x} ordered by [word length|length] / the <wordsnoun> of {x} from shortest to longest
V sort {x} by length / <sort> {x} by [their|] length / <sort> the <wordsnoun> in {x} by [their|] length / sort {x} by how long they are / <sort> {x} from shortest to longest / sort {x} shortest first / sort {x} by number of <letters> / ~line up {x} by size

sort_len_desc ; strs ; sorted({x}, key=len, reverse=True) ; ! 0.7
N {x} sorted by length <desc> / {x} from longest to shortest / the <wordsnoun> in {x} from longest to shortest / {x} by length, longest first
V sort {x} by length <desc> / <sort> {x} from longest to shortest / sort {x} longest first / sort {x} by length, longest first / <sort> the <wordsnoun> in {x} by length <desc>

sort_last ; strs ; sorted({x}, key=lambda w: w[-1]) ; ! 0.6
N {x} sorted by [their|the] last letter / the <wordsnoun> in {x} sorted by last letter / {x} by last letter
V sort {x} by [their|the] last letter / <sort> {x} by the last <letters> / sort the <wordsnoun> of {x} by their last letter / sort {x} on the final letter

reversed_list ; ints floats strs ; {x}[::-1] ; ! 2
N {x} reversed / {x} in reverse / {x} backwards / the reverse of {x} / a reversed copy of {x} / the reversed {x} / the <itemsnoun> of {x} in reverse order / {x} in reverse order / {x} from back to front / {x} from end to start / ~{x} the other way round
V <rev> {x} / <rev> {x} / <rev> the <listnoun> {x} / <rev> the <itemsnoun> in {x} / <rev> the order of {x} / put {x} in reverse

unique_list ; ints strs floats ; list(dict.fromkeys({x})) ; ! 1.5
N the unique <itemsnoun> <in> {x} / the distinct <itemsnoun> <in> {x} / {x} without duplicates / the different <itemsnoun> in {x} / {x} with duplicates removed / unique <itemsnoun> of {x} / ~{x} with no repeats / {x} without repeated <itemsnoun>
V <remove> [the|all|any|] duplicates from {x} / <remove> duplicate <itemsnoun> from {x} / <remove> repeated <itemsnoun> from {x} / deduplicate {x} / make the <itemsnoun> of {x} unique / dedupe {x} / <remove> all duplicates in {x}

num_unique ; ints strs ; len(set({x})) ; 1
N the <number> of [unique|distinct|different] <itemsnoun> in {x} / how many [unique|distinct|different] <itemsnoun> {x} has / how many [unique|distinct|different] <itemsnoun> are in {x}
V count the [unique|distinct|different] <itemsnoun> in {x}
Q how many [unique|distinct|different] <itemsnoun> are [there|] in {x} / how many [different|distinct] <itemsnoun> does {x} have

to_set ; ints strs ; set({x}) ; 1
N {x} as a set / a set of the <itemsnoun> in {x} / the set of <itemsnoun> in {x} / a set from {x} / the set of {x} / {x} converted to a set / {x} turned into a set
V turn {x} into a set / convert {x} to a set / make a set from {x} / make a set out of {x} / make {x} a set

first_item ; ints floats strs tuple matrix ; {x}[0] ; 2
N the first [element|item|entry|value|one] <in> {x} / the first [element|item|entry|value] <in> {x} / {x}[0] / the [element|item] at index 0 of {x} / first [element|item] of {x} / the start of {x} / the element at the start of {x} / ~the opening element of {x} / the head of {x}
V take the first [element|item] <in> {x} / get the first [element|item] <in> {x}
Q what does {x} start with / which [element|item] comes first in {x} / what is first in {x} / what is the first [element|item|value] of {x}

last_item ; ints floats strs tuple matrix ; {x}[-1] ; 2
N the last [element|item|entry|value|one] <in> {x} / the last [element|item|entry|value] <in> {x} / {x}[-1] / the final [element|item|entry|value] <in> {x} / last [element|item] of {x} / the end of {x} / the element at the end of {x} / ~the closing element of {x}
V take the last [element|item] <in> {x} / get the last [element|item] <in> {x}
Q what does {x} end with / which [element|item] comes last in {x} / what is last in {x} / what is the last [element|item|value] of {x}

second_item ; ints floats strs matrix ; {x}[1] ; 1
N the second [element|item|entry|value|one] <in> {x} / {x}[1] / the [element|item] at index 1 of {x} / the 2nd [element|item] of {x} / second [element|item] of {x} / number two in {x}

third_item ; ints floats strs ; {x}[2] ; 0.7
N the third [element|item|entry|value|one] <in> {x} / {x}[2] / the [element|item] at index 2 of {x} / the 3rd [element|item] of {x} / third [element|item] of {x}

at_index ; ints floats strs ; {x}[{d}] ; 1
N the [element|item|value] at index {d} <in> {x} / the [element|item] of {x} at index {d} / {x}[{d}] / index {d} of {x} / the [element|item] at position {d} <in> {x} / {x} at index {d}
V index {x} at {d} / get index {d} of {x}
Q what is at index {d} <in> {x} / what is at position {d} in {x} / which [element|item] is at index {d} of {x}

first_n ; ints floats strs str tuple ; {x}[:{j}] ; 2
N the first {j} [elements|items|entries|values|of them] <in> {x} / the first {j} <itemsnoun> of {x} / the first {j} of {x} / first {j} <itemsnoun> of {x} / {x}[:{j}] / the [top|leading] {j} <itemsnoun> of {x} / {x} up to index {j} / the first {j} <letters> of {x} / a slice with the first {j} <itemsnoun> of {x}
V take the first {j} <itemsnoun> of {x} / slice the first {j} <itemsnoun> <in> {x} / get the first {j} of {x}
Q what are the first {j} <itemsnoun> of {x}

last_n ; ints floats strs str ; {x}[-{j}:] ; 2
N the last {j} [elements|items|entries|values|of them] <in> {x} / the last {j} <itemsnoun> of {x} / the last {j} of {x} / last {j} <itemsnoun> of {x} / {x}[-{j}:] / the final {j} <itemsnoun> of {x} / the last {j} <letters> of {x}
V take the last {j} <itemsnoun> of {x} / slice the last {j} <itemsnoun> <in> {x} / get the last {j} of {x}
Q what are the last {j} <itemsnoun> of {x}

all_but_first ; ints strs floats ; {x}[1:] ; ! 0.8
N {x} without the first [element|item|one] / all <itemsnoun> of {x} except the first [one|] / everything but the first <in> {x} / all but the first <in> {x} / {x}[1:] / {x} without its first <itemsnoun> / the rest of {x} / the tail of {x}

all_but_last ; ints strs floats ; {x}[:-1] ; ! 0.6
N {x} without the last [element|item|one] / all <itemsnoun> of {x} except the last [one|] / everything but the last <in> {x} / all but the last <in> {x} / {x}[:-1] / {x} without its last <itemsnoun>

every_second ; ints strs floats ; {x}[::2] ; 1
N every second [element|item|value|one] <in> {x} / every other [element|item|value] <in> {x} / every 2nd [element|item] of {x} / {x}[::2] / the <itemsnoun> at even [indices|positions|indexes] <in> {x} / every other one <in> {x}

top_n ; ints floats ; sorted({x}, reverse=True)[:{j}] ; 1.2
N the {j} <largest> [numbers|values|elements] <in> {x} / the top {j} of {x} / the top {j} <numbersnoun> <in> {x} / {j} <largest> <numbersnoun> <in> {x} / the <largest> {j} of {x}
Q what are the {j} <largest> <numbersnoun> in {x}

bottom_n ; ints floats ; sorted({x})[:{j}] ; 0.8
N the {j} <smallest> [numbers|values|elements] <in> {x} / the bottom {j} of {x} / the bottom {j} <numbersnoun> <in> {x} / {j} <smallest> <numbersnoun> <in> {x} / the <smallest> {j} of {x}

second_largest ; ints ; sorted({x})[-2] ; 0.8
N the second <largest> [number|value|element|] <in> {x} / the second <largest> <in> {x} / the 2nd <largest> <numbersnoun> <in> {x} / the runner up <in> {x}
Q what is the second <largest> <in> {x}

median ; ints ; sorted({x})[len({x}) // 2] ; 0.6
N the median of {x} / the middle value of {x} when sorted / the median <in> {x} / median of {x} / {x}'s median

position ; ints strs ; {x}.index({e}) ; 1
N the index of {e} in {x} / the position of {e} in {x} / where {e} is in {x} / the first index of {e} in {x} / index of {e} in {x}
V find {e} in {x} / find the index of {e} in {x} / find where {e} is in {x} / locate {e} in {x}
Q at which index is {e} in {x} / where is {e} in {x} / what index does {e} have in {x} / what is the index of {e} in {x}

occurrences ; ints strs ; {x}.count({e}) ; 1.2
N how often {e} [occurs|appears|is] in {x} / the <number> of times {e} [occurs|appears|is] in {x} / how many times {e} [occurs|appears] in {x} / the <number> of occurrences of {e} in {x} / the count of {e} in {x}
V count {e} in {x} / <count> how often {e} [occurs|appears] in {x} / <count> how many times {e} [occurs|appears] in {x} / count the occurrences of {e} in {x}
Q how often does {e} [occur|appear] in {x} / how many times does {e} [occur|appear] in {x} / how many times is {e} in {x} / how many {e} are in {x}

contains ; ints strs str ; {e} in {x} ; 1.5
N whether {e} is in {x} / if {e} is in {x} / whether {x} contains {e} / if {x} contains {e} / whether {x} has {e} / if {x} includes {e} / whether {e} occurs in {x}
V <check> <whether> {e} is in {x} / <check> <whether> {x} contains {e} / <check> <whether> {x} has {e} / <check> <whether> {x} includes {e} / <check> for {e} in {x} / look for {e} in {x} / ~make sure {e} is in {x}
Q is {e} in {x} / does {x} contain {e} / does {x} have {e} / does {x} include {e} / is {e} one of {x} / is {e} part of {x}

concat_lists ; ints strs floats ; {x} + {z} ; 1.5
N {x} and {z} combined / the <listnoun> of {x} and {z} together / {x} plus {z} / {x} + {z} / {x} followed by {z} / the concatenation of {x} and {z} / {x} and {z} joined [together|] / {x} extended by {z} / {x} and {z} in one <listnoun>
V combine {x} and {z} / join {x} and {z} / concatenate {x} and {z} / merge {x} and {z} / add {x} and {z} together / glue {x} and {z} together / put {x} and {z} together / ~stick {z} onto {x}

zip_lists ; ints strs ; list(zip({x}, {z})) ; 0.8
N {x} zipped with {z} / the pairs of {x} and {z} / a <listnoun> of pairs from {x} and {z} / pairs of {x} and {z} / {x} and {z} zipped [together|] / {x} paired with {z}
V zip {x} and {z} / pair up {x} and {z} / zip {x} with {z} / zip {x} and {z} together / pair {x} with {z}

common ; ints strs ; [{i} for {i} in {x} if {i} in {z}] ; 0.8
N the <itemsnoun> that {x} and {z} have in common / the common <itemsnoun> of {x} and {z} / the <itemsnoun> in both {x} and {z} / the <itemsnoun> of {x} that are also in {z} / what {x} and {z} have in common / the <itemsnoun> {x} shares with {z}
Q which <itemsnoun> are in both {x} and {z} / what do {x} and {z} have in common

missing ; ints strs ; [{i} for {i} in {x} if {i} not in {z}] ; 0.6
N the <itemsnoun> of {x} that are not in {z} / the <itemsnoun> in {x} but not in {z} / what is in {x} but not in {z} / {x} without the <itemsnoun> of {z} / the <itemsnoun> of {x} missing from {z}

pair_sums ; ints floats ; [{i} + v for {i}, v in zip({x}, {z})] ; 0.7
N the element-wise sum of {x} and {z} / the pairwise sums of {x} and {z} / the sums of the pairs of {x} and {z} / {x} and {z} added element by element
V add {x} and {z} element by element / add {x} and {z} elementwise

dot ; ints floats ; sum({i} * v for {i}, v in zip({x}, {z})) ; 0.5
N the dot product of {x} and {z} / the sum of the products of {x} and {z} / the scalar product of {x} and {z} / the inner product of {x} and {z}

join_space ; strs ; " ".join({x}) ; 1.5
N {x} joined [with|by] spaces / {x} as one <strnoun> / the <wordsnoun> of {x} joined [with|by] spaces / a <strnoun> of the <wordsnoun> in {x} / {x} joined into a <strnoun> / a sentence made of {x} / {x} joined with a space / a string with all <wordsnoun> of {x}
V join {x} with spaces / join {x} into a [single|] <strnoun> / join the <wordsnoun> in {x} with spaces / join {x} / turn {x} into a sentence / join the <wordsnoun> of {x} / combine the <wordsnoun> in {x} into a sentence

join_comma ; strs ; ", ".join({x}) ; 1
N {x} joined [with|by] commas / the <wordsnoun> of {x} joined [with|by] commas / {x} separated by commas / a comma separated <strnoun> of {x} / the <wordsnoun> in {x} separated by commas
V join {x} with commas / join {x} with a comma / join the <wordsnoun> in {x} with commas / join {x} with ", "

join_dash ; strs ; "-".join({x}) ; 0.8
N {x} joined [with|by] [dashes|hyphens|a dash|a hyphen] / the <wordsnoun> of {x} joined with dashes / {x} separated by dashes / {x} joined with "-"
V join {x} with [dashes|hyphens|a dash|a hyphen] / join the <wordsnoun> in {x} with dashes / join {x} with "-" / join {x} using a dash

join_none ; strs ; "".join({x}) ; 0.6
N {x} joined without [spaces|a separator] / {x} joined together / the <wordsnoun> of {x} joined without [spaces|a separator] / {x} joined with nothing in between
V join {x} without [spaces|a separator] / join {x} with no separator / concatenate the <wordsnoun> in {x} / glue the <wordsnoun> in {x} together

longest ; strs ; max({x}, key=len) ; 1.8
N the longest [word|string|element|item|name|one|] <in> {x} / the longest [word|string|element|name] <in> {x} / longest [word|string] in {x} / the [word|string] with the most <letters> <in> {x} / ~the lengthiest word of {x}
V find the longest [word|string|name] <in> {x}
Q which [word|string|name] <in> {x} is the longest / what is the longest [word|string] in {x} / which <in> {x} has the most <letters>

shortest ; strs ; min({x}, key=len) ; 1.4
N the shortest [word|string|element|item|name|one|] <in> {x} / the shortest [word|string|element|name] <in> {x} / shortest [word|string] in {x} / the [word|string] with the fewest <letters> <in> {x}
V find the shortest [word|string|name] <in> {x}
Q which [word|string|name] <in> {x} is the shortest / what is the shortest [word|string] in {x}

longest_len ; strs ; max(len({i}) for {i} in {x}) ; 0.6
N the length of the longest [word|string|name] <in> {x} / how long the longest [word|string] of {x} is
Q how long is the longest [word|string|name] <in> {x}

total_len ; strs ; sum(len({i}) for {i} in {x}) ; 0.7
N the total length of [the <wordsnoun> in|] {x} / the total <number> of <letters> in {x} / the sum of the lengths of {x} / how many <letters> {x} has in total
Q how many <letters> are in {x} [in total|altogether]
"""
