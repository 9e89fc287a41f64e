"""Operations on numbers, as text that `ops` reads.

Knows: names, code and phrasings; the form is described in `ops`. Leaves to others: reading it.
"""
# ruff: noqa: E501
# One entry a line, however long: this is a table.

from __future__ import annotations

TABLE = """
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
"""
