"""Synonym classes shared by all skills: `<print>`, `<store>`, `<make>` and the like.

Knows: words. The first option of a class is the plainest; what training never hears is chosen by hash (`holdout`).
Leaves to others: the sentences.
"""

# ruff: noqa: E501
# One class a line, however long: this is a table.
# fmt: off

from __future__ import annotations

_TABLE = """
print: print|print|print|print|print out|output|display|show|show me|write out|give me|echo|log|report|tell me|reveal|present
printit: print it|print the result|print the answer|output it|show it|display it|display the result|print that|output the result|show the result|print the value|output the answer|print it out
what: what is|what's|what is|what would be|whats|do you know
store: store|save|put|assign|keep|place|record|stash|hold|write
storeit: store it|store the result|save it|save the result|store that|put it|put the result|assign it|assign the result|keep it|save the output|store the output|record it|store the answer
saveit: save it|store it|store the result|save the result|save that|keep it|record it|keep the result|store the output|save the answer
callit: call it|name it|call the result|name the result|call this|call that|label it
compute: compute|calculate|find|get|determine|work out|take|evaluate|figure out|obtain|derive|retrieve|establish
make: create|make|define|build|construct|declare|set up|initialize|initialise|prepare|form|generate|introduce|produce|start with
begin: start with|begin with|start with|begin from|start from|we start with|we begin with
write: write|define|create|implement|make|build|code|program|develop|construct|declare|add|design|craft
named: named|called|with the name|by the name of|known as|titled
variable: variable|variable|variable|new variable|var
in: in|of|from|inside|within
into: in|as|into|to|under
list: list|list|list|array|collection|sequence|series
dict: dictionary|dict|dictionary|map|mapping|lookup table|hash map|hash table
string: string|string|text|str|piece of text
function: function|function|function|method|python function|helper function|routine|helper|func|subroutine|procedure
matrix: matrix|2d list|list of lists|nested list|grid|2d array|two-dimensional list|table
array: array|numpy array|np array|ndarray|vector
frame: dataframe|data frame|DataFrame|pandas dataframe|table|df|pandas DataFrame
column: column|field|col
class: class|class|python class|new class
numbers: numbers|values|elements|items|integers|entries|figures|members
number: number|value|integer|element
words: words|strings|items|elements|entries|texts|terms
items: items|elements|entries|values|members|objects|things
item: item|element|entry|value|member
chars: characters|letters|chars|symbols
char: character|letter|char|symbol
keys: keys|keys|names
count: number|count|total number|amount|quantity|tally
many: how many|how many|the number of
sum: sum|total|sum|grand total|combined total|overall sum
largest: largest|biggest|maximum|highest|greatest|max|top
smallest: smallest|lowest|minimum|least|min|tiniest|littlest
longest: longest|lengthiest
shortest: shortest|briefest
average: average|mean|average value|mean value|arithmetic mean|avg
remove: remove|delete|drop|take out|get rid of|discard|eliminate|throw away|erase|strip out|exclude|cut
add: add|append|insert|push|put|attach|include|tack on
change: change|set|update|modify|alter|switch|adjust
replace: replace|substitute|swap|exchange|swap out
keep: keep only|keep|retain only|keep just|select|only keep|leave only|extract|pick out|retain|select only|filter out all but|preserve only|isolate
each: each|every|each single
all: all the|all|all of the|each of the|every one of the
sort: sort|order|arrange|sort|rank|put in order
asc: in ascending order|from smallest to largest|in increasing order|ascending|from low to high|smallest first|from lowest to highest|in non-decreasing order
desc: in descending order|from largest to smallest|in decreasing order|descending|from high to low|largest first|in reverse order|from highest to lowest|biggest first|from greatest to least
alpha: alphabetically|in alphabetical order|from a to z|by the alphabet|lexicographically|in dictionary order
reverse: reverse|flip|invert|turn around|reverse the order of
convert: convert|turn|change|transform|cast|translate
unique: unique|distinct|different|non-repeated
duplicates: duplicates|duplicate values|repeated values|repeats|duplicate entries|repetitions
gt: greater than|larger than|more than|bigger than|above|over|higher than|exceeding
ge: greater than or equal to|at least|not less than|no less than
lt: less than|smaller than|below|under|lower than|fewer than
le: less than or equal to|at most|not greater than|up to|no more than
check: check|test|determine|verify|find out|see|examine|decide|tell
whether: whether|if|whether or not
if: if|if|when|in case|provided that
otherwise: otherwise|else|or else|if not|and otherwise
returns: returns|returns|computes|calculates|gives back|outputs|finds|yields|gives|produces|works out
takes: takes|accepts|receives|is given|takes in|gets|expects|consumes
takesin: takes a parameter|accepts an argument|takes an input|takes one argument
call: call|run|use|apply|invoke|execute|try|test|evaluate
on: on|with|for|using
and: and|and then|, then|, and|and also
loop: loop over|loop through|iterate over|go through|iterate through|walk through|traverse|run through|step through
join: join|concatenate|combine|merge|glue|put together|connect|chain
split: split|break|divide|separate|cut|chop|tokenize
combine: combine|merge|join|unite|put together|concatenate|fuse
contains: contains|includes|has|holds|features
startswith: starts with|begins with|opens with
endswith: ends with|finishes with|ends in
with: with|containing|holding|that contains|that has|having|consisting of
given: given|provided|specified|supplied
pairs: pairs|tuples|couples|pairings
mapping: maps|links|associates|matches
repeat: repeat|duplicate|replicate
occur: occur|appear|show up|are found|are present|turn up
occurs: occurs|appears|shows up|is found|is present|turns up
times: times|times|time
round: round|round off|approximate
position: position|index|location|place
first: first|leading|initial|opening
last: last|final|trailing|closing
import: import|load|bring in|include|use
evenly: evenly divisible by|divisible by|a multiple of
power: power|exponent
remainder: remainder|modulo|rest
capital: uppercase|upper case|capital letters|capitals|all caps
small: lowercase|lower case|small letters
frequency: frequency|count|number of occurrences|number of times it appears
object: object|instance
plot: plot|draw|graph|chart
line: line|row
random: random|randomly chosen
"""
CLASSES: dict[str, list[str]] = {
    name: options.strip().split("|") for name, options in (line.split(":", 1) for line in _TABLE.strip().splitlines())
}
