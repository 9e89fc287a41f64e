"""Word pools: variable names, common words, topics. Knows no grammar and no values."""

# ruff: noqa: E501, SIM905
# One entry a line, however long: these are tables.
# fmt: off

from __future__ import annotations

NAMES = """a b c d e f g h m p q r s t u x y z xs ys zs nums numbers values data items lst arr my_list array total result res count size length text word words
name names s1 s2 msg message sentence string my_string prices scores grades ages ids temps readings points marks costs sales heights weights speeds
age price score height width depth weight speed distance radius area volume perimeter balance amount budget salary rate tax discount quantity qty
first second third last left right top bottom start end low high minimum maximum average mean big small evens odds squares cubes doubles primes
fruits colors cities animals countries students people users friends letters chars vowels digits tags keys labels titles books movies songs days months
d1 d2 info person user config settings options inventory stock menu cart basket phone_book capitals populations lookup table mapping counts freq frequencies
matrix grid rows cols row col board cell point pair coords position x1 x2 y1 y2 num num1 num2 n1 n2 val value v1 v2 tmp temp foo bar baz spam eggs
greeting title first_name last_name full_name city country color animal fruit email password username address filename path line lines paragraph
is_ready flag done found valid active enabled has_key ok status state mode level step index position offset limit threshold factor base exponent
list1 list2 list_a list_b a_list other others new_list output answer final combined merged filtered unique uniques reversed_list sorted_nums backup copy1
profit revenue cost income expenses temperature humidity pressure year month day hour minute second_word third_word sum_of_squares top_three
group team_a team_b players teams roles members guests queue stack shopping todo tasks notes log entries records history measurements samples
my_dict my_set my_tuple my_number my_var var1 var2 alpha beta gamma delta sigma theta lucky_number favorite secret guess target goal remaining
celsius fahrenheit kilometers miles meters seconds minutes hours money savings interest loan payment bill tip change coins cents dollars euros""".split()

WORDS = """apple banana cherry orange lemon mango grape peach pear plum kiwi melon fig lime berry red green blue yellow purple black white pink brown gray
dog cat horse cow pig sheep goat bird fish lion tiger bear wolf fox rabbit mouse eagle owl duck frog snake whale shark monkey zebra camel
Paris London Rome Berlin Madrid Tokyo Oslo Cairo Lima Boston Chicago Dublin Vienna Prague Athens Delhi Seoul Sydney France Spain Italy Japan India Brazil
Alice Bob Carol Dave Eve Frank Grace Henry Ivy Jack Kate Leo Mia Noah Olivia Paul Quinn Rosa Sam Tom Uma Victor Wendy Zoe Anna Ben Clara David Emma
hello world python code program computer science music river mountain ocean forest garden flower tree sun moon star sky cloud rain snow wind storm fire water earth
house door window table chair lamp book pen paper phone clock mirror bottle cup plate spoon knife bread butter cheese milk coffee tea sugar salt pepper rice soup
happy sad angry quick slow bright dark warm cold small large tiny huge old new young good bad clever lazy brave calm quiet loud soft hard sweet sour
run walk jump swim fly sing dance read write draw paint cook eat drink sleep dream think learn teach play work build break open close start stop
school teacher student lesson exam history math physics chemistry biology language grammar letter story poem song film game team player winner score
car bus train plane boat bike road bridge street city village country island beach desert castle tower church market shop bank museum park hotel kitchen
monday tuesday friday january march summer winter spring autumn morning evening night today tomorrow yesterday week level radar civic madam noon kayak racecar
the a quick brown fox jumps over lazy dog and then some more of my your this that is was very nice time day people place thing idea question answer""".split()

TOPICS = """fruit prices|exam scores|student ages|country capitals|city populations|phone numbers|favorite colors|test results|daily temperatures|animal sounds|book titles|shopping items
|car speeds|team points|movie ratings|employee salaries|room sizes|word lengths|product stock|player goals|colors|fruits|animals|cities|friends|grades|prices|scores|ages|days|planets|names
|users|tools|songs|drinks|vegetables|shoe sizes|monthly sales|bus times|house numbers|lucky numbers|pet names|weights|heights|distances|temperatures|measurements""".replace("\n", "").split("|")

FUNCTIONS = """compute calculate process transform solve helper run apply convert check get_value do_it f g h func my_func my_function find_it evaluate handle work_out build
analyze inspect measure score_of make_it test_it fn fun op calc step_one normalize describe summarize update_it adjust derive estimate quick_calc do_math magic""".split()

CLASSES = """Dog Cat Person Animal Car Book Point Student Account Player Circle Rectangle Square Employee Robot House Product Item City Counter Stack Song Movie Team Bird Shape User
Box Ball Phone Boat Plane Tree Flower Teacher Hero Monster Planet Star Wallet Bank Order Task Note Message Lamp Clock Engine Machine Vehicle Bike Horse""".split()

PEOPLE = """Alice Bob Carol Dave Eve Frank Grace Henry Ivy Jack Kate Leo Mia Noah Olivia Paul Quinn Rosa Sam Tom Uma Victor Wendy Zoe Anna Ben Clara David
Emma Felix Gina Hugo Irene Jonas Karen Liam Maria Nina Oscar Petra Ravi Sara Theo Vera Will Yuki""".split()

THINGS = """apple banana cherry orange lemon bread milk cheese eggs rice tea coffee sugar pen pencil book lamp chair table desk phone laptop mouse keyboard
monitor shirt shoes hat coat ball bike car boat tent Paris London Rome Berlin Madrid Tokyo Oslo Cairo Lima Boston Chicago Dublin Vienna Prague Athens""".split()
