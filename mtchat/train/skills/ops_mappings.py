"""Operations on dictionaries and sets, as text that `ops` reads.

Knows: names, code and phrasings; the form is described in `ops`. Leaves to others: reading it.
"""
# ruff: noqa: E501
# One entry a line, however long: this is a table.

from __future__ import annotations

TABLE = """
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
"""
