"""The table of operations, as text: `name ; kinds of x ; code ; flags`, then N (noun phrases), V (commands), Q (questions), parted by ` / `.

Flags: `!` a command changes x itself; a number is the weight. Slots: x operand, z another of its kind, n m numbers, j a small count, d a few places,
c a letter, w u words, k a key of x, e an element of x, i the loop variable.
"""

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

upper ; str ; {x}.upper() ; ! 2
N {x} in upper case / {x} in uppercase / {x} in capital letters / {x} in capitals / the uppercase version of {x} / {x} uppercased / {x} in all caps / {x} as upper case / upper case {x} / {x} with all letters capitalized / ~{x} shouted / an uppercase copy of {x}
V convert {x} to [upper case|uppercase|capitals|capital letters] / make {x} [upper case|uppercase|all caps] / uppercase {x} / upper case {x} / change {x} to upper case / turn {x} into [upper case|uppercase|capitals] / capitalize every letter of {x} / put {x} in upper case

lower ; str ; {x}.lower() ; ! 1.6
N {x} in lower case / {x} in lowercase / {x} in small letters / the lowercase version of {x} / {x} lowercased / {x} as lower case / lower case {x}
V convert {x} to [lower case|lowercase|small letters] / make {x} [lower case|lowercase] / lowercase {x} / lower case {x} / change {x} to lower case / turn {x} into [lower case|lowercase] / put {x} in lower case

title ; str ; {x}.title() ; ! 1
N {x} in title case / {x} with every word capitalized / {x} with each word capitalized / the title case of {x} / {x} as a title / {x} with the first letter of each word in upper case / {x} with capital initials
V convert {x} to title case / make {x} title case / title case {x} / capitalize every word in {x} / capitalize each word of {x} / capitalize the words in {x} / turn {x} into title case

capitalize ; str ; {x}.capitalize() ; ! 1
N {x} capitalized / {x} with the first letter capitalized / {x} with a capital first letter / {x} starting with a capital letter
V capitalize {x} / capitalize the first letter of {x} / make the first letter of {x} upper case / make the first letter of {x} a capital

reverse_str ; str ; {x}[::-1] ; ! 2
N {x} reversed / {x} backwards / the reverse of {x} / {x} in reverse / the reversed <strnoun> / {x} spelled backwards / {x} read backwards / the letters of {x} in reverse order / {x} from back to front / the reversed version of {x}
V <rev> {x} / <rev> {x} / reverse the <strnoun> {x} / reverse the <letters> of {x} / spell {x} backwards / write {x} backwards

split_words ; str ; {x}.split() ; 2
N the words <in> {x} / the <listnoun> of words in {x} / a <listnoun> of the words in {x} / {x} split into words / {x} as a list of words / {x} split by spaces / {x} split on spaces / the words of {x} as a list / ~{x} broken into words / {x} split on whitespace
V split {x} / split {x} into words / split {x} into a list of words / split {x} on spaces / split {x} by spaces / split {x} by whitespace / break {x} into words / cut {x} into words / turn {x} into a list of words / separate {x} into words / split {x} at the spaces

word_count ; str ; len({x}.split()) ; 1.8
N the <number> of words in {x} / how many words {x} has / how many words are in {x} / the word count of {x} / {x}'s word count / number of words in {x}
V count the words <in> {x} / <count> how many words {x} has / count words in {x}
Q how many words [are there|are] in {x} / how many words does {x} have / what is the word count of {x}

vowel_count ; str ; sum(1 for ch in {x}.lower() if ch in "aeiou") ; 2
N the <number> of vowels in {x} / how many vowels {x} has / how many vowels are in {x} / the vowel count of {x} / number of vowels in {x}
V count the vowels <in> {x} / count the vowels in {x} / <count> how many vowels {x} has / count all vowels in {x} / count vowels in {x}
Q how many vowels [are there|are] in {x} / how many vowels does {x} have / how many vowels {x}

vowels ; str ; [ch for ch in {x} if ch.lower() in "aeiou"] ; 0.8
N the vowels <in> {x} / all [the|] vowels <in> {x} / a <listnoun> of the vowels in {x} / the <listnoun> of vowels in {x}
Q which vowels are in {x} / what vowels does {x} have

no_vowels ; str ; "".join(ch for ch in {x} if ch.lower() not in "aeiou") ; ! 1
N {x} without [the|its|] vowels / {x} with [the|all|] vowels removed / {x} minus the vowels / the consonants of {x}
V <remove> [the|all|all the|] vowels from {x} / strip the vowels from {x} / <remove> every vowel from {x} / <remove> the vowels in {x}

letter_count ; str ; {x}.count({c}) ; 1.4
N how often [the letter|] {c} [occurs|appears] in {x} / the <number> of {c} in {x} / the <number> of times {c} [occurs|appears] in {x} / how many times {c} [occurs|appears] in {x} / the count of [the letter|] {c} in {x} / the <number> of {c} letters in {x}
V count [the letter|] {c} in {x} / <count> how often {c} [occurs|appears] in {x} / count the {c} in {x} / count the occurrences of {c} in {x} / <count> how many times {c} appears in {x}
Q how many {c} are in {x} / how often does {c} [occur|appear] in {x} / how many times does [the letter|] {c} [occur|appear] in {x} / how many {c} does {x} have

letter_in ; str ; {c} in {x} ; 0.8
N whether [the letter|] {c} is in {x} / if {x} contains [the letter|] {c} / whether {x} contains {c}
V <check> <whether> [the letter|] {c} is in {x} / <check> <whether> {x} contains [the letter|] {c}
Q is [the letter|] {c} in {x} / does {x} contain [the letter|] {c} / does {x} have a {c}

first_letter ; str ; {x}[0] ; 1.5
N the first [letter|character|char] <in> {x} / {x}[0] / {x}'s first letter / the initial of {x} / first letter of {x} / the letter {x} starts with
Q which letter does {x} start with / what is the first [letter|character] of {x}

last_letter ; str ; {x}[-1] ; 1.2
N the last [letter|character|char] <in> {x} / {x}[-1] / {x}'s last letter / the final letter of {x} / last letter of {x} / the letter {x} ends with
Q which letter does {x} end with / what is the last [letter|character] of {x}

first_word ; str ; {x}.split()[0] ; 1
N the first word <in> {x} / {x}'s first word / first word of {x} / the word {x} starts with
Q which word does {x} start with / what is the first word of {x}

last_word ; str ; {x}.split()[-1] ; 1
N the last word <in> {x} / {x}'s last word / last word of {x} / the final word of {x} / the word {x} ends with
Q which word does {x} end with / what is the last word of {x}

longest_word ; str ; max({x}.split(), key=len) ; 1
N the longest word <in> {x} / longest word in {x} / {x}'s longest word
V find the longest word <in> {x}
Q which word in {x} is the longest / what is the longest word in {x}

palindrome ; str ; {x} == {x}[::-1] ; 1.5
N whether {x} is a palindrome / if {x} is a palindrome
V <check> <whether> {x} is a palindrome / <check> <whether> {x} reads the same backwards / see if {x} is a palindrome
Q is {x} a palindrome / does {x} read the same backwards / is {x} the same backwards

chars ; str ; list({x}) ; 1
N the [letters|characters] of {x} as a list / a <listnoun> of the [letters|characters] in {x} / the <listnoun> of [letters|characters] in {x} / {x} as a list of [letters|characters] / the letters in {x}
V turn {x} into a list of [letters|characters] / split {x} into [letters|characters] / convert {x} to a list of [letters|characters] / convert {x} to a list

sorted_chars ; str ; "".join(sorted({x})) ; ! 0.8
N the letters of {x} in [alphabetical order|order|sorted order] / {x} with its letters sorted / the sorted letters of {x}
V sort the letters of {x} / sort the [letters|characters] in {x} / put the letters of {x} in alphabetical order

replace_letter ; str ; {x}.replace({c}, {w}) ; ! 0.8
N {x} with [every|all|each] {c} replaced by {w} / {x} with {c} replaced [with|by] {w} / {x} with {w} instead of {c}
V replace {c} with {w} in {x} / replace [all|every|each] {c} [with|by] {w} in {x} / in {x}, replace {c} by {w} / substitute {w} for {c} in {x} / change every {c} in {x} to {w}

replace_word ; str ; {x}.replace({e}, {w}) ; ! 1.4
N {x} with {e} replaced [with|by] {w} / {x} with {w} instead of {e} / {x} with every {e} replaced by {w}
V replace {e} with {w} in {x} / replace {e} by {w} in {x} / in {x}, replace {e} with {w} / substitute {w} for {e} in {x} / change {e} to {w} in {x} / ~swap out {e} for {w} in {x}

spaces_dash ; str ; {x}.replace(" ", "_") ; ! 1
N {x} with [the|all|] spaces replaced [with|by] underscores / {x} with underscores instead of spaces / {x} in snake case
V replace [the|all|] spaces [with|by] underscores in {x} / replace [the|all|] spaces in {x} [with|by] underscores / turn spaces in {x} into underscores

spaces_hyphen ; str ; {x}.replace(" ", "-") ; ! 0.8
N {x} with [the|all|] spaces replaced [with|by] [dashes|hyphens] / {x} with [dashes|hyphens] instead of spaces
V replace [the|all|] spaces [with|by] [dashes|hyphens] in {x} / replace [the|all|] spaces in {x} [with|by] [dashes|hyphens] / turn spaces in {x} into dashes

no_spaces ; str ; {x}.replace(" ", "") ; ! 1
N {x} without [the|its|] spaces / {x} with [the|all|] spaces removed / {x} minus the spaces / {x} without any spaces
V <remove> [the|all|all the|] spaces from {x} / <remove> every space from {x} / <remove> the spaces in {x} / strip all spaces from {x}

strip ; str ; {x}.strip() ; ! 0.8
N {x} without leading and trailing [spaces|whitespace] / {x} stripped / {x} with the whitespace around it removed / the stripped {x}
V strip {x} / strip the whitespace from {x} / strip {x} of whitespace / trim {x} / <remove> [leading and trailing|surrounding] [spaces|whitespace] from {x}

repeat_str ; str ; {x} * {n} ; 1
N {x} repeated {n} times / {x} {n} times / {n} copies of {x} / {x} times {n} / {n} repetitions of {x} / {x} * {n}
V repeat {x} {n} times / multiply {x} by {n}

concat_str ; str ; {x} + {z} ; 1
N {x} and {z} joined [together|] / {x} followed by {z} / the concatenation of {x} and {z} / {x} + {z} / {x} plus {z} / {x} and {z} together
V concatenate {x} and {z} / join {x} and {z} / append {z} to {x} / add {z} to the end of {x} / put {x} and {z} together

concat_space ; str ; {x} + " " + {z} ; 1
N {x} and {z} with a space between [them|] / {x} and {z} joined with a space / {x} and {z} separated by a space / {x}, a space and {z}
V join {x} and {z} with a space / concatenate {x} and {z} with a space [between|in between] / combine {x} and {z} with a space

exclaim ; str ; {x} + "!" ; ! 0.8
N {x} with an exclamation mark / {x} with an exclamation mark at the end / {x} followed by an exclamation mark
V add an exclamation mark to {x} / append an exclamation mark to {x} / put an exclamation mark at the end of {x} / add "!" to {x} / append "!" to {x}

append_word ; str ; {x} + " " + {w} ; ! 0.8
N {x} with [the word|] {w} added / {x} followed by a space and {w}
V add [the word|] {w} to [the end of|] {x} with a space / append a space and {w} to {x} / append [the word|] {w} to {x} after a space

starts ; str ; {x}.startswith({w}) ; 0.7
N whether {x} [starts|begins] with {w} / if {x} [starts|begins] with {w}
V <check> <whether> {x} [starts|begins] with {w}
Q does {x} [start|begin] with {w}

ends ; str ; {x}.endswith({w}) ; 0.6
N whether {x} ends with {w} / if {x} ends with {w}
V <check> <whether> {x} ends with {w} / <check> <whether> {w} is at the end of {x}
Q does {x} end with {w}

char_counts ; str ; {ch: {x}.count(ch) for ch in {x}} ; 1
N a <dictnoun> of [letter|character] counts <in> {x} / the [letter|character] counts of {x} / how often each [letter|character] [occurs|appears] in {x} / the frequency of each [letter|character] in {x} / the count of each [letter|character] in {x} / a <dictnoun> with the count of each letter in {x}
V count [each|every] [letter|character] in {x} / count the letters of {x} in a <dictnoun> / count how often each letter occurs in {x}
Q how often does each [letter|character] [occur|appear] in {x}

item_counts ; strs ints ; {{i}: {x}.count({i}) for {i} in {x}} ; 1.2
N a <dictnoun> of [the|] counts <in> {x} / how often each [item|element|word|number|value] [occurs|appears] in {x} / the frequency of each [item|element|word|number] in {x} / the count of each [item|element|word|number] in {x} / a <dictnoun> with the count of each [item|element|word] in {x} / the counts of the <itemsnoun> in {x}
V count [each|every] [item|element|word|number] in {x} / count how often each [item|element|word|number] [occurs|appears] in {x} / count the occurrences of each [item|element|word] in {x}
Q how often does each [item|element|word|number] [occur|appear] in {x}

len_map ; strs ; {{i}: len({i}) for {i} in {x}} ; 1
N a <dictnoun> [from|of] each [word|string|name] to its length [for {x}|in {x}] / a <dictnoun> of word lengths for {x} / a <dictnoun> of the <wordsnoun> in {x} and their lengths / a <dictnoun> that maps each [word|string|name] in {x} to its length / a <dictnoun> mapping the <wordsnoun> in {x} to their lengths
V map each [word|string|name] in {x} to its length [in a <dictnoun>|]

square_map ; ints ; {{i}: {i} ** 2 for {i} in {x}} ; 0.7
N a <dictnoun> [from|of] each number to its square [for {x}|in {x}] / a <dictnoun> of the <numbersnoun> in {x} and their squares / a <dictnoun> that maps each number in {x} to its square / a <dictnoun> mapping the <numbersnoun> in {x} to their squares

zip_dict ; strs ; dict(zip({x}, {z})) ; 0.8
N a <dictnoun> with keys {x} and values {z} / a <dictnoun> from {x} to {z} / a <dictnoun> that maps {x} to {z} / a <dictnoun> [made|built] from {x} and {z} / a <dictnoun> with {x} as keys and {z} as values / a <dictnoun> of {x} and {z}
V zip {x} and {z} into a <dictnoun> / map {x} to {z} in a <dictnoun> / combine {x} and {z} into a <dictnoun> / turn {x} and {z} into a <dictnoun>

lookup ; dict sdict ; {x}[{k}] ; 3
N the value [of|for] {k} in {x} / the value [of|for] {k} in {x} / {x}[{k}] / {x} [of|for|at] {k} / the value [of|for|at] [the|] key {k} <in> {x} / what {x} has for {k} / the entry for {k} in {x} / {k} <in> {x} / {k} from {x} / the value under {k} in {x} / ~what is stored under {k} in {x} / the {k} in {x}
V look up {k} in {x} / look {k} up in {x} / get {k} from {x} / get the value [of|for] {k} from {x} / fetch {k} from {x} / access {k} in {x} / look up the value of {k} in {x}
Q what is the value of {k} in {x} / what does {x} [have|say|hold] for {k} / what is {k} in {x} / what's {k} in {x}

keys ; dict sdict ; list({x}) ; 1.5
N the keys <in> {x} / all [the|] keys <in> {x} / a <listnoun> of the keys <in> {x} / {x}'s keys / keys of {x} / the <listnoun> of keys of {x}
Q which keys does {x} have / what are the keys of {x} / what keys are in {x}

values ; dict sdict ; list({x}.values()) ; 1.5
N the values <in> {x} / all [the|] values <in> {x} / a <listnoun> of the values <in> {x} / {x}'s values / values of {x} / the <listnoun> of values of {x}
Q which values does {x} have / what are the values of {x} / what values are in {x}

items ; dict sdict ; list({x}.items()) ; 0.7
N the [items|pairs|key value pairs|key-value pairs] <in> {x} / all [items|pairs] <in> {x} / a <listnoun> of the [pairs|key-value pairs] <in> {x} / {x} as a list of pairs

dict_sum ; dict ; sum({x}.values()) ; 1.8
N the <total> of the values <in> {x} / the <total> of all [the|] values <in> {x} / the total of {x} / the total value of {x} / the <total> of {x} values / sum of {x} values
V add up the values <in> {x} / sum the values <in> {x} / sum up all [the|] values <in> {x} / add all values in {x}
Q what do the values in {x} add up to / what is the <total> of the values in {x}

dict_avg ; dict ; sum({x}.values()) / len({x}) ; 1
N the <average> of the values <in> {x} / the <average> value <in> {x} / the <average> of all [the|] values <in> {x} / <average> of the values in {x}
V average the values <in> {x}

dict_max_value ; dict ; max({x}.values()) ; 1
N the <largest> value <in> {x} / the <largest> of the values <in> {x} / the maximum value of {x} / <largest> value in {x}

dict_min_value ; dict ; min({x}.values()) ; 0.7
N the <smallest> value <in> {x} / the <smallest> of the values <in> {x} / the minimum value of {x}

dict_argmax ; dict ; max({x}, key={x}.get) ; 1.5
N the key with the <largest> value <in> {x} / the key of {x} with the <largest> value / the key whose value is the <largest> <in> {x} / the entry with the <largest> value <in> {x} / the name of the <largest> <in> {x}
V find the key with the <largest> value <in> {x}
Q which key <in> {x} has the <largest> value / which <in> {x} has the <largest> value / who has the <largest> value in {x} / which one in {x} is the <largest>

dict_argmin ; dict ; min({x}, key={x}.get) ; 1
N the key with the <smallest> value <in> {x} / the key of {x} with the <smallest> value / the key whose value is the <smallest> <in> {x} / the entry with the <smallest> value <in> {x}
V find the key with the <smallest> value <in> {x}
Q which key <in> {x} has the <smallest> value / which <in> {x} has the <smallest> value / which one in {x} is the <smallest>

has_key ; dict sdict ; {k} in {x} ; 1.2
N whether {k} is [in|a key of|a key in] {x} / if {x} has [a|the] key {k} / whether {x} contains [the key|] {k}
V <check> <whether> {k} is [in|a key of|a key in] {x} / <check> <whether> {x} has [a|the] key {k} / <check> <whether> {x} contains [the key|] {k} / look whether {k} is in {x}
Q is {k} in {x} / is {k} a key of {x} / does {x} have [a|the] key {k} / does {x} contain {k}

get_default ; dict ; {x}.get({w}, 0) ; 1
N the value of {w} in {x} or 0 [if it is missing|if there is none|if absent|by default] / {x} for {w} with default 0 / the value of {w} in {x} with 0 as [the|] default
V get {w} from {x} with default 0 / look up {w} in {x} with a default of 0 / get {w} from {x}, or 0 if it is missing

invert ; sdict dict ; {v: k for k, v in {x}.items()} ; ! 1
N {x} inverted / {x} with keys and values swapped / the inverse of {x} / a <dictnoun> from the values of {x} to its keys / {x} the other way around
V invert {x} / swap the keys and values <in> {x} / swap keys and values of {x} / exchange keys and values in {x} / flip keys and values in {x}

dict_by_value ; dict ; dict(sorted({x}.items(), key=lambda item: item[1])) ; ! 1.2
N {x} sorted by [value|values|its values] / {x} ordered by value / {x} by value <asc> / {x} sorted by value <asc>
V sort {x} by [value|values|its values] / <sort> {x} by value <asc> / order {x} by value / sort the <dictnoun> {x} by value

dict_by_value_desc ; dict ; dict(sorted({x}.items(), key=lambda item: item[1], reverse=True)) ; ! 0.9
N {x} sorted by [value|values] <desc> / {x} by value <desc>
V sort {x} by [value|values] <desc> / <sort> {x} by value <desc> / sort {x} by value in reverse

dict_by_key ; dict sdict ; dict(sorted({x}.items())) ; ! 1
N {x} sorted by [key|keys|its keys] / {x} ordered by key / {x} in order of its keys / {x} in alphabetical order of keys
V sort {x} by [key|keys|its keys] / <sort> {x} by key / order {x} by its keys / sort {x} alphabetically by key

sorted_keys ; dict sdict ; sorted({x}) ; 0.8
N the sorted keys <in> {x} / the keys of {x} sorted / the keys of {x} in [alphabetical|sorted] order / the keys <in> {x} sorted alphabetically

dict_merge ; dict sdict ; {**{x}, **{z}} ; 0.8
N {x} and {z} merged / {x} and {z} combined / {x} updated with {z} / the merged <dictnoun> of {x} and {z} / {x} and {z} in one <dictnoun>
V merge {x} and {z} / combine {x} and {z} / merge {x} with {z} / merge the dictionaries {x} and {z}

dict_filter_gt ; dict ; {k: v for k, v in {x}.items() if v > {m}} ; ! 1
N the entries of {x} <gt> {m} / the entries <in> {x} with [a value|values] <gt> {m} / {x} with only values <gt> {m} / the items of {x} whose value is <gt> {m} / the part of {x} with values <gt> {m}
V <keep> the entries of {x} with [a value|values] <gt> {m} / filter {x} to values <gt> {m} / <keep> values <gt> {m} in {x}

dict_keys_gt ; dict ; [k for k, v in {x}.items() if v > {m}] ; 1
N the keys of {x} with [a value|values] <gt> {m} / the keys <in> {x} whose value is <gt> {m} / a <listnoun> of the keys of {x} with values <gt> {m}
Q which keys <in> {x} have a value <gt> {m} / who has <gt> {m} in {x} / which <in> {x} are <gt> {m}

dict_add_all ; dict ; {k: v + {n} for k, v in {x}.items()} ; ! 0.7
N {x} with {n} added to [each|every] value / {x} with all values increased by {n} / {x} with every value plus {n}
V add {n} to [each|every] value <in> {x} / increase [each|every] value <in> {x} by {n} / increase all values <in> {x} by {n}

dict_mul_all ; dict ; {k: v * {n} for k, v in {x}.items()} ; ! 0.7
N {x} with [each|every] value multiplied by {n} / {x} with all values multiplied by {n} / {x} with every value times {n}
V multiply [each|every] value <in> {x} by {n} / multiply all values <in> {x} by {n} / multiply the values <in> {x} by {n}

dict_double ; dict ; {k: v * 2 for k, v in {x}.items()} ; ! 0.6
N {x} with [each|every] value doubled / {x} with all values doubled
V double [each|every] value <in> {x} / double all [the|] values <in> {x} / double the values <in> {x}

union ; set sset ; {x} | {z} ; 1.2
N the union of {x} and {z} / {x} union {z} / all <itemsnoun> in {x} or {z} / the <itemsnoun> in either {x} or {z} / {x} | {z} / {x} and {z} combined
V unite {x} and {z} / union {x} with {z} / merge {x} and {z} / take the union of {x} and {z}

intersection ; set sset ; {x} & {z} ; 1.2
N the intersection of {x} and {z} / the <itemsnoun> in both {x} and {z} / what {x} and {z} have in common / the common <itemsnoun> of {x} and {z} / {x} & {z}
V intersect {x} and {z} / intersect {x} with {z} / take the intersection of {x} and {z}
Q which <itemsnoun> are in both {x} and {z} / what do {x} and {z} have in common

set_diff ; set sset ; {x} - {z} ; 1
N the difference of {x} and {z} / the <itemsnoun> of {x} that are not in {z} / the <itemsnoun> in {x} but not in {z} / {x} minus {z} / {x} without {z} / {x} - {z} / the set difference of {x} and {z}
V subtract {z} from {x}

sorted_set ; set sset ; sorted({x}) ; 1.2
N {x} as a sorted list / the <itemsnoun> of {x} <asc> / a sorted list of {x} / the sorted <itemsnoun> of {x} / {x} sorted
V sort {x} / convert {x} to a sorted list / turn {x} into a sorted list

set_sum ; set ; sum({x}) ; 0.7
N the <total> of {x} / the <total> of the <numbersnoun> in {x}
V add up {x} / sum {x}

set_has ; set sset ; {e} in {x} ; 1
N whether {e} is in {x} / if {x} contains {e}
V <check> <whether> {e} is in {x} / <check> <whether> {x} contains {e}
Q is {e} in {x} / does {x} contain {e} / does {x} have {e}

plus ; int float ; {x} + {m} ; ! 2
N {x} plus {m} / {x} + {m} / the sum of {x} and {m} / {x} increased by {m} / {m} more than {x} / {x} added to {m} / the total of {x} and {m} / the result of {x} + {m} / the result of adding {m} to {x}
V add {m} to {x} / increase {x} by {m} / raise {x} by {m} / increment {x} by {m} / ~bump {x} up by {m} / make {x} {m} bigger
Q how much is {x} plus {m} / what is {x} plus {m} / what does {x} + {m} equal / what do you get when you add {m} to {x} / how much is {x} + {m}

minus ; int float ; {x} - {m} ; ! 1.6
N {x} minus {m} / {x} - {m} / the difference [of|between] {x} and {m} / {x} decreased by {m} / {m} less than {x} / the result of {x} - {m} / {x} less {m} / the result of subtracting {m} from {x}
V subtract {m} from {x} / decrease {x} by {m} / reduce {x} by {m} / take {m} from {x} / lower {x} by {m} / decrement {x} by {m} / take {m} away from {x} / deduct {m} from {x}
Q how much is {x} minus {m} / what is {x} minus {m} / what does {x} - {m} equal / how much is {x} - {m}

times ; int float ; {x} * {m} ; ! 1.8
N {x} times {m} / {x} * {m} / the product of {x} and {m} / {x} multiplied by {m} / {m} times {x} now / the result of {x} * {m} / {x} x {m} / the result of multiplying {x} by {m}
V multiply {x} by {m} / multiply {x} with {m} / scale {x} by {m}
Q how much is {x} times {m} / what is {x} times {m} / what does {x} * {m} equal / how much is {x} * {m}

divided ; int float ; {x} / {n} ; ! 1.5
N {x} divided by {n} / {x}/{n} / {x} over {n} / the quotient of {x} and {n} / the result of {x}/{n} / {x} split {n} ways
V divide {x} by {n} / split {x} by {n}
Q how much is {x} divided by {n} / what is {x} divided by {n} / what does {x}/{n} equal

floordiv ; int ; {x} // {n} ; 1
N {x} // {n} / the integer division of {x} by {n} / {x} integer divided by {n} / the whole part of {x} divided by {n} / the integer quotient of {x} and {n}
V floor divide {x} by {n} / integer divide {x} by {n}
Q how many times does {n} fit [in|into] {x} / how many whole times does {n} go into {x}

modulo ; int ; {x} % {n} ; 1.3
N {x} % {n} / {x} modulo {n} / {x} mod {n} / the remainder of {x} divided by {n} / the remainder when {x} is divided by {n} / the remainder of dividing {x} by {n} / what is left when {x} is divided by {n}
Q what is {x} modulo {n} / what is the remainder of {x} divided by {n} / what remains when {x} is divided by {n}

power ; int ; {x} ** {j} ; ! 1
N {x} to the power [of|] {j} / {x} ** {j} / {x} raised to [the power|] {j} / the {j}th power of {x} / {x} ^ {j}
V raise {x} to the power [of|] {j} / raise {x} to the {j}th power
Q what is {x} to the power of {j} / how much is {x} to the power of {j}

square ; int float ; {x} ** 2 ; ! 2
N the square of {x} / {x} squared / {x} to the power of two / {x} times itself / square of {x} / {x} multiplied by itself
V square {x} / multiply {x} by itself
Q what is {x} squared / how much is {x} squared / what is the square of {x}

cube ; int float ; {x} ** 3 ; ! 1
N the cube of {x} / {x} cubed / the third power of {x} / cube of {x}
V cube {x}
Q what is {x} cubed / what is the cube of {x}

double ; int float ; {x} * 2 ; ! 1.6
N twice {x} / the double of {x} / {x} doubled / double {x} / two times {x}
V double {x} / multiply {x} by two / make {x} twice as big / make {x} twice as large
Q what is twice {x} / what is double {x}

triple ; int float ; {x} * 3 ; ! 0.7
N the triple of {x} / {x} tripled / three times {x}
V triple {x} / make {x} three times as big

half ; int float ; {x} / 2 ; ! 1.2
N half of {x} / half {x} / {x} halved / one half of {x}
V halve {x} / divide {x} by two / cut {x} in half
Q what is half of {x} / how much is half of {x}

sqrt ; int float ; {x} ** 0.5 ; 1.3
N the square root of {x} / {x}'s square root / the root of {x} / square root of {x} / sqrt of {x} / sqrt({x})
V take the square root of {x}
Q what is the square root of {x}

negate ; int float ; -{x} ; ! 0.8
N the negative of {x} / minus {x} / {x} negated / {x} with its sign flipped / the opposite of {x}
V negate {x} / flip the sign of {x} / make {x} negative / change the sign of {x}

absolute ; int float ; abs({x}) ; ! 1
N the absolute value of {x} / {x} without its sign / the magnitude of {x} / absolute value of {x} / abs of {x}
V take the absolute value of {x}
Q what is the absolute value of {x}

percent ; int float ; {x} * {m} / 100 ; 1
N {m} percent of {x} / {m}% of {x}
Q what is {m} percent of {x} / how much is {m} percent of {x} / what's {m}% of {x}

round2 ; float ; round({x}, {d}) ; ! 1.5
N {x} rounded to {d} [decimals|decimal places|digits|places|decimal] / {x} to {d} [decimals|decimal places] / {x} with {d} [decimals|decimal places] / rounded {x} to {d} digits
V round {x} to {d} [decimals|decimal places|digits|places|decimal] / round off {x} to {d} [decimals|places]
Q what is {x} rounded to {d} [decimals|places]

round0 ; float ; round({x}) ; ! 1.2
N {x} rounded / {x} rounded to the nearest [integer|whole number] / the nearest integer to {x} / {x} rounded off / the rounded {x}
V round {x} / round {x} to the nearest [integer|whole number] / round {x} off / round {x} to a whole number

to_int ; float ; int({x}) ; ! 1
N {x} as an [integer|int|whole number] / the integer part of {x} / {x} converted to an [integer|int] / {x} truncated / {x} without decimals
V convert {x} to an [integer|int] / turn {x} into an [integer|int] / make {x} an [integer|int] / cast {x} to int / truncate {x}

to_float ; int ; float({x}) ; ! 0.8
N {x} as a float / {x} converted to a float / {x} as a floating point number / {x} as a decimal number
V convert {x} to a float / turn {x} into a float / make {x} a float / cast {x} to float

to_str ; int float ints ; str({x}) ; ! 1
N {x} as a <strnoun> / {x} converted to a string / the string version of {x} / the string form of {x}
V convert {x} to a string / turn {x} into a string / make {x} a string / cast {x} to str / convert {x} to str

digits ; int ; [int(ch) for ch in str({x})] ; 0.9
N the digits of {x} / a <listnoun> of the digits of {x} / the <listnoun> of digits of {x} / the digits of {x} as a list
V split {x} into [its|] digits / turn {x} into a list of digits

digit_sum ; int ; sum(int(ch) for ch in str({x})) ; 1
N the <total> of the digits <in> {x} / the digit sum of {x} / the <total> of {x}'s digits
V add up the digits <in> {x} / sum the digits <in> {x} / add the digits of {x}
Q what do the digits of {x} add up to

digit_count ; int ; len(str({x})) ; 0.8
N the <number> of digits in {x} / how many digits {x} has
V count the digits <in> {x}
Q how many digits does {x} have / how many digits are in {x}

binary ; int ; bin({x}) ; 0.6
N {x} in binary / the binary [form|representation|version] of {x} / {x} as a binary number
V convert {x} to binary / turn {x} into binary

factors ; int ; [n for n in range(1, {x} + 1) if {x} % n == 0] ; 0.8
N the [divisors|factors] of {x} / all [divisors|factors] of {x} / a <listnoun> of the [divisors|factors] of {x} / the numbers that divide {x}
V find [all|] the [divisors|factors] of {x}
Q which numbers divide {x} / what are the [divisors|factors] of {x}

add_two ; int float ; {x} + {z} ; ! 2
N the sum of {x} and {z} / {x} plus {z} / {x} + {z} / {x} and {z} added together / the total of {x} and {z} / {x} and {z} added up / sum of {x} and {z}
V add {x} and {z} / add {x} and {z} together / sum {x} and {z} / add up {x} and {z}
Q how much is {x} plus {z} / what do {x} and {z} add up to / what is {x} plus {z}

sub_two ; int float ; {x} - {z} ; 1.3
N the difference [of|between] {x} and {z} / {x} minus {z} / {x} - {z} / {x} less {z}
V subtract {z} from {x}
Q how much is {x} minus {z} / what is {x} minus {z}

mul_two ; int float ; {x} * {z} ; 1.6
N the product of {x} and {z} / {x} times {z} / {x} * {z} / {x} multiplied by {z} / product of {x} and {z}
V multiply {x} and {z} / multiply {x} and {z} together
Q how much is {x} times {z} / what is {x} times {z}

mean_two ; int float ; ({x} + {z}) / 2 ; 0.8
N the <average> of {x} and {z} / <average> of {x} and {z}
V average {x} and {z}
Q what is the <average> of {x} and {z}

max_two ; int float ; max({x}, {z}) ; 1
N the <largest> of {x} and {z} / the larger of {x} and {z} / the bigger of {x} and {z} / the maximum of {x} and {z} / whichever of {x} and {z} is larger
Q which of {x} and {z} is [larger|bigger|greater] / what is the larger of {x} and {z}

min_two ; int float ; min({x}, {z}) ; 0.8
N the <smallest> of {x} and {z} / the smaller of {x} and {z} / the minimum of {x} and {z} / whichever of {x} and {z} is smaller
Q which of {x} and {z} is smaller / what is the smaller of {x} and {z}

greater_two ; int float ; {x} > {z} ; 1.2
N whether {x} is <gt> {z} / if {x} is <gt> {z}
V <check> <whether> {x} is <gt> {z} / compare {x} and {z}
Q is {x} <gt> {z} / is {x} greater than {z}

less_two ; int float ; {x} < {z} ; 0.8
N whether {x} is <lt> {z} / if {x} is <lt> {z}
V <check> <whether> {x} is <lt> {z}
Q is {x} <lt> {z} / is {x} less than {z}

equal_two ; int str ints ; {x} == {z} ; 1
N whether {x} equals {z} / whether {x} is equal to {z} / if {x} and {z} are [equal|the same] / whether {x} and {z} are [equal|the same] / if {x} equals {z}
V <check> <whether> {x} equals {z} / <check> <whether> {x} and {z} are [equal|the same] / <check> <whether> {x} is equal to {z}
Q are {x} and {z} [equal|the same] / does {x} equal {z} / is {x} equal to {z} / is {x} the same as {z}

not_flag ; bool ; not {x} ; ! 1
N the opposite of {x} / not {x} / {x} negated / the negation of {x} / {x} flipped
V flip {x} / negate {x} / toggle {x} / invert {x}

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
