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
printit: print it|print the result|print the answer|output it|show it|display it|display the result|print that|output the result|show the result|print the value|output the answer|print it out|print this|print the outcome|show what you get|let me see it
what: what is|what's|what is|what would be|whats|do you know|can you tell me|could you tell me|can you give me
store: store|save|put|assign|keep|place|record|stash|hold|write
storeit: store it|store the result|save it|save the result|store that|put it|put the result|assign it|assign the result|keep it|save the output|store the output|record it|store the answer|store this|put this|keep the outcome
saveit: save it|store it|store the result|save the result|save that|keep it|record it|keep the result|store the output|save the answer|save this|keep that|save the outcome
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
count: number|count|total number|amount|quantity|tally|overall number
many: how many|how many|the number of
sum: sum|total|sum|grand total|combined total|overall sum|overall total|total sum|added-up total
largest: largest|biggest|maximum|highest|greatest|max|top
smallest: smallest|lowest|minimum|least|min|tiniest|littlest
longest: longest|lengthiest
shortest: shortest|briefest
average: average|mean|average value|mean value|arithmetic mean|avg|mean average
remove: remove|delete|drop|take out|get rid of|discard|eliminate|throw away|erase|strip out|exclude|cut|take away
add: add|append|insert|push|put|attach|include|tack on
change: change|set|update|modify|alter|switch|adjust
replace: replace|substitute|swap|exchange|swap out
keep: keep only|keep|retain only|keep just|select|only keep|leave only|extract|pick out|retain|select only|filter out all but|preserve only|isolate|take only|keep nothing but|take just|pick only
each: each|every|each single
all: all the|all|all of the|each of the|every one of the
sort: sort|order|arrange|sort|rank|put in order
asc: in ascending order|from smallest to largest|in increasing order|ascending|from low to high|smallest first|from lowest to highest|in non-decreasing order|with the smallest first|starting with the smallest|from the smallest to the largest|lowest first|in rising order|from small to large|from least to greatest
desc: in descending order|from largest to smallest|in decreasing order|descending|from high to low|largest first|from highest to lowest|biggest first|from greatest to least|with the largest first|starting with the largest|from the largest to the smallest|highest first|in falling order|from large to small
alpha: alphabetically|in alphabetical order|from a to z|by the alphabet|lexicographically|in dictionary order|from A to Z|in ABC order|in A to Z order|alphabetically from a to z
reverse: reverse|flip|invert|turn around|reverse the order of
convert: convert|turn|change|transform|cast|translate
unique: unique|distinct|different|non-repeated
duplicates: duplicates|duplicate values|repeated values|repeats|duplicate entries|repetitions|repeated entries|duplicated values|double entries
gt: greater than|larger than|more than|bigger than|above|over|higher than|exceeding|strictly greater than|strictly larger than|in excess of|strictly more than
ge: greater than or equal to|at least|not less than|no less than|not smaller than|no smaller than|not below|no lower than|larger than or equal to|equal to or greater than
lt: less than|smaller than|below|under|lower than|fewer than|strictly less than|strictly smaller than|strictly below
le: less than or equal to|at most|not greater than|up to|no more than|not more than|smaller than or equal to|no greater than|not above|no larger than|no higher than
check: check|test|determine|verify|find out|see|examine|decide|tell|figure out
whether: whether|if|whether or not
if: if|if|when|in case|provided that
otherwise: otherwise|else|or else|if not|and otherwise|and else|in all other cases
returns: returns|returns|computes|calculates|gives back|outputs|finds|yields|gives|produces|works out|hands back|is to return|has to return
takes: takes|accepts|receives|is given|takes in|gets|expects|consumes|works on|is passed|is called with
takesin: takes a parameter|accepts an argument|takes an input|takes one argument
call: call|run|use|apply|invoke|execute|try|test|evaluate
on: on|with|for|using
and: and|and then|, then|, and|and also
loop: loop over|loop through|iterate over|go through|iterate through|walk through|traverse|run through|step through|cycle through|go over|work through|run over|move through
join: join|concatenate|combine|merge|glue|put together|connect|chain|string together|paste together
split: split|break|divide|separate|cut|chop|tokenize|break up|divide up|cut up
combine: combine|merge|join|unite|put together|concatenate|fuse
contains: contains|includes|has|holds|features
startswith: starts with|begins with|opens with|starts off with
endswith: ends with|finishes with|ends in
with: with|containing|holding|that contains|that has|having|consisting of
given: given|provided|specified|supplied
pairs: pairs|tuples|couples|pairings
mapping: maps|links|associates|matches
repeat: repeat|duplicate|replicate
occur: occur|appear|show up|are found|are present|turn up|come up|can be found
occurs: occurs|appears|shows up|is found|is present|turns up|comes up|can be found
times: times|times|time
round: round|round off|approximate
position: position|index|location|place
first: first|leading|initial|opening
last: last|final|trailing|closing
import: import|load|bring in|include|use
evenly: evenly divisible by|divisible by|a multiple of|divisible without remainder by|an exact multiple of
power: power|exponent
remainder: remainder|modulo|rest
capital: uppercase|upper case|capital letters|capitals|all caps|uppercase letters|big letters
small: lowercase|lower case|small letters|lowercase letters|little letters
frequency: frequency|count|number of occurrences|number of appearances|occurrence count
object: object|instance
plot: plot|draw|graph|chart
line: line|row
neighbouring: neighbouring|adjacent|consecutive|neighboring|successive
ownline: on its own line|on a separate line|on a line of its own|on a new line|on its own row
often: often|many times
onebyone: one by one|one after the other|one at a time|one after another
commonest: most common|most frequent|commonest|most often seen|most frequently occurring
elementwise: element by element|elementwise|element-wise|position by position|item by item
backwards: backwards|from back to front|from the end to the start|back to front
whole: whole number|integer|whole number|int
everyother: every second|every other|every 2nd
record: record|entry|row|dictionary|item
records: records|entries|rows|dictionaries|items
blanks: spaces|blanks|space characters|blank spaces
random: random|randomly chosen
"""
CLASSES: dict[str, list[str]] = {
    name: options.strip().split("|") for name, options in (line.split(":", 1) for line in _TABLE.strip().splitlines())
}
