"""Operations on texts, and counts of letters and items, as text that `ops` reads.

Knows: names, code and phrasings; the form is described in `ops`. Leaves to others: reading it.
"""
# ruff: noqa: E501
# One entry a line, however long: this is a table.

from __future__ import annotations

TABLE = """
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
"""
